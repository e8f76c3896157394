"""Weights of the damage detector, and the card that says what they are, what they see, and how well."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import without_values
from core.inspection.damage import DamageKind
from core.settings import VisionSettings, WrongSettings

SHIPPED = Path(__file__).parent / "models" / "damage"


class Card(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TilePolicy(Card):
    """A photo whose long side is over ``above`` pixels is also looked at in tiles of ``size`` pixels.

    Each tile is scaled to the model's input. Neighbours share ``overlap`` of their side.
    """

    size: int = Field(ge=64)
    overlap: float = Field(default=0.2, ge=0, lt=1)
    above: int = Field(ge=64)


class DamageClass(Card):
    """One class of the weights: what it means to us, from where it is believed, and how good it was when measured.

    ``precision`` and ``recall`` hold at ``threshold``. A class that is not ``advertised`` is too weak to be proposed.
    """

    kind: DamageKind
    threshold: float = Field(ge=0, le=1)
    advertised: bool
    ap50: float | None = Field(default=None, ge=0, le=1)
    precision: float | None = Field(default=None, ge=0, le=1)
    recall: float | None = Field(default=None, ge=0, le=1)


class ModelCard(Card):
    """``damage.card.yaml`` beside ``damage.onnx``. ``classes`` are named as in the weights."""

    name: str
    version: str
    licence: str
    attribution: str
    origin: str
    """Of the weights that training began with."""
    task: Literal["detect", "segment"]
    input_size: int = Field(ge=32)
    tiles: TilePolicy | None = None
    """None: photos are looked at as a whole."""
    classes: dict[str, DamageClass] = Field(min_length=1)
    trained_on: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    notes: str = ""

    @cached_property
    def advertised(self) -> frozenset[DamageKind]:
        return frozenset(one.kind for one in self.classes.values() if one.advertised)

    @property
    def title(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class MaskWeights:
    """SAM2: the encoder of the photo, and the decoder of prompts."""

    encoder: Path
    decoder: Path


@dataclass(frozen=True, slots=True)
class Weights:
    """All that ``find_damage`` needs. ``thresholds`` win over those of the card."""

    model: Path
    card: ModelCard
    thresholds: Mapping[DamageKind, float]
    threads: int = 1
    masks: MaskWeights | None = None

    def with_thresholds(self, thresholds: Mapping[DamageKind, float]) -> "Weights":
        """These win over all others."""
        return replace(self, thresholds={**self.thresholds, **thresholds})

    def threshold(self, label: str) -> float | None:
        """From which confidence a class of the weights is a finding; None: it never is."""
        told = self.card.classes.get(label)
        if told is None:
            return None
        asked = self.thresholds.get(told.kind)
        return asked if asked is not None else (told.threshold if told.advertised else None)


def find_weights(settings: VisionSettings) -> Weights | None:
    """The configured ones, else those that are shipped (where the settings allow them), else None.

    Raises ``WrongSettings`` when they cannot be used: no file, no card, or a card of another file.
    """
    model = settings.damage_weights or (_shipped() if settings.shipped_weights else None)
    if model is None:
        return None
    if not model.is_file():
        raise WrongSettings(f"vision.damage_weights: there is no file {model}")
    card = read_card(card_path(model))
    if fingerprint(model) != card.sha256:
        raise WrongSettings(f"vision.damage_weights: {model.name} is not the file that its card describes (sha256)")
    masks = None
    if settings.mask_encoder is not None and settings.mask_decoder is not None:
        masks = MaskWeights(settings.mask_encoder, settings.mask_decoder)
    return Weights(model, card, settings.thresholds, settings.threads, masks)


def _shipped() -> Path | None:
    return next(iter(sorted(SHIPPED.glob("*.onnx"))), None)


def card_path(model: Path) -> Path:
    return model.with_suffix(".card.yaml")


def read_card(path: Path) -> ModelCard:
    try:
        return ModelCard.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError:
        raise WrongSettings(f"vision.damage_weights: the weights have no card {path.name}") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise WrongSettings(f"vision.damage_weights: {path.name} is not YAML") from None
    except ValidationError as error:
        raise WrongSettings(f"vision.damage_weights: {path.name}: {without_values(error)}") from None


def write_card(card: ModelCard, path: Path) -> None:
    told = card.model_dump(mode="json", exclude_none=True)
    path.write_text(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=110), encoding="utf-8")


def fingerprint(model: Path) -> str:
    """Its SHA-256, as the card writes it."""
    with model.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
