"""What the readings of a message's recordings come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from db.queries.transcripts import Transcript

_BYTES_A_SECOND = {"voice": 32_000, "audio": 48_000, "video_note": 200_000}
"""What the wasteful formats of a kind take: a file of more cannot be as short as it should."""
_LETTERS_A_SECOND = 30
"""Nobody speaks faster, in any of our languages."""


def is_too_large(kind: str, size: int, *, longest_s: int) -> bool:
    """Whether a recording need not even be listened to; its length stands nowhere before it is."""
    return size > longest_s * _BYTES_A_SECOND.get(kind, max(_BYTES_A_SECOND.values()))


def is_too_long(text: str, seconds: float | None, *, longest_s: int) -> bool:
    """By its length, or by how much was said where the server does not tell it."""
    return seconds > longest_s if seconds is not None else len(text) > longest_s * _LETTERS_A_SECOND


@dataclass(frozen=True, slots=True)
class Reading:
    """One recording: its transcript, or why there are no words.

    ``is_away``: asking again later makes sense. ``needs`` says what only a person can put right.
    """

    storage_key: str
    transcript: Transcript | None = None
    why: str | None = None
    is_away: bool = False
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said in a message, over all its recordings; the least sure of them says how sure it is."""

    message_id: UUID | None
    words: str
    confidence: float | None
    language: str | None
    transcripts: tuple[Transcript, ...]
    is_of_staff: bool
    is_away: bool
    whys: tuple[str, ...]
    needs: str | None


def decide(message_id: UUID | None, readings: Sequence[Reading], *, is_of_staff: bool) -> Heard:
    """Nothing is half read: while one recording waits for its server the message has no words yet."""
    found = tuple(reading.transcript for reading in readings if reading.transcript is not None)
    is_away = any(reading.is_away for reading in readings)
    spoken = [] if is_away else [transcript for transcript in found if transcript.text]
    judged = [transcript.confidence for transcript in spoken if transcript.confidence is not None]
    languages = {transcript.language for transcript in spoken}
    whys = [reading.why for reading in readings if reading.why is not None]
    if not (spoken or whys):
        whys = ["nothing is said in it"]
    return Heard(
        message_id=message_id,
        words="\n".join(transcript.text for transcript in spoken),
        confidence=min(judged, default=None),
        language=next(iter(languages)) if len(languages) == 1 else None,
        transcripts=found,
        is_of_staff=is_of_staff,
        is_away=is_away,
        whys=tuple(whys),
        needs=next((reading.needs for reading in readings if reading.needs is not None), None),
    )
