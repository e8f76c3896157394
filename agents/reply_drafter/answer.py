"""What the model may say: a closed answer, of which code takes nothing on trust."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["answer", "no_answer", "needs_person"]
Intent = Literal[
    "faq", "availability", "address_hours", "basic_terms", "price", "deposit", "own_booking", "complaint", "other"
]


class DraftAnswer(BaseModel):
    """``used`` names the facts that the texts have their figures from. Chat, client and language are bound by code."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Kind
    intent: Intent
    staff_text: str = ""
    client_text: str = ""
    used: tuple[str, ...] = ()
    score: float = Field(ge=0, le=1)
    """How sure the model is that the texts answer what was asked."""
