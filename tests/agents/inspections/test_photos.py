"""Photos as they come from a yard: blurred, twice, of another car, too many at once, none at all; nothing is lost."""

import hashlib
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from core.clock import FixedClock
from core.events import BodyPhotographed
from core.inspection.views import Viewpoint
from cv.drawn.car import Shot, draw_car
from cv.drawn.skin import CarLook
from storage.keys import key_of
from storage.location import open_storage
from tests.agents.inspections.yard import CAR, OTHER_CAR, PEOPLE, Yard, picture, said, told_of
from tests.cv.pictures import as_bytes, scene

NINO = PEOPLE["nino"]


def blurred(seed: int = 1) -> bytes:
    return as_bytes(scene(1600, 1200, seed).filter(ImageFilter.GaussianBlur(12)))


@cache
def car(viewpoint: Viewpoint = Viewpoint.FRONT) -> bytes:
    return draw_car(CarLook(plate="AA-001-AA"), Shot(viewpoint, width=1280)).jpeg


# -- without eyes: what the form does with whatever comes -------------------------------------------------------------


async def test_a_photo_that_nobody_can_judge_is_taken_and_that_is_said(yard: Yard):
    await yard.want()
    outcome = await yard.give(picture(1))
    assert told_of(outcome) == ["body.photographed"]
    assert (await yard.kept(), await yard.notice()) == ([("front", "accepted")], "photo-unjudged")


async def test_the_same_message_twice_is_one_photo(yard: Yard):
    await yard.want()
    await yard.give(picture(1), message_id=7)
    again = await yard.give(picture(1), message_id=7, step="front")
    assert (await yard.kept(), again.events, again.commands) == ([("front", "accepted")], (), ())


async def test_the_same_picture_does_not_count_for_two_sides_even_by_a_persons_word(yard: Yard):
    await yard.want()
    await yard.give(picture(1))
    await yard.give(picture(1))
    assert await yard.kept() == [("front", "accepted"), ("left", "retake")]
    assert ((await yard.newest()).step, await yard.notice()) == ("left", "photo-same-picture")


async def test_a_video_is_kept_beside_the_steps(yard: Yard):
    await yard.want()
    outcome = await yard.give(b"a video", kind="video")
    assert said(outcome) == [(NINO, "photo-extra")]
    [photo] = await yard.photos()
    assert (photo.step, photo.viewpoint, photo.state) == (None, Viewpoint.VIDEO, "extra")
    assert (await yard.newest()).step == "front"


async def test_a_photo_after_the_end_is_kept_and_counts_for_nothing(yard: Yard):
    await yard.want()
    await yard.walk()
    await yard.steer("submit")
    outcome = await yard.give(picture(99))
    assert (said(outcome), told_of(outcome)) == ([(NINO, "photo-late")], [])
    assert (await yard.kept())[-1] == (None, "extra")


async def test_a_photo_that_was_sent_before_the_pause_counts(yard: Yard):
    await yard.want()
    await yard.steer("pause")
    await yard.give(picture(1))
    assert await yard.kept() == [("front", "accepted")]


async def test_a_close_up_of_a_finding_counts_also_after_the_end(yard: Yard):
    await yard.want()
    await yard.walk()
    await yard.steer("submit")
    outcome = await yard.give(picture(99), finding_id="00000000-0000-0000-0000-000000000005")
    [event] = outcome.events
    assert isinstance(event.body, BodyPhotographed)
    assert event.body.viewpoint is Viewpoint.CLOSE_UP


async def test_twenty_photos_at_once_fill_every_side_and_the_rest_is_extra(yard: Yard):
    await yard.want()
    for seed in range(20):
        await yard.give(picture(seed, width=320, height=240), step="front", media_group_id="album")
    kept = await yard.kept()
    assert kept[:4] == [("front", "accepted"), ("left", "accepted"), ("rear", "accepted"), ("dashboard", "accepted")]
    assert kept[4:] == [(None, "extra")] * 16
    assert (await yard.newest()).step == "mileage"
    [row] = await yard.sql("SELECT count(*) AS n FROM commands WHERE effect_key LIKE 'inspection-told:%%photo-extra%%'")
    assert row["n"] == 1


async def test_a_better_photo_replaces_the_one_that_counted(yard: Yard):
    await yard.want()
    await yard.give(picture(1))
    await yard.steer("back")
    await yard.give(picture(2))
    assert await yard.kept() == [("front", "replaced"), ("front", "accepted")]
    assert (await yard.newest()).step == "left"


async def test_at_a_question_a_photo_shows_where_its_answer_is_found(yard: Yard):
    await yard.want()
    await yard.walk(until="mileage")
    await yard.give(picture(50))
    assert (await yard.kept())[3:] == [("dashboard", "replaced"), ("dashboard", "accepted")]
    await yard.answer(number=1)
    await yard.answer(number=50)
    outcome = await yard.give(picture(51))
    assert told_of(outcome) == ["fluids.photographed"]
    assert (await yard.newest()).step == "fluid_levels"


