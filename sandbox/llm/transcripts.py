"""What the model hears in a file: by a rule of the scene, by the file's own TRANSCRIPT tag, else a stock sentence."""

import re
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, Field

STOCK = "This is a voice message of the sandbox."
TAG = b"TRANSCRIPT="
# Ogg pages of one short comment block; a tag is looked for in the head of the file only.
_HEAD = 64_000
# The usual rate of a voice message in Opus.
_BYTES_PER_SECOND = 4_000


class Transcript(BaseModel):
    """``avg_logprob`` near 0 is sure, below -1 is guessed; ``no_speech_prob`` near 1 is silence or noise."""

    model_config = ConfigDict(extra="forbid")

    text: str
    language: str = "english"
    duration: float | None = Field(default=None, gt=0)
    avg_logprob: float = Field(default=-0.2, le=0)
    no_speech_prob: float = Field(default=0.02, ge=0, le=1)
    delay_s: float = Field(default=0.0, ge=0)


class TranscriptRule(BaseModel):
    """Matches by pattern over the file's name, by the hash of its bytes, or any file; ``times`` limits it."""

    model_config = ConfigDict(extra="forbid")

    file_name: str | None = None
    sha256: str | None = None
    times: int | None = Field(default=None, ge=1)
    transcript: Transcript

    def holds(self, name: str, data: bytes) -> bool:
        return (self.file_name is None or re.search(self.file_name, name, re.IGNORECASE) is not None) and (
            self.sha256 is None or self.sha256 == sha256(data).hexdigest()
        )


class Listener:
    """Follows the transcripts of a scene: knows how often each rule was used."""

    def __init__(self) -> None:
        self.follow([])

    def follow(self, rules: list[TranscriptRule]) -> None:
        self.rules = rules
        self.used = [0] * len(rules)

    def hear(self, name: str, data: bytes) -> Transcript:
        for at, rule in enumerate(self.rules):
            if (rule.times is None or self.used[at] < rule.times) and rule.holds(name, data):
                self.used[at] += 1
                return rule.transcript
        return Transcript(text=_tagged(data) or STOCK)


def duration_of(transcript: Transcript, data: bytes) -> float:
    return transcript.duration or max(0.5, round(len(data) / _BYTES_PER_SECOND, 2))


def _tagged(data: bytes) -> str | None:
    """The comment TRANSCRIPT=… of an Ogg file: its length stands before it in four bytes, lowest first."""
    at = data.find(TAG, 4, _HEAD)
    if at < 0:
        return None
    length = int.from_bytes(data[at - 4 : at], "little")
    return data[at + len(TAG) : at + length].decode("utf-8", "replace")
