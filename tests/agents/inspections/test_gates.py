"""Which photo counts, and what the person is told, the worst first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from agents.inspections.gates import Ruling, Sight, exif_flags, rule, taken_at, used_before
from core.settings import PhotosSettings
from cv.opening import ExifFacts, OddExif
from db.queries.inspection_photos import Twin

HERE, THERE = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TBILISI = ZoneInfo("Asia/Tbilisi")
TWIN = Twin(UUID(int=9), THERE, 7, "AA-777-AA", "front", "accepted", is_same_file=True)
EVERYTHING = Sight("truncated", ("blurred",), "BB222BB", is_same_picture=True, reused=TWIN)


def ruled(sight: Sight, refused_before: int = 0) -> Ruling:
    return rule(sight, expected="AA-001-AA", refused_before=refused_before, retakes=3)


def told(ruling: Ruling) -> tuple[str, str | None]:
    return ruling.state, None if ruling.notice is None else ruling.notice.key


@pytest.mark.parametrize(
    ("sight", "state", "notice"),
    [
        (EVERYTHING, "refused", "photo-refused"),
        (replace(EVERYTHING, refusal=None), "refused", "photo-other-car"),
        (replace(EVERYTHING, refusal=None, other_plate=None), "retake", "photo-same-picture"),
        (Sight(reasons=("blurred",), reused=TWIN), "retake", "photo-reused"),
        (Sight(reasons=("blurred",)), "retake", "photo-retake"),
        (Sight(), "accepted", None),
        (Sight(unjudged="no vision"), "accepted", "photo-unjudged"),
    ],
)
def test_the_worst_comes_first(sight: Sight, state: str, notice: str | None):
    assert told(ruled(sight)) == (state, notice)


def test_of_several_faults_the_worst_is_told():
    ruling = ruled(Sight(reasons=("too_small", "no_vehicle", "blurred")))
    assert ruling.notice is not None
    assert ruling.notice.args == {"reason": "blurred"}


def test_after_enough_tries_the_photo_is_taken_with_its_faults():
    assert told(ruled(Sight(reasons=("blurred",)), refused_before=2)) == ("retake", "photo-retake")
    ruling = ruled(Sight(reasons=("blurred",)), refused_before=3)
    assert told(ruling) == ("accepted", "photo-taken-as-is")
    assert ruling.flags == ({"flag": "faulty", "reason": "blurred"},)


def test_another_car_is_never_taken_however_often_it_is_sent():
    assert ruled(Sight(other_plate="BB222BB"), refused_before=9).state == "refused"


def test_a_picture_that_was_used_elsewhere_is_flagged_with_where():
    assert ruled(Sight(reused=TWIN)).flags == ({"flag": "reused", "inspection": 7, "photo_id": str(TWIN.photo_id)},)


@pytest.mark.parametrize(
    ("twin", "used"),
    [
        (TWIN, (False, TWIN)),
        (replace(TWIN, inspection_id=HERE), (True, None)),
        (replace(TWIN, inspection_id=HERE, step="left"), (False, None)),
        (replace(TWIN, inspection_id=HERE, state="retake"), (False, None)),
    ],
    ids=["of another inspection", "for another side", "for this side", "was not taken"],
)
def test_the_same_picture_does_not_count_for_two_sides(twin: Twin, used: tuple[bool, Twin | None]):
    assert used_before([twin], HERE, "left", PhotosSettings()) == used


def test_duplicates_count_where_the_owner_lets_them():
    assert used_before([TWIN], HERE, "left", PhotosSettings(reject_duplicates=False)) == (False, None)


def test_a_photo_of_another_time_is_flagged_and_one_within_the_window_is_not():
    early = NOON - timedelta(minutes=181)
    assert exif_flags(ExifFacts(), early, NOON, 180) == ({"flag": "other_time", "minutes": 181},)
    assert exif_flags(ExifFacts(), NOON - timedelta(minutes=180), NOON, 180) == ()
    assert exif_flags(ExifFacts(), None, NOON, 180) == ()


def test_odd_words_of_a_photo_are_flagged():
    assert exif_flags(ExifFacts(odd=(OddExif.EDITED,)), None, NOON, 180) == ({"flag": "odd_exif", "what": "edited"},)


def test_a_clock_without_a_zone_is_that_of_the_branch():
    assert taken_at(ExifFacts(camera_clock="2026-11-21T12:00:00"), TBILISI) == NOON
    assert taken_at(ExifFacts(taken_at=NOON, camera_clock="2026-11-21T09:00:00"), TBILISI) == NOON
    assert taken_at(ExifFacts(), TBILISI) is None
