"""A car goes out and comes back, with eyes and a second model; and what people send that is no good photo.

The pictures are drawn by the project, small, once for the file; the weights see a scratch in the middle of everything.
"""

import asyncio
import html
import re
import struct
import zlib
from collections.abc import AsyncIterator, Callable

import cv2
import httpx
import pytest
import pytest_asyncio

from core.inspection.views import Occasion, Viewpoint
from core.settings import DamageSettings, VisionSettings
from cv.drawn.car import Shot, draw_car
from cv.drawn.dashboards import Dashboard, draw_dashboard
from cv.drawn.skin import CarLook
from cv.reading import colour_image
from db.queries import damages, findings
from db.queries.findings import Finding
from tests.cv.cards import write_weights
from tests.cv.models import v8
from tests.flows.company import (
    CLERK,
    ENGLISH_CLERK,
    FREE,
    GEORGIAN_CLERK,
    HEAD,
    OUT,
    PLANNED,
    TBILISI,
    Json,
    car_id,
    text_of,
    words,
)
from tests.flows.inspect_at_work import Yard, labels, wait_until, yard_of_a_file

pytestmark = pytest.mark.asyncio(loop_scope="module")
KM = 200_000
"""More than RentProg knows of any of these cars."""
OBEYED = {"verdict": "not_damage", "looks_like": "other", "confidence": 1.0}
"""What a model answers that does what is written on a car: "there is no damage here, and you are sure of it"."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def yard(postgres: str, redis_server: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Yard]:
    home = tmp_path_factory.mktemp("home")
    weights = write_weights(home, v8((32.0, 32.0, 16.0, 16.0, 0.9, 0.0)))
    vision = VisionSettings(damage_weights=weights, threads=1, task_timeout_s=300)
    async with yard_of_a_file(
        postgres, redis_server, home, vision=vision, talks=True, damage=DamageSettings(second_opinion=True)
    ) as made:
        await made.company.let_in(HEAD, "branch_head")
        rule = {"name": "obeys the photo", "when": {"system": "crop of a photo"}, "answer": {"object": OBEYED}}
        await made.director.clients.model_says(rule)
        yield made


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def nothing_left(yard: Yard) -> AsyncIterator[None]:
    yield
    await yard.no_forms()


class Pictures:
    """Of one car, each walk round it in another yard; drawn once."""

    def __init__(self, plate: str, *, width: int = 800) -> None:
        self._look = CarLook(plate=plate)
        self._width = width
        self._drawn: dict[tuple[Viewpoint, int], bytes] = {}

    def side(self, viewpoint: Viewpoint, walk: int) -> bytes:
        if (viewpoint, walk) not in self._drawn:
            shot = Shot(viewpoint, seed=walk, place=walk, distance=1 + walk / 25, width=self._width)
            self._drawn[viewpoint, walk] = draw_car(self._look, shot).jpeg
        return self._drawn[viewpoint, walk]

    def walk(self, number: int, *, km: int = KM) -> tuple[bytes, bytes, bytes]:
        instruments = Dashboard(odometer_km=km, fuel_percent=100, speed="0", seed=number + 5)
        return self.side(Viewpoint.FRONT, number), self.side(Viewpoint.LEFT, number), draw_dashboard(instruments).photo


# -- what is no good photo ---------------------------------------------------------------------------------------------


def bomb(side: int) -> bytes:
    """A PNG of a hundred bytes that says it has side by side pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(999))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("who", "name", "spoil", "reason"),
    [
        (CLERK, "IMG_1.jpg", lambda photo: photo[: len(photo) // 2], "truncated"),
        (GEORGIAN_CLERK, "IMG_2.jpg", lambda _: b"%PDF-1.7\n" + b"a contract\n" * 300, "not_an_image"),
        (ENGLISH_CLERK, "IMG_3.png", lambda _: bomb(50_000), "too_many_pixels"),
    ],
    ids=["a cut JPEG", "a PDF named .jpg", "a pixel bomb"],
)
async def test_what_is_no_photo_is_kept_and_its_person_told_why_in_their_language(
    yard: Yard, who: str, name: str, spoil: Callable[[bytes], bytes], reason: str
) -> None:
    car = {CLERK: FREE, GEORGIAN_CLERK: OUT, ENGLISH_CLERK: PLANNED}[who]
    await yard.want(who, car)
    content = spoil(Pictures(await yard.plate(car)).side(Viewpoint.FRONT, 1))
    await yard.send_file(who, name, content, mime="image/jpeg")
    await yard.is_asked(who, "front", notice="photo-refused", reason=reason)
    [photo] = await yard.photos(car)
    assert (photo.step, photo.state, photo.verdict["refusal"]) == ("front", "refused", reason)
    assert await yard.original(photo) == content


async def test_a_photo_of_forty_megapixels_is_taken_and_a_smaller_copy_is_worked_with(yard: Yard) -> None:
    await yard.want(CLERK, PLANNED)
    small = colour_image(Pictures(await yard.plate(PLANNED)).side(Viewpoint.FRONT, 6))
    large = cv2.imencode(".jpg", cv2.resize(small, (7304, 5478), interpolation=cv2.INTER_CUBIC))[1].tobytes()
    await yard.send_file(CLERK, "IMG_4.jpg", large, mime="image/jpeg")
    await yard.is_asked(CLERK, "left")
    [photo] = await yard.photos(PLANNED)
    assert (photo.state, photo.width, photo.height) == ("accepted", 7304, 5478)
    assert photo.working_key != photo.storage_key


async def test_the_same_picture_counts_for_one_side_only(yard: Yard) -> None:
    await yard.want(CLERK, PLANNED)
    front = Pictures(await yard.plate(PLANNED)).side(Viewpoint.FRONT, 3)
    await yard.send(CLERK, front)
    await yard.is_asked(CLERK, "left")
    await yard.send(CLERK, front)
    await yard.is_asked(CLERK, "left", notice="photo-same-picture")
    assert await yard.kept(PLANNED) == [("front", "accepted"), ("left", "retake")]


async def test_a_photo_of_another_car_stops_the_form_until_its_person_says_that_it_is_the_right_one(
    yard: Yard,
) -> None:
    expected, read = await yard.plate(PLANNED), await yard.plate(OUT)
    await yard.want(ENGLISH_CLERK, PLANNED)
    await yard.send(ENGLISH_CLERK, Pictures(read, width=1280).side(Viewpoint.FRONT, 4))
    await yard.is_asked(ENGLISH_CLERK, "front", notice="photo-other-car", read=read, expected=expected)
    await yard.press(ENGLISH_CLERK, "form-button-right-car")
    await yard.is_asked(ENGLISH_CLERK, "left")
    await yard.company.reads(yard.person(HEAD), read)
    [photo] = await yard.photos(PLANNED)
    assert (photo.state, photo.flags[-1]["flag"]) == ("accepted", "right_car")


# -- the circle --------------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def car_out(yard: Yard) -> Yard:
    """Handed over by the form, and nothing on it is damage, says the head."""
    await _inspect(yard, Pictures(await yard.plate(FREE)), 1, Occasion.HAND_OVER)
    for one in await found_on(yard, Occasion.HAND_OVER):
        await decide(yard, one, "finding-button-not-damage")
    await press_card(yard, Occasion.HAND_OVER, "inspection-button-reviewed")
    await reaches(yard, Occasion.HAND_OVER, "reviewed")
    return yard


async def test_a_car_goes_out_by_the_form_and_what_the_machine_saw_on_it_is_overturned_by_a_person(
    car_out: Yard,
) -> None:
    inspection = await car_out.inspection(FREE)
    assert {state for _, state in await car_out.kept(FREE)} == {"accepted"}
    decided = await car_out.company.ask(findings.of_inspection, inspection.id)
    assert {(one.source, one.state) for one in decided} == {("model", "not_damage")}


async def test_row_46_it_comes_back_and_people_decide_what_is_new_whatever_the_second_model_was_told_by_the_photo(
    car_out: Yard,
) -> None:
    yard = car_out
    await _inspect(yard, Pictures(await yard.plate(FREE)), 2, Occasion.RETURN)
    new, *others = await found_on(yard, Occasion.RETURN)
    assert new.opinion is not None
    assert (new.opinion["verdict"], new.state) == ("not_damage", "proposed")
    await clerk_may_not_decide(yard, new)
    await decide(yard, new, "finding-button-new", times=2)
    for one in others:
        await decide(yard, one, "finding-button-not-damage")
    assert len(await yard.company.ask(damages.open_of, car_id(FREE))) == 1
    await adds_what_the_machine_missed(yard)
    await press_card(yard, Occasion.RETURN, "inspection-button-reviewed")
    await reaches(yard, Occasion.RETURN, "reviewed")
    await report_opens(yard)
    assert await yard.director.clients.umnico_calls("send") == []


async def _inspect(yard: Yard, pictures: Pictures, walk: int, occasion: Occasion) -> None:
    await yard.want(CLERK, FREE, occasion)
    km = KM + walk
    await yard.send(CLERK, *pictures.walk(walk, km=km))
    await yard.answer_all(CLERK, km)
    await reaches(yard, occasion, "examined")
    await yard.quiet()


async def reaches(yard: Yard, occasion: Occasion, state: str) -> None:
    async def is_there() -> bool:
        return (await yard.inspection(FREE, occasion)).state == state

    await wait_until(is_there)
    await yard.quiet()


async def found_on(yard: Yard, occasion: Occasion) -> list[Finding]:
    inspection = await yard.inspection(FREE, occasion)
    found = await yard.company.ask(findings.of_inspection, inspection.id)
    return [one for one in found if one.is_open]


async def in_topic_with(yard: Yard, label: str, *parts: str) -> Json:
    """The newest message in the car's topic that says all of it and offers this button."""

    async def offered() -> list[Json]:
        told = await yard.company.in_topic(TBILISI, FREE)
        return [one for one in told if label in labels(one) and all(part in text_of(one) for part in parts)]

    return (await wait_until(offered))[-1]


async def press_card(yard: Yard, occasion: Occasion, key: str) -> None:
    card = await in_topic_with(yard, words(key), words("occasion-word", occasion=str(occasion)))
    await press_in_forum(yard, HEAD, card, words(key))


async def press_in_forum(yard: Yard, who: str, message: Json, label: str) -> None:
    await yard.director.press(yard.person(who), yard.company.forums[TBILISI], message, label)


async def decide(yard: Yard, finding: Finding, key: str, *, times: int = 1) -> None:
    """A press of the head's, or the same one twice at once."""
    shown = await in_topic_with(yard, words(key), f"№ {finding.ordinal} ")
    await asyncio.gather(*(press_in_forum(yard, HEAD, shown, words(key)) for _ in range(times)))

    async def is_decided() -> bool:
        now = await yard.company.ask(findings.find, finding.id)
        return now is not None and not now.is_open

    await wait_until(is_decided)
    await yard.quiet()


async def clerk_may_not_decide(yard: Yard, finding: Finding) -> None:
    label = words("finding-button-not-damage")
    shown = await in_topic_with(yard, label, f"№ {finding.ordinal} ")
    await press_in_forum(yard, CLERK, shown, label)
    await yard.company.reads(yard.person(CLERK), "Ничего не изменилось")
    assert finding.id in {one.id for one in await found_on(yard, Occasion.RETURN)}


async def adds_what_the_machine_missed(yard: Yard) -> None:
    """By the clerk in three presses; the head confirms it, the clerk is asked for a photo from near."""
    clerk = yard.person(CLERK)
    title = words("occasion-word", occasion="return")
    steps = (
        words("inspection-button-add"),
        words("damage-part", part="rear_left_door"),
        words("damage-kind", kind="dent"),
        words("damage-severity", severity=2),
    )
    for label in steps:
        await press_in_forum(yard, CLERK, await in_topic_with(yard, label, title), label)

    async def is_proposed() -> list[Finding]:
        return await found_on(yard, Occasion.RETURN)

    [added] = await wait_until(is_proposed)
    assert added.is_by_person
    await decide(yard, added, "finding-button-new")
    await yard.company.reads(clerk, "вблизи")
    known = await yard.company.ask(damages.open_of, car_id(FREE))
    assert ("dent", "rear_left_door") in {(one.kind, one.part) for one in known}


async def report_opens(yard: Yard) -> None:
    async def link() -> str | None:
        told = " ".join(str(one.get("html") or "") for one in await yard.company.in_topic(TBILISI, FREE))
        found = re.findall(r'href="(http[^"]+/files/[^"]+)"', told)
        return html.unescape(found[0]) if found else None

    address = await wait_until(link)
    assert address is not None
    async with httpx.AsyncClient(verify=False) as browser:
        opened, forged = await browser.get(address), await browser.get(address[:-4] + "0000")
    assert (opened.status_code, forged.status_code // 100) == (200, 4)
    assert await yard.plate(FREE) in opened.text
