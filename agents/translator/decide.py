"""What becomes of a message: pure rules, the same for a translation that comes at once and one that comes late."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from agents.kit.question import Reason
from agents.translator.ask import Told
from agents.translator.context import SENT_BY_ITSELF, Context

LONGEST_TRANSLATED = 6_000
"""Longer ones would take more time and tokens than a colleague who reads them."""
GIVEN_UP_AFTER = timedelta(hours=24)
TOO_SLOW_AFTER = timedelta(hours=1)
"""A model that answers others but never this one costs money with each try."""

State = Literal["none", "waiting", "done", "held"]
_NO_SPEECH = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|@\w+")
_ABSURD = ("empty", "much too long", "language:")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``delivery`` is of an answer of staff; None leaves it. ``note`` says in few words why something waits."""

    state: State
    translation: str | None = None
    note: str | None = None
    delivery: Literal["pending", "held"] | None = None

    @property
    def is_sent(self) -> bool:
        return self.delivery == "pending" and self.state in {"none", "done"}


def without_model(context: Context) -> Verdict | None:
    """What needs no question; None for what has to be translated."""
    verdict = _plain_of_staff(context) if context.is_of_staff else _plain_of_client(context)
    if verdict is None and len(context.message.words) > LONGEST_TRANSLATED:
        return Verdict("held", note=f"> {LONGEST_TRANSLATED}", delivery="held" if context.is_of_staff else None)
    return verdict


def _plain_of_client(context: Context) -> Verdict | None:
    """A voice that the transcriber could not read yet keeps waiting for its words."""
    words = context.message.words
    if not words and context.message.translation_state == "waiting" and not _is_given_up(context):
        return Verdict("waiting", note=context.message.translation_note)
    return Verdict("none") if context.source == context.target or not has_speech(words) else None


def _plain_of_staff(context: Context) -> Verdict | None:
    message = context.message
    if context.is_behind_another and message.delivery == "pending":
        return Verdict("waiting")
    if not message.words and message.delivery == "held":
        is_over = not message.attachments or _is_given_up(context)
        return Verdict("none", note="no words", delivery="held") if is_over else Verdict("waiting", note="no words yet")
    if has_speech(message.words):
        return None
    is_held, why = _hold(context)
    return Verdict("none", note=why, delivery="held" if is_held else "pending")


def has_speech(words: str) -> bool:
    """Figures, faces and links are the same in every language."""
    return any(map(str.isalpha, _NO_SPEECH.sub(" ", words)))


def of_client(context: Context, told: Told, *, is_late: bool) -> Verdict:
    """What staff read: the translation, or the original and why there is none."""
    if told.degraded is not None:
        given_up = _given_up(context, told.degraded.reason, is_late=is_late)
        return Verdict("waiting") if given_up is None else Verdict("held", note=given_up)
    if told.faults:
        return Verdict("held", note="; ".join(told.faults))
    return Verdict("done", told.translation)


def of_staff(context: Context, told: Told, *, is_late: bool, is_confirmed_first: bool) -> Verdict:
    """What the client reads, and whether a person looks at it first."""
    is_held, why = _hold(context)
    delivery = "held" if is_held or is_confirmed_first else "pending"
    if told.degraded is not None:
        if context.source == context.target:
            return Verdict("none", note=why, delivery=delivery)
        given_up = _given_up(context, told.degraded.reason, is_late=is_late)
        return Verdict("waiting") if given_up is None else Verdict("held", note=given_up, delivery="held")
    if told.faults:
        # What is absurd is not even proposed; else the colleague compares and decides.
        proposed = None if any(fault.startswith(_ABSURD) for fault in told.faults) else told.translation
        return Verdict("held", proposed, "; ".join(told.faults), "held")
    return Verdict("done", told.translation, why, delivery)


def is_away(told: Told) -> bool:
    """Whether asking for other messages would end the same way."""
    if told.degraded is None:
        return False
    match told.degraded.reason:
        case Reason.NO_KEY | Reason.PROVIDER_DOWN | Reason.SWITCHED_OFF:
            return True
        case Reason.BUDGET_SPENT:
            return told.degraded.detail == "agent"
        case Reason.TIMED_OUT | Reason.NONSENSE:
            return False


def _hold(context: Context) -> tuple[bool, str | None]:
    """Whether a person looks first, and what they are told beside what they see."""
    message = context.message
    if context.conversation.is_consult:
        return True, "consult"
    if context.now - (message.edited_at or message.sent_at) > SENT_BY_ITSELF:
        return True, f"> {SENT_BY_ITSELF.total_seconds() / 60:.0f} min"
    return bool(not message.original and message.transcript), None


def _given_up(context: Context, reason: Reason, *, is_late: bool) -> str | None:
    """Nobody asks for ever: a text that a model cannot deal with is told to people."""
    if is_late and reason is Reason.NONSENSE:
        return "the model gives no translation"
    if reason is Reason.TIMED_OUT and context.now - context.message.sent_at > TOO_SLOW_AFTER:
        return "no translation came"
    return "no translation came" if _is_given_up(context) else None


def _is_given_up(context: Context) -> bool:
    return context.now - context.message.sent_at > GIVEN_UP_AFTER
