"""The four error words: each maps to one action of the loops (docs/ARCHITECTURE.md, "Errors")."""

from typing import Literal

from pydantic import ValidationError


class JarvisError(Exception):
    """The parent of the four words; nothing raises it itself.

    ``has_foreign_text`` marks one whose text was not written by us: it may repeat what a client wrote, so it is kept in
    the database and never logged or sent.
    """

    has_foreign_text = False


class Temporary(JarvisError):
    """Network, limit or time-out: try again later; the person sees nothing.

    ``retry_after`` is the wait in seconds that the other side asked for; None leaves it to the backoff.
    """

    def __init__(self, text: str, *, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class AnswerLost(Temporary):
    """The request left and no answer came: whether it took effect is unknown (a command's class decides)."""


class Rejected(JarvisError):
    """Business says no: the work is finished and the asker reads ``text``."""


class NeedsAttention(JarvisError):
    """Credentials, an unknown kind, a missing set-up: a queue pauses and staff get a card.

    ``scope`` is what pauses: the whole outside system, or only this destination (a chat that threw the bot out).
    """

    def __init__(self, text: str, *, scope: Literal["system", "destination"] = "system") -> None:
        super().__init__(text)
        self.scope: Literal["system", "destination"] = scope


class Broken(JarvisError):
    """Our bug or a changed contract: the run fails with an alarm that carries its id."""


def without_values(error: ValueError) -> str:
    """What does not fit and where, without the values themselves: they may be somebody's name or passport."""
    if not isinstance(error, ValidationError):
        return type(error).__name__
    wrongs = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, wrong['loc']))}: {wrong['type']}" for wrong in wrongs[:3])