async def test_storage_that_is_down_loses_no_photo(yard: Yard, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    yard.storage = open_storage(f"file://{tmp_path / 'elsewhere'}", clock=FixedClock(yard.clock.now()))
    await yard.want()
    content = picture(1)
    await yard.happen_to_file(key_of(hashlib.sha256(content).hexdigest()))
    assert await yard.kept() == [("front", "accepted")]


# -- with eyes --------------------------------------------------------------------------------------------------------


async def test_a_good_photo_gets_a_clean_working_copy_and_the_next_side_is_asked(seeing: Yard):
    await seeing.want()
    await seeing.give(car())
    [photo] = await seeing.photos()
    assert (photo.state, photo.width, photo.height) == ("accepted", 1280, 960)
    assert photo.working_key not in {None, photo.storage_key}
    assert ((await seeing.newest()).step, await seeing.notice()) == ("left", None)


async def test_a_blurred_photo_is_asked_for_again_until_it_is_taken_with_its_faults(seeing: Yard):
    await seeing.want()
    await seeing.give(blurred())
    newest = await seeing.newest()
    assert newest.notice == {"key": "photo-retake", "args": {"reason": "blurred"}}
    assert newest.step == "front"
    for seed in (2, 3, 4):
        await seeing.give(blurred(seed))
    assert [state for _, state in await seeing.kept()] == ["retake", "retake", "retake", "accepted"]
    assert (await seeing.photos())[-1].flags == ({"flag": "faulty", "reason": "blurred"},)
    assert await seeing.notice() == "photo-taken-as-is"


async def test_a_person_may_stand_behind_a_faulty_photo_once(seeing: Yard):
    await seeing.want()
    await seeing.give(blurred())
    outcome = await seeing.steer("go_on")
    assert told_of(outcome) == ["body.photographed"]
    assert (await seeing.kept(), (await seeing.newest()).step) == ([("front", "accepted")], "left")
    again = await seeing.steer("go_on", step="front")
    assert told_of(again) == []


async def test_in_an_album_a_faulty_photo_is_asked_for_again_at_the_end(seeing: Yard):
    await seeing.want()
    for content in (car(), blurred(2), car(Viewpoint.REAR), picture(4)):
        await seeing.give(content, step="front", media_group_id="album")
    assert await seeing.kept() == [
        ("front", "accepted"),
        ("left", "retake"),
        ("rear", "accepted"),
        ("dashboard", "accepted"),
    ]
    assert ((await seeing.newest()).step, await seeing.notice()) == ("left", "photo-retake")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"%PDF-1.7 named photo.jpg", "not_an_image"), (picture(1)[:20_000], "truncated"), (b"GIF89a...", "unsupported")],
    ids=["a PDF", "a cut file", "a GIF"],
)
async def test_what_is_no_photo_is_kept_and_refused_with_a_clear_word(seeing: Yard, content: bytes, reason: str):
    await seeing.want()
    await seeing.give(content)
    assert await seeing.kept() == [("front", "refused")]
    assert (await seeing.newest()).notice == {"key": "photo-refused", "args": {"reason": reason}}
    assert told_of(await seeing.steer("go_on")) == []
    assert (await seeing.newest()).step == "front"


async def test_a_picture_of_another_inspection_needs_a_persons_word(seeing: Yard):
    await seeing.want(car=OTHER_CAR)
    await seeing.give(picture(1))
    first = await seeing.newest()
    await seeing.want()
    await seeing.give(as_bytes(scene(1600, 1200, 1), quality=70))
    assert await seeing.kept() == [("front", "retake")]
    assert (await seeing.newest()).notice == {"key": "photo-reused", "args": {"number": str(first.number)}}
    await seeing.steer("go_on")
    [photo] = await seeing.photos()
    assert (photo.state, [flag["flag"] for flag in photo.flags]) == ("accepted", ["reused", "taken_as_is"])


async def test_a_photo_of_another_day_is_flagged_and_taken(seeing: Yard):
    await seeing.want()
    image = Image.open(BytesIO(car()))
    exif = image.getexif()
    taken = seeing.clock.now() - timedelta(days=3)
    exif.get_ifd(0x8769)[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    exif.get_ifd(0x8769)[0x9011] = "+00:00"
    await seeing.give(as_bytes(image, exif=exif))
    [photo] = await seeing.photos()
    assert (photo.state, photo.taken_at) == ("accepted", taken)
    assert photo.flags == ({"flag": "other_time", "minutes": 3 * 24 * 60},)


async def test_another_car_stops_the_form_until_a_person_says_that_it_is_the_right_one(seeing: Yard):
    await seeing.sql("UPDATE cars SET plate = 'QW-481-ER' WHERE id = %s", CAR)
    await seeing.sql("UPDATE cars SET plate = 'ZX-730-CV' WHERE id = %s", OTHER_CAR)
    await seeing.want()
    other = draw_car(CarLook(plate="ZX-730-CV"), Shot(Viewpoint.FRONT)).jpeg
    await seeing.give(other)
    newest = await seeing.newest()
    assert newest.notice == {"key": "photo-other-car", "args": {"read": "ZX-730-CV", "expected": "QW-481-ER"}}
    assert (newest.step, await seeing.kept()) == ("front", [("front", "refused")])
    outcome = await seeing.steer("go_on")
    assert said(outcome) == [(PEOPLE["head"], "inspection-right-car")]
    [photo] = await seeing.photos()
    assert (photo.state, photo.flags[-1]["flag"]) == ("accepted", "right_car")
