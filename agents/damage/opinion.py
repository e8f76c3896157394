"""A second opinion on crops by a model that sees: it moves a finding up or down the list, and can do nothing else.

Whatever is written on a photo reaches only a closed answer of three fields. No field names a finding, a car, a person
or an amount, none is free text, and code reads nothing from it but a place in the order of showing.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agents.kit.question import Answer, Limits, Picture, Question, Thinker
from agents.kit.record import Record

PROMPT = Path(__file__).with_name("prompt.md").read_text(encoding="utf-8")
LIMITS = Limits(requests=2, tokens=12_000, answer_tokens=200, tool_calls=0, seconds=30.0)
MOST_ASKED = 6
"""Of one inspection: those that rank highest."""
LOWERED, RAISED = 0.6, 1.2


Likeness = Literal[
    "scratch",
    "dent",
    "crack",
    "broken_glass",
    "broken_lamp",
    "flat_tyre",
    "missing_part",
    "reflection",
    "shadow",
    "dirt",
    "design_line",
    "other",
]


class SecondOpinion(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    verdict: Literal["damage", "not_damage", "unsure"]
    looks_like: Likeness
    confidence: float = Field(ge=0, le=1)


async def second_opinion(
    thinker: Thinker, crop: bytes, *, subject: str, branch: str | None
) -> tuple[Mapping[str, Any] | None, Record]:
    """What is kept beside the finding; None where no model answered."""
    answered = await thinker.ask(
        Question(
            agent="damage",
            prompt=PROMPT,
            content=("The crop:", Picture(crop, "image/jpeg")),
            output=SecondOpinion,
            limits=LIMITS,
            object=subject,
            branch=branch,
        )
    )
    if not isinstance(answered, Answer):
        return None, answered.record
    return {**answered.output.model_dump(), "model": answered.record.model}, answered.record


def reranked(score: float, opinion: Mapping[str, Any] | None) -> float:
    """A rank by both; a finding stays in the list whatever the second model says."""
    if opinion is None:
        return score
    factor = {"damage": RAISED, "not_damage": LOWERED}.get(str(opinion["verdict"]), 1.0)
    return score * (1 + (factor - 1) * float(opinion["confidence"]))
