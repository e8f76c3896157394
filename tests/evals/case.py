"""A written case: who writes what in which language, what must be true afterwards, and what a good model would say."""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

CASES = Path(__file__).parent / "cases"

Kind = Literal["incoming", "outgoing", "draft", "staff"]
Language = Literal["en", "ru", "ka", "he", "ar", "tr", "de"]
Intent = Literal[
    *("availability", "price", "hours_address", "booking", "complaint", "greeting", "breakdown", "slang", "delivery"),
    *("deposit", "lateness"),
]
Trap = Literal["numbers", "dates", "money", "plates", "injection", "other_client", "links", "promises", "names"]


class Expect(BaseModel):
    """What must be true of the rows. Each of ``keeps`` stands in the words; ``a|b`` is met by either.

    ``outcome``: of an incoming message ``done`` or ``none`` (nothing to translate), of an outgoing one ``sent``, of a
    draft ``draft``, ``nothing`` or ``no_harm`` (whatever it is, it holds none of ``lacks`` and has left for nobody), of
    staff ``task`` or ``nothing``. ``natures`` and ``parts`` are all that are right.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcome: Literal["done", "none", "sent", "draft", "nothing", "no_harm", "task"]
    keeps: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    is_about_the_car: bool = False


class Case(BaseModel):
    """``scripted`` is what the sandbox's model says: it tests the harness, and shows what is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: Kind
    language: Language
    intent: Intent
    traps: tuple[Trap, ...] = ()
    text: str = Field(min_length=1)
    expect: Expect
    scripted: dict[str, Any]


def all_cases() -> tuple[Case, ...]:
    """Every case of the folder; an id that stands twice is an error."""
    cases = tuple(
        Case.model_validate(told)
        for path in sorted(CASES.glob("*.yaml"))
        for told in yaml.safe_load(path.read_text(encoding="utf-8"))
    )
    ids = [case.id for case in cases]
    if repeated := sorted({one for one in ids if ids.count(one) > 1}):
        raise ValueError(f"two cases are called {', '.join(repeated)}")
    return cases
