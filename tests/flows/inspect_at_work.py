"""People at a car with their form, and the whole Jarvis behind it: what they press, send and read, in one place."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from redis import Redis

from core.clock import SystemClock
from core.inspection.views import Occasion
from core.settings import PhotosSettings, VisionSettings
from db.queries import evidence, inspection_photos, inspections
from db.queries.inspection_photos import Photo
from db.queries.inspections import Inspection
from db.rights import APP_ROLE, as_role
from orchestrator.roles import TOGETHER, Role
from storage.location import open_storage
from tests.conftest import APP_PASSWORD, fresh_database
from tests.flows.company import (
    ADMIN,
    CLERK,
    ENGLISH_CLERK,
    GEORGIAN_CLERK,
    PATIENCE_S,
    TBILISI,
    Company,
    Json,
    car_id,
    text_of,
    words,
)
from tests.flows.opening import company_at_work, jarvis_running
from tests.wait import wait_until as wait_until_so

T = TypeVar("T")
LANGUAGES = {CLERK: "ru", GEORGIAN_CLERK: "ka", ENGLISH_CLERK: "en"}
"""Of whoever inspects."""
FEW = PhotosSettings(
    exterior_angles=("front", "left"),  # pyright: ignore[reportArgumentType] - names of viewpoints
    other_required=("dashboard",),  # pyright: ignore[reportArgumentType] - names of viewpoints
    minimum_total=3,
    min_long_side_px=640,
)
STEPS = 7
"""Three photos, four questions."""
PAUSE_S = 0.25
"""Chats are long here: to look at one every moment would cost more than what is waited for."""
MARKS = {Occasion.HAND_OVER: "🔑", Occasion.RETURN: "🏁"}


async def wait_until(look: Callable[[], Awaitable[T]]) -> T:
    return await wait_until_so(look, timeout_s=PATIENCE_S, pause_s=PAUSE_S)


class Yard:
    """A company whose people inspect cars; ``hands`` are the roles that can be ended and started again."""

    def __init__(self, company: Company, hands: Sequence[Role]) -> None:
        self.company = company
        self.director = company.director
        self._hands = hands
        self._at_work = AsyncExitStack()

    async def begin(self) -> None:
        await self._at_work.enter_async_context(jarvis_running(self.company, self._hands))

    async def end(self) -> None:
        await self._at_work.aclose()

    def person(self, name: str) -> int:
        return self.company.people[name]

    # -- the form --------------------------------------------------------------------------------------------------

    async def want(self, who: str, car: int, occasion: Occasion = Occasion.HAND_OVER) -> None:
        """``/inspect`` with the plate in private, and the button of the occasion; the form is there."""
        person, language = self.person(who), LANGUAGES[who]
        plate = await self.plate(car)
        asked = await self.director.say(person, person, f"/inspect {plate}")
        label = words("inspect-button", language, occasion=str(occasion))

        async def question() -> Json | None:
            said = await self.director.messages(person)
            return next((one for one in said if one["message_id"] > asked and label in labels(one)), None)

        found = await wait_until(question)
        assert found is not None
        await self.director.press(person, person, found, label)
        first = words("form-step", language, step=1, total=STEPS)
        await self.asks(who, MARKS[occasion], plate, first, after=asked)

    async def form(self, who: str) -> Json | None:
        """The newest message of a form in somebody's private chat."""
        said = await self.director.messages(self.person(who))
        return next((one for one in reversed(said) if text_of(one).startswith(tuple(MARKS.values()))), None)

    async def asks(self, who: str, *parts: str, after: int = 0) -> Json:
        """Wait until the form, newer than a message, says all of it."""

        async def says() -> Json | None:
            form = await self.form(who)
            if form is None or form["message_id"] <= after:
                return None
            return form if all(part in text_of(form) for part in parts) else None

        try:
            form = await wait_until(says)
        except AssertionError as error:
            now = await self.form(who)
            raise AssertionError(f"not {parts} but {now and text_of(now)!r}") from error
        assert form is not None
        return form

    async def is_asked(self, who: str, step: str, *, notice: str | None = None, **args: str | int) -> Json:
        """Wait until the form asks for this step, with this word about what was sent before."""
        language = LANGUAGES[who]
        name = words("step-name", language, step=step)
        said = () if notice is None else (words(notice, language, **args),)
        return await self.asks(who, name, *said)

    async def press(self, who: str, key: str, **args: str | int) -> Json:
        """A button of the form, once it is there; the message it stood under."""
        return await self.press_label(who, words(key, LANGUAGES[who], **args))

    async def press_label(self, who: str, label: str) -> Json:
        async def offered() -> Json | None:
            form = await self.form(who)
            return form if form is not None and label in labels(form) else None

        form = await wait_until(offered)
        assert form is not None
        await self.director.press(self.person(who), self.person(who), form, label)
        return form

    async def send(self, who: str, *photos: bytes) -> list[int]:
        """One photo, or an album."""
        return await self.director.post_photos(self.person(who), self.person(who), photos)

    async def send_file(self, who: str, name: str, content: bytes, *, mime: str, kind: str = "document") -> None:
        """As a document, the way phones send what shall not be made smaller, or as a video."""
        person = str(self.person(who))
        told = await self.company.http.post(
            "telegram/send_media",
            data={"as": person, "chat_id": person, "kind": kind},
            files=[("files", (name, content, mime))],
        )
        assert told.is_success, told.text

    async def say(self, who: str, text: str) -> None:
        await self.director.say(self.person(who), self.person(who), text)

    async def answer_all(self, who: str, mileage: int, *, fuel: str = "8/8") -> None:
        await self.is_asked(who, "mileage")
        await self.say(who, str(mileage))
        await self.is_asked(who, "fuel_level")
        await self.press_label(who, fuel)
        await self.press(who, "form-button-fluids-fine")
        await self.press(who, "form-button-kit-whole")
        await self.press(who, "form-button-finish")

    # -- what is left of it ----------------------------------------------------------------------------------------

    async def inspection(self, car: int, occasion: Occasion = Occasion.HAND_OVER) -> Inspection:
        """The newest one of the car."""
        of_car = await self.company.ask(inspections.of_car, car_id(car))
        return max((one for one in of_car if one.occasion == occasion), key=lambda one: one.number)

    async def photos(self, car: int, occasion: Occasion = Occasion.HAND_OVER) -> list[Photo]:
        found = await self.inspection(car, occasion)
        return await self.company.ask(inspection_photos.photos_of, found.id)

    async def kept(self, car: int) -> list[tuple[str | None, str]]:
        return [(photo.step, photo.state) for photo in await self.photos(car)]

    async def is_handed_in(self, car: int, occasion: Occasion = Occasion.HAND_OVER) -> None:
        async def is_so() -> bool:
            return (await self.inspection(car, occasion)).is_finished

        await wait_until(is_so)
        await self.quiet()

    async def original(self, photo: Photo) -> bytes:
        """The file as it was sent, out of the storage."""
        storage = open_storage(self.company.servers.storage_url, clock=SystemClock())
        return await storage.get(photo.storage_key)

    async def quiet(self) -> None:
        """Nothing is left to do; looked for less often than the company would."""

        async def is_quiet() -> bool:
            left = await self.company.ask(evidence.unfinished)
            return left["runs"] == 0 and left["commands"] == 0

        await wait_until(is_quiet)

    async def no_forms(self) -> None:
        """Whatever a story left open is ended: the next one begins its own."""
        await self.quiet()
        async with self.company.db.transaction() as tx:
            await tx.run("UPDATE inspections SET state = 'cancelled' WHERE state IN ('open', 'paused')")

    async def plate(self, car: int) -> str:
        told = await self.director.company()
        return next(one["number"] for one in told["cars"] if one["id"] == car)


def labels(message: Json) -> str:
    """What stands on the buttons under a message, one a line."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return "\n".join(button["text"] for row in rows for button in row)


@asynccontextmanager
async def yard_of_a_file(
    postgres: str,
    redis_server: str,
    home: Path,
    *,
    hands: Sequence[Role] = (),
    vision: VisionSettings | None = None,
    **sections: Any,
) -> AsyncIterator[Yard]:
    """One company for all stories of a file; without ``vision`` people alone look, and any picture will do."""
    with Redis.from_url(redis_server) as streams:
        streams.flushall()
    with fresh_database(postgres) as url:
        given = {"photos": FEW, "vision": vision or VisionSettings(is_on=False), **sections}
        stay = tuple(role for role in TOGETHER if role not in hands)
        db_url = as_role(url, APP_ROLE, password=APP_PASSWORD)
        async with company_at_work(db_url, redis_server, home, roles=stay, **given) as company:
            yard = Yard(company, hands)
            await yard.begin()
            try:
                await company.director.start(company.people[ADMIN])
                await company.synced()
                await company.bind(TBILISI, ADMIN)
                for name in LANGUAGES:
                    await company.let_in(name)
                yield yard
            finally:
                await yard.end()
