"""The chain of evidence holds, and shows where it was touched."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from core.inspection.chain import START, BrokenLink, Link, PhotoProof, chain_hash, verify_chain

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
INSPECTION = UUID(int=1)
PERSON = UUID(int=2)


def proof(ordinal: int) -> PhotoProof:
    return PhotoProof(INSPECTION, ordinal, f"{ordinal:064x}", None, NOON, PERSON, 77, 100 + ordinal)


def chained(count: int) -> list[Link]:
    photos: list[Link] = []
    before = START
    for ordinal in range(1, count + 1):
        before = chain_hash(before, proof(ordinal))
        photos.append(Link(**asdict(proof(ordinal)), chain_hash=before))
    return photos


def test_an_untouched_chain_holds_in_any_order_of_reading():
    photos = chained(4)
    assert verify_chain(reversed(photos), end=photos[-1].chain_hash) is None


def test_no_photos_are_a_chain_too():
    assert verify_chain([], end=START) is None


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "cd" * 32},
        {"inspection_id": UUID(int=9)},
        {"received_at": NOON + timedelta(microseconds=1)},
        {"taken_at": NOON},
        {"person_id": UUID(int=9)},
        {"chat_id": 78},
        {"message_id": 1},
        {"chain_hash": "00" * 32},
    ],
)
def test_one_changed_fact_breaks_the_chain_where_it_was_changed(change):
    photos = chained(3)
    photos[1] = replace(photos[1], **change)
    assert verify_chain(photos) == BrokenLink(2, "the photo or its facts were changed")


def test_a_photo_taken_out_of_the_middle_is_missed():
    photos = chained(3)
    assert verify_chain([photos[0], photos[2]]) == BrokenLink(2, "a photo is missing")


def test_photos_cut_off_at_the_end_are_missed_by_the_hash_that_the_inspection_keeps():
    photos = chained(3)
    assert verify_chain(photos[:2]) is None
    assert verify_chain(photos[:2], end=photos[2].chain_hash) == BrokenLink(3, "photos after the last one are missing")


def test_the_same_moment_in_another_time_zone_is_the_same_proof():
    photo = chained(1)[0]
    tbilisi = replace(photo, received_at=photo.received_at.astimezone(timezone(timedelta(hours=4))))
    assert verify_chain([tbilisi]) is None
