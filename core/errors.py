"""The four error words: each maps to one action of the loops (docs/ARCHITECTURE.md, "Errors")."""


class JarvisError(Exception):
    """The parent of the four words; nothing raises it itself."""


class Temporary(JarvisError):
    """Network, limit or time-out: try again later; the person sees nothing.

    ``retry_after`` is the wait in seconds that the other side asked for; None leaves it to the backoff.
    """

    def __init__(self, text: str, *, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class Rejected(JarvisError):
    """Business says no: the work is finished and the asker reads ``text``."""


class NeedsAttention(JarvisError):
    """Credentials, an unknown kind, a missing set-up: this system's queue pauses and staff get a card."""


class Broken(JarvisError):
    """Our bug or a changed contract: the run fails with an alarm that carries its id."""
