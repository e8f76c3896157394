"""The wire types of a transcription, tolerant at the border."""

import math
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

_CODES = {
    "english": "en",
    "russian": "ru",
    "georgian": "ka",
    "hebrew": "he",
    "arabic": "ar",
    "turkish": "tr",
    "german": "de",
    "french": "fr",
    "spanish": "es",
    "italian": "it",
    "ukrainian": "uk",
    "armenian": "hy",
    "persian": "fa",
    "polish": "pl",
    "chinese": "zh",
    "kazakh": "kk",
    "azerbaijani": "az",
}
"""Whisper tells a language by its English name."""


class Segment(BaseModel):
    """``avg_logprob`` near 0 is sure; ``no_speech_prob`` near 1 is silence or noise."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)
    start: float = 0.0
    end: float = 0.0
    avg_logprob: float | None = None
    no_speech_prob: float = 0.0

    @property
    def confidence(self) -> float | None:
        if self.avg_logprob is None:
            return None
        return max(0.0, min(1.0, math.exp(min(self.avg_logprob, 0.0)) * (1 - self.no_speech_prob)))


class Usage(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)
    seconds: float | None = None


class Heard(BaseModel):
    """``json`` has the text alone, ``verbose_json`` what it was judged by."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)
    text: str
    language: str | None = None
    duration: float | None = Field(default=None, ge=0)
    segments: tuple[Segment, ...] | None = None
    usage: Usage | None = None

    @property
    def seconds(self) -> float | None:
        return self.duration if self.duration is not None else self.usage.seconds if self.usage else None

    @property
    def language_code(self) -> str | None:
        """Two letters, or None where the server names it in a way that we do not know."""
        told = (self.language or "").strip().casefold()
        return _CODES.get(told) or (told[:2] if len(told.partition("-")[0]) == 2 else None)

    @property
    def confidence(self) -> float | None:
        return mean_confidence(self.segments or ())


def mean_confidence(segments: Sequence[Segment]) -> float | None:
    """By their length; a segment without one counts as a moment. None where the server judged nothing."""
    judged = [(one.confidence, max(one.end - one.start, 0.01)) for one in segments if one.confidence is not None]
    length = sum(seconds for _, seconds in judged)
    return sum(confidence * seconds for confidence, seconds in judged) / length if judged else None
