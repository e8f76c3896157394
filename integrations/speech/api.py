"""What Jarvis wants from a speech server, in our words. Read this first."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Recording:
    """A voice message. The server tells formats by the name's ending: Telegram's OGG/Opus stays ``.ogg``."""

    content: bytes = field(repr=False)
    filename: str
    mime: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said. ``confidence`` is from 0 to 1, None where the server tells nothing to judge it by."""

    text: str = field(repr=False)
    language: str | None
    confidence: float | None
    seconds: float | None


class SpeechApi(Protocol):
    async def transcribe(self, recording: Recording, *, language: str | None = None) -> Transcript:
        """Write down what was said; raises the words of core/errors.py, ``Rejected`` for what is no sound."""
        ...
