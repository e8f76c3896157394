"""The chain of evidence: each photo's proof is hashed together with all that came before it in its inspection.

Whoever changes, removes or slips in a photo afterwards has to change every later hash, and the last one is printed
in the report that people already hold.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

START = ""
"""What stands before the first photo of an inspection."""


@dataclass(frozen=True, slots=True)
class PhotoProof:
    """What is vouched for of one original: what it is, when it was taken and came, from whom and in which message.

    ``sha256`` is of the untouched original and so fixes its size too. ``taken_at`` is what the camera wrote, if any.
    """

    inspection_id: UUID
    ordinal: int
    sha256: str
    taken_at: datetime | None
    received_at: datetime
    person_id: UUID
    chat_id: int
    message_id: int

    def canonical(self) -> str:
        """One text for one proof, whatever time zone a database session had: the report prints this form."""
        return json.dumps(
            {
                "inspection": str(self.inspection_id),
                "ordinal": self.ordinal,
                "sha256": self.sha256,
                "taken_at": _moment(self.taken_at),
                "received_at": _moment(self.received_at),
                "person": str(self.person_id),
                "chat": self.chat_id,
                "message": self.message_id,
            },
            separators=(",", ":"),
            sort_keys=True,
        )


@dataclass(frozen=True, slots=True)
class Link(PhotoProof):
    """A photo as it stands in its chain."""

    chain_hash: str


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """Where a chain no longer holds, in words for the log and for the report."""

    ordinal: int
    why: str


def chain_hash(before: str, proof: PhotoProof) -> str:
    """SHA-256 in hex over the chain so far (``START`` for the first photo) and this proof."""
    return hashlib.sha256(f"{before}\n{proof.canonical()}".encode()).hexdigest()


def verify_chain(photos: Iterable[Link], *, end: str | None = None) -> BrokenLink | None:
    """The first link of one inspection that does not hold; None when all do.

    ``end`` is the hash the inspection itself keeps of its last photo; None where there is none to compare with.
    """
    ordered = sorted(photos, key=lambda photo: photo.ordinal)
    return _first_broken(ordered) or _broken_end(ordered, end)


def _first_broken(ordered: Sequence[Link]) -> BrokenLink | None:
    before = START
    for ordinal, photo in enumerate(ordered, start=1):
        if photo.ordinal != ordinal:
            return BrokenLink(ordinal, "a photo is missing")
        if photo.chain_hash != chain_hash(before, photo):
            return BrokenLink(ordinal, "the photo or its facts were changed")
        before = photo.chain_hash
    return None


def _broken_end(ordered: Sequence[Link], end: str | None) -> BrokenLink | None:
    last = ordered[-1].chain_hash if ordered else START
    if end is None or end == last:
        return None
    return BrokenLink(len(ordered) + 1, "photos after the last one are missing")


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")
