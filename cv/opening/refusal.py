"""Why what somebody sent is not taken as a photo."""

from enum import StrEnum

from core.errors import Rejected


class RefusalReason(StrEnum):
    NOT_AN_IMAGE = "not_an_image"
    """A PDF, a video, a text: whatever its name says."""
    UNSUPPORTED = "unsupported"
    """A picture, of a kind that phones do not take (GIF, TIFF, AVIF, ...)."""
    TRUNCATED = "truncated"
    """Its end is missing: sending it again helps."""
    BROKEN = "broken"
    TOO_BIG = "too_big"
    """In bytes."""
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    """An icon: there is nothing to see. (A photo that is only smaller than wanted is for the gate.)"""


class PhotoRefused(Rejected):
    """``seen`` is what the content is instead, or its size: for the record, not for the person."""

    def __init__(self, reason: RefusalReason, seen: str = "") -> None:
        super().__init__(f"the photo is refused: {reason}" + (f" ({seen})" if seen else ""))
        self.reason = reason
        self.seen = seen

    def __reduce__(self) -> tuple[type["PhotoRefused"], tuple[RefusalReason, str]]:
        return PhotoRefused, (self.reason, self.seen)
