"""Who and what the scene speaks of, and what its people do with a form and with buttons."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from core.ids import rentprog_id
from core.inspection.views import Occasion
from db.queries import evidence, findings, inspections
from db.queries.findings import Finding
from db.queries.inspections import Inspection
from orchestrator.demo.scene import Stage
from sandbox.scenes.director import Director

Json = dict[str, Any]

CLERK, HEAD = "Иван", "ნინო"
BRANCH = "tbilisi"


class Garage:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.people: dict[str, int] = {}
        self.forum = 0
        self.car: Json = {}
        self.booking = 0

    @property
    def director(self) -> Director:
        return self.stage.director

    @property
    def clerk(self) -> int:
        return self.people[CLERK]

    @property
    def car_id(self) -> UUID:
        return rentprog_id("car", self.car["id"])

    # -- the form ----------------------------------------------------------------------------------------------------

    async def form(self) -> Json | None:
        """The newest message of the form in the clerk's private chat."""
        said = await self.director.messages(self.clerk)
        titles = ("🔑 Выдача ·", "🏁 Возврат ·")
        return next((message for message in reversed(said) if words(message).startswith(titles)), None)

    def asks(self, *expected: str) -> Callable[[], Awaitable[Json | None]]:
        """Whether the form says all of it now."""

        async def look() -> Json | None:
            form = await self.form()
            return form if form is not None and all(word in words(form) for word in expected) else None

        return look

    async def press(self, label: str) -> None:
        """A button of the form, once it is there."""
        await self.press_once_there("the form", label, self.form, by=self.clerk, chat_id=self.clerk)

    async def press_once_there(
        self, what: str, label: str, look: Callable[[], Awaitable[Json | None]], *, by: int, chat_id: int
    ) -> None:
        """Press the button of what ``look`` finds. One that is edited meanwhile is looked for anew."""

        async def is_pressed() -> bool:
            shown = await look()
            if shown is None or label not in buttons(shown):
                return False
            try:
                await self.director.press(by, chat_id, shown, label)
            except RuntimeError:
                return False
            return True

        await self.stage.comes_true(f"{what} offers {label!r}", is_pressed)

    async def sends(self, photos: Sequence[bytes]) -> None:
        """One message, or an album."""
        await self.director.post_photos(self.clerk, self.clerk, photos)

    # -- the topic ---------------------------------------------------------------------------------------------------

    async def in_topic(self) -> list[Json]:
        topic = await self.stage.ask(evidence.live_topic, self.forum, f"car:{self.car_id}")
        if topic is None:
            return []
        return await self.director.messages(self.forum, thread_id=topic["thread_id"])

    def told(self, *expected: str) -> Callable[[], Awaitable[Json | None]]:
        """The newest message in the car's topic that says all of it."""

        async def look() -> Json | None:
            told = [message for message in await self.in_topic() if all(word in words(message) for word in expected)]
            return told[-1] if told else None

        return look

    async def ask_for_form(self, label: str) -> None:
        """``/inspect`` in the car's topic, and the button of the occasion."""
        topic = await self.stage.ask(evidence.live_topic, self.forum, f"car:{self.car_id}")
        if topic is None:
            return
        await self.director.say(self.clerk, self.forum, "/inspect", thread_id=topic["thread_id"])
        question = self.told("выдаём или принимаем")
        await self.press_once_there("the question", label, question, by=self.clerk, chat_id=self.forum)

    # -- what is written down ----------------------------------------------------------------------------------------

    async def inspection(self, occasion: Occasion) -> Inspection | None:
        of_car = await self.stage.ask(inspections.of_car, self.car_id)
        return next((one for one in of_car if one.occasion == occasion and one.state != "cancelled"), None)

    def reaches(self, occasion: Occasion, *states: str) -> Callable[[], Awaitable[bool]]:
        async def look() -> bool:
            found = await self.inspection(occasion)
            return found is not None and found.state in states

        return look

    async def findings(self, occasion: Occasion) -> list[Finding]:
        found = await self.inspection(occasion)
        return [] if found is None else await self.stage.ask(findings.of_inspection, found.id)


def buttons(message: Json) -> str:
    """The labels under a message, one a line."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return "\n".join(button["text"] for row in rows for button in row)


def words(message: Json) -> str:
    return message.get("text") or message.get("caption") or ""
