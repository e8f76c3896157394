"""Cards of weights that were trained or measured here: who they are, and what the measured figures let them claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import Rejected
from core.inspection.damage import DamageKind
from cv.training.average_precision import Operating
from cv.training.evaluation import Evaluation
from cv.weights import DamageClass, ModelCard, card_path, fingerprint, read_card, write_card

UNMEASURED = 0.5
"""The threshold of a class that was not measured yet; it is not advertised either."""
LEAST_RECALL = 0.1
"""What finds less than a tenth is not advertised, however right it is: its silence would be taken for a promise."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What only the person who trains can say."""

    name: str
    version: str
    licence: str
    attribution: str
    began_with: str
    trained_on: str


def draft_card(weights: Path, labels: Sequence[str], input_size: int, origin: Origin) -> ModelCard:
    """Of new weights: every class unmeasured. A label that is no kind of damage means ``other`` until it is edited."""
    known = {kind.value: kind for kind in DamageKind}
    return ModelCard(
        name=origin.name,
        version=origin.version,
        licence=origin.licence,
        attribution=origin.attribution,
        origin=origin.began_with,
        task="detect",
        input_size=input_size,
        classes={
            label: DamageClass(kind=known.get(label, DamageKind.OTHER), threshold=UNMEASURED, advertised=False)
            for label in labels
        },
        trained_on=origin.trained_on,
        sha256=fingerprint(weights),
    )


def card_of(weights: Path) -> ModelCard:
    """The card beside the weights, which must be that of this file."""
    card = read_card(card_path(weights))
    if card.sha256 != fingerprint(weights):
        raise Rejected(f"{weights.name} is not the file that its card describes (sha256)")
    return card


def with_thresholds(card: ModelCard, chosen: Mapping[str, float | None]) -> ModelCard:
    """A class without a threshold that is precise enough keeps its old one and is not advertised."""
    classes = {
        label: one
        if (threshold := chosen.get(label)) is None
        else one.model_copy(update={"threshold": threshold, "advertised": True})
        for label, one in card.classes.items()
    }
    silent = {label for label, threshold in chosen.items() if threshold is None}
    classes |= {label: classes[label].model_copy(update={"advertised": False}) for label in silent & classes.keys()}
    return card.model_copy(update={"classes": classes})


def with_figures(card: ModelCard, evaluation: Evaluation) -> ModelCard:
    """The measured figures in; what finds too little is no longer advertised."""
    classes = dict(card.classes)
    for label, figures in evaluation.score.by_label.items():
        point: Operating = evaluation.as_shipped[label]
        old = classes[label]
        told = {
            "ap50": round(figures.ap50, 3),
            "precision": round(point.precision, 3),
            "recall": round(point.recall, 3),
            "advertised": old.advertised and point.recall >= LEAST_RECALL,
        }
        classes[label] = old.model_copy(update=told)
    return card.model_copy(update={"classes": classes})


def put_beside(weights: Path, card: ModelCard) -> Path:
    path = card_path(weights)
    write_card(card, path)
    return path
