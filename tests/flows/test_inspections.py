"""The form of an inspection as people live with it: ended servers, colleagues, pauses, pressed twice, twenty at once.

Nobody looks at the photos but people, so any picture will do; eyes are in test_inspections_circle.py.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from redis import Redis

from core.inspection.chain import verify_chain
from db.queries import inspection_answers
from orchestrator.demo.pictures import picture
from orchestrator.roles import bot, worker
from tests.chaos.processes import Process, installation, reached, running
from tests.flows.company import CLERK, ENGLISH_CLERK, FREE, GEORGIAN_CLERK, OUT, PLANNED, words
from tests.flows.inspect_at_work import STEPS, Yard, labels, wait_until, yard_of_a_file
from tests.flows.opening import jarvis_running
from tests.flows.outage import away

pytestmark = pytest.mark.asyncio(loop_scope="module")
KM = 200_000


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def yard(postgres: str, redis_server: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Yard]:
    home = tmp_path_factory.mktemp("home")
    async with yard_of_a_file(postgres, redis_server, home, hands=(bot, worker)) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def nothing_left(yard: Yard) -> AsyncIterator[None]:
    yield
    await yard.no_forms()


def shot(number: int) -> bytes:
    """No two alike, as far as bytes go."""
    return picture() + str(number).encode()


async def test_a_form_goes_on_where_it_was_after_bot_and_worker_ended_and_redis_forgot_everything(yard: Yard) -> None:
    await yard.want(CLERK, FREE)
    await yard.send(CLERK, shot(1))
    await yard.is_asked(CLERK, "left", notice="photo-unjudged")
    await yard.quiet()
    await yard.end()
    with Redis.from_url(yard.company.servers.redis_url) as streams:
        streams.flushall()
    await yard.send(CLERK, shot(2))
    await yard.begin()
    await yard.is_asked(CLERK, "dashboard")
    await yard.send(CLERK, shot(3))
    await yard.answer_all(CLERK, KM)
    await yard.is_handed_in(FREE)
    assert await yard.kept(FREE) == [("front", "accepted"), ("left", "accepted"), ("dashboard", "accepted")]
    assert (await yard.inspection(FREE)).mileage_km == KM
    chain = (await yard.inspection(FREE)).chain_hash
    assert verify_chain(await yard.photos(FREE), end=chain) is None


async def test_a_form_is_handed_to_a_colleague_who_reads_it_in_their_language_and_goes_on(yard: Yard) -> None:
    await yard.want(CLERK, PLANNED)
    await yard.send(CLERK, shot(11))
    await yard.is_asked(CLERK, "left")
    await yard.press(CLERK, "form-button-hand")
    await yard.press_label(CLERK, ENGLISH_CLERK)
    left = await yard.asks(CLERK, words("form-handed", name="Oleg Sample"))
    assert labels(left) == ""
    await yard.is_asked(ENGLISH_CLERK, "left")
    await yard.send(ENGLISH_CLERK, shot(12))
    await yard.is_asked(ENGLISH_CLERK, "dashboard")
    assert len({photo.person_id for photo in await yard.photos(PLANNED)}) == 2


async def test_a_paused_form_rests_and_goes_on_and_what_is_skipped_keeps_its_reason(yard: Yard) -> None:
    await yard.want(GEORGIAN_CLERK, OUT)
    await yard.press(GEORGIAN_CLERK, "form-button-pause")
    await yard.asks(GEORGIAN_CLERK, words("form-paused", "ka"))
    await yard.press(GEORGIAN_CLERK, "form-button-resume")
    await yard.press(GEORGIAN_CLERK, "form-button-skip")
    await yard.press(GEORGIAN_CLERK, "form-reason-dark")
    await yard.is_asked(GEORGIAN_CLERK, "left")
    await yard.press(GEORGIAN_CLERK, "form-button-skip")
    await yard.press(GEORGIAN_CLERK, "form-reason-other")
    await yard.asks(GEORGIAN_CLERK, words("form-skip-words", "ka"))
    await yard.say(GEORGIAN_CLERK, "კედელთან დგას")
    await yard.is_asked(GEORGIAN_CLERK, "dashboard")
    inspection = await yard.inspection(OUT)
    answers = await yard.company.ask(inspection_answers.answers_of, inspection.id)
    assert {step: one.skipped_why for step, one in answers.items()} == {"front": "dark", "left": "კედელთან დგას"}


async def test_row_45_a_button_of_the_form_that_is_pressed_twice_moves_it_one_step(yard: Yard) -> None:
    await yard.want(CLERK, FREE)
    await yard.send(CLERK, shot(21), shot(22))
    shown = await yard.is_asked(CLERK, "dashboard")
    await yard.quiet()
    back, clerk = words("form-button-back"), yard.person(CLERK)
    await asyncio.gather(*(yard.director.press(clerk, clerk, shown, back) for _ in range(2)))
    await yard.is_asked(CLERK, "left")
    await yard.quiet()
    assert (await yard.inspection(FREE)).step == "left"


async def test_a_car_that_a_colleague_inspects_is_told_to_whoever_wants_it_too_and_may_be_taken_over(
    yard: Yard,
) -> None:
    await yard.want(CLERK, FREE)
    oleg = yard.person(ENGLISH_CLERK)
    asked = await yard.director.say(oleg, oleg, f"/inspect {await yard.plate(FREE)}")
    which = await yard.company.reads(oleg, "", after=asked)
    await yard.director.press(oleg, oleg, which, words("inspect-button", "en", occasion="hand_over"))
    told = await yard.company.reads(oleg, CLERK, after=which["message_id"])
    await yard.director.press(oleg, oleg, told, words("inspection-take-over", "en"))
    await yard.is_asked(ENGLISH_CLERK, "front")
    await yard.asks(CLERK, words("form-handed", name="Oleg Sample"))


async def test_twenty_photos_at_once_are_all_kept_the_first_ones_count_and_the_rest_is_said_once_an_album(
    yard: Yard,
) -> None:
    await yard.want(CLERK, FREE)
    await yard.quiet()
    await yard.send(CLERK, *(shot(number) for number in range(100, 110)))
    await yard.send(CLERK, *(shot(number) for number in range(110, 120)))
    await yard.is_asked(CLERK, "mileage")

    async def all_there() -> bool:
        return len(await yard.photos(FREE)) == 20

    await wait_until(all_there)
    await yard.quiet()
    kept = await yard.kept(FREE)
    assert kept[:3] == [("front", "accepted"), ("left", "accepted"), ("dashboard", "accepted")]
    assert [state for _, state in kept[3:]] == ["extra"] * 17
    said = [str(one.get("text", "")) for one in await yard.director.messages(yard.person(CLERK))]
    number = (await yard.inspection(FREE)).number
    assert len([one for one in said if one.startswith("📎") and f"№{number} " in one]) == 2


async def test_a_video_is_kept_beside_the_photos_and_its_person_is_told(yard: Yard) -> None:
    await yard.want(ENGLISH_CLERK, OUT)
    await yard.send_file(ENGLISH_CLERK, "round.mp4", b"\0\0\0\x18ftypmp42" * 40, mime="video/mp4", kind="video")
    await yard.company.reads(yard.person(ENGLISH_CLERK), "📎")
    assert [(one.viewpoint, one.state) for one in await yard.photos(OUT)] == [("video", "extra")]
    await yard.is_asked(ENGLISH_CLERK, "front")


@contextmanager
def worker_process(yard: Yard, *, failpoint: str = "") -> Iterator[Process]:
    blind = {"JARVIS_VISION__IS_ON": "false"}
    settings = installation(yard.company.settings, yard.company.servers) | blind
    with running("worker", settings=settings, log=yard.company.settings.home / "log", failpoint=failpoint) as process:
        yield process


async def test_row_4_a_worker_killed_in_the_middle_of_an_album_loses_and_doubles_no_photo(yard: Yard) -> None:
    await yard.want(CLERK, FREE)
    await yard.quiet()
    await yard.end()
    point = "worker.before_commit"
    async with jarvis_running(yard.company, (bot,)):
        with worker_process(yard, failpoint=f"{point}#4") as dying:
            await yard.send(CLERK, *(shot(number) for number in (41, 42, 43)))
            await reached(dying, point)
            assert await dying.ended() == -signal.SIGKILL
        with worker_process(yard):
            await yard.is_asked(CLERK, "mileage")
            await yard.quiet()
    await yard.begin()
    assert await yard.kept(FREE) == [("front", "accepted"), ("left", "accepted"), ("dashboard", "accepted")]
    chain = (await yard.inspection(FREE)).chain_hash
    assert verify_chain(await yard.photos(FREE), end=chain) is None


async def test_row_39_while_the_storage_is_away_a_photo_waits_the_form_goes_on_and_then_the_photo_counts(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.media.STORAGE_PAUSE", timedelta(seconds=0.3))
    await yard.want(CLERK, FREE)
    fetched = len(await yard.director.telegram_calls("getFile"))

    async def tried() -> bool:
        return len(await yard.director.telegram_calls("getFile")) > fetched

    with away(Path(yard.company.servers.storage_url.removeprefix("file://"))):
        await yard.send(CLERK, shot(31))
        await wait_until(tried)
        await yard.press(CLERK, "form-button-skip")
        await yard.press(CLERK, "form-reason-dark")
        await yard.is_asked(CLERK, "left")
    await yard.quiet()
    assert await yard.kept(FREE) == [("front", "accepted")]
    await yard.asks(CLERK, words("form-step", step=2, total=STEPS))
