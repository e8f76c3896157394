"""A stage: the simulated Telegram behind real HTTP, aiogram's real dispatcher, a real Postgres, two small agents."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from aiogram import Bot

from agents.access import AGENT as ACCESS
from agents.media_keeper import AGENT as MEDIA_KEEPER
from agents.spec import Deps
from bot.app import build_bot, build_dispatcher
from bot.desk import Office
from bot.intake import ALLOWED_UPDATES, Intake
from bot.polling import GetRawUpdates
from bot.send import TelegramPerformer
from bot.texts import default_texts
from core.clock import FixedClock, SystemClock
from core.ids import new_id, rentprog_id
from core.log import set_up_log
from core.plans import Plan
from core.roles import Role
from core.settings import BranchSettings, Settings, TelegramSettings
from db import commands, runs
from db.commands import ClaimedCommand, Postponed
from db.events import lock_subjects, record, record_caused
from db.models.fleet import BookingRow, CarRow
from db.queries import chats
from db.queries.branches import put_branches
from db.runs import ClaimedRun
from db.session import Database
from sandbox.app import SandboxSettings, create_app
from sandbox.company.branches import BRANCHES
from sandbox.company.people import Person as Staff
from sandbox.company.people import staff
from sandbox.company.telegram import BOT_TOKEN, forum_id
from sandbox.serve import serving
from storage.local import LocalStorage
from tests import make

_numbers = count(70_001)
MORNING = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
"""Ten o'clock in the branches."""

AGENTS = {spec.name: spec for spec in (ACCESS, MEDIA_KEEPER)}
PLANS = {body.kind: Plan.of(name) for name, spec in AGENTS.items() for body in spec.handles}


def route(kind: str) -> Plan:
    return PLANS.get(kind, Plan())


def settings_for(api_url: str, **telegram: Any) -> Settings:
    return Settings(
        telegram=TelegramSettings(
            token=BOT_TOKEN,
            api_url=api_url,
            per_chat_per_s=1000,
            per_group_per_min=100_000,
            overall_per_s=1000,
            **telegram,
        )
    )


class Stage:
    """Plays people through the control API and turns the circle until it is quiet."""

    def __init__(self, db: Database, http: httpx.AsyncClient, bot: Bot, settings: Settings, folder: Path) -> None:
        self.db = db
        self.http = http
        self.bot = bot
        self.clock = FixedClock(MORNING)
        self.settings = settings
        self.rings: list[tuple[list[int], bool]] = []
        self.office = Office(db, route, settings, self.clock, self._ring)
        self.intake = Intake(bot, build_dispatcher(self.office), self.office, pause_s=0.01)
        self.performer = TelegramPerformer(
            bot,
            db,
            LocalStorage(folder, clock=SystemClock(), links=None),
            settings=settings.telegram,
            clock=SystemClock(),
        )
        self.deps = Deps(db=db, clock=SystemClock(), settings=settings)
        self.offset: int | None = None

    async def _ring(self, run_ids: Sequence[int], has_commands: bool) -> None:
        self.rings.append((list(run_ids), has_commands))

    # -- the company ---------------------------------------------------------------------------------------------

    async def hire(self, who: Staff, **changes: Any) -> Staff:
        """Make a person of the sandbox a person of Jarvis who has opened the chat with the bot before."""
        await self.post("/start", **{"as": who.telegram_id})
        self.offset = (await self.updates())[-1]["update_id"] + 1
        await self.updates()
        row = {"role": str(who.role), "branch": who.branch, "language": "en"} | changes
        async with self.db.transaction() as tx:
            await tx.run(
                """INSERT INTO people (id, name, role, branch, tg_user_id, tg_username, language, approved_by,
                                       approved_at)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, 'test', now())""",
                (
                    new_id(),
                    who.name,
                    row["role"],
                    row["branch"],
                    who.telegram_id,
                    who.username,
                    row["language"],
                ),
            )
        return who

    async def give_role(self, who: Staff, role: Role) -> None:
        async with self.db.transaction() as tx:
            await tx.run("UPDATE people SET role = %s WHERE tg_user_id = %s", (str(role), who.telegram_id))

    async def bind(self, chat_id: int, branch: str) -> None:
        async with self.db.transaction() as tx:
            await chats.bind_forum(tx, chat_id, title=f"Branch {branch}", branch=branch, bound_by="test")

    async def car(self, plate: str, branch: str = "tbilisi", **given: Any) -> UUID:
        """A car that may be offered, unless the test says otherwise."""
        number = next(_numbers)
        row = {
            "id": rentprog_id("car", number),
            "rentprog_id": number,
            "branch": branch,
            "company_id": next(one.company_id for one in BRANCHES if one.code == branch),
            "plate": plate,
            "plate_normalised": plate.upper().replace("-", "").replace(" ", ""),
            "model": "Toyota Prius",
            "state": 1,
            "active": True,
            "updated_by": "test",
        } | given
        async with self.db.transaction() as tx:
            await make.insert(tx, CarRow, row)
        return row["id"]

    async def booking(self, car_id: UUID | None, start: datetime, end: datetime, **given: Any) -> UUID:
        """A planned booking of a client, unless the test says otherwise."""
        number = next(_numbers)
        row = {
            "id": rentprog_id("booking", number),
            "rentprog_id": number,
            "number": number,
            "branch": "tbilisi",
            "car_id": car_id,
            "start_at": start,
            "end_at": end,
            "state": "new",
            "client_name": "Client Example",
            "responsible": "Ivan",
            "updated_by": "test",
        } | given
        async with self.db.transaction() as tx:
            await make.insert(tx, BookingRow, row)
        return row["id"]

    async def topic(self, chat_id: int, car_id: UUID, user_id: int, name: str = "AA-123-BB") -> int:
        """A live topic of a car: opened at Telegram by a person, known to the registry."""
        made = await self.post("/topics/create", **{"as": user_id, "chat_id": chat_id, "name": name})
        thread_id = int(made["message_thread_id"])
        async with self.db.transaction() as tx:
            await tx.run(
                """INSERT INTO topics (id, chat_id, entity, version, state, thread_id, name, live_at)
                   VALUES (%s, %s, %s, 1, 'live', %s, %s, now())""",
                (new_id(), chat_id, f"car:{car_id}", thread_id, name),
            )
        return thread_id

    async def rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        async with self.db.transaction() as tx:
            return await tx.rows(sql, parameters)

    async def events(self, kind: str) -> list[dict[str, Any]]:
        return await self.rows("SELECT * FROM events WHERE kind = %s ORDER BY id", kind)

    # -- people --------------------------------------------------------------------------------------------------

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.http.post(f"/_sandbox/telegram{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def stranger(self, first_name: str = "Somebody", language: str = "en") -> int:
        added = await self.post("/users", first_name=first_name, language_code=language)
        return int(added["id"])

    async def say(self, user_id: int, text: str, *, chat_id: int | None = None, thread_id: int | None = None) -> int:
        body = {"as": user_id, "chat_id": chat_id or user_id, "text": text, "thread_id": thread_id}
        sent = await self.post("/send", **body)
        return int(sent["message_ids"][0])

    async def photograph(
        self, user_id: int, *, chat_id: int, thread_id: int | None = None, files: Sequence[bytes] = (b"x",)
    ) -> list[int]:
        data = {"as": str(user_id), "chat_id": str(chat_id), "kind": "document"}
        data |= {"thread_id": str(thread_id)} if thread_id else {}
        parts = [("files", (f"{number}.pdf", content, "application/pdf")) for number, content in enumerate(files)]
        answer = await self.http.post("/_sandbox/telegram/send_media", data=data, files=parts)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["message_ids"])

    async def press(self, user_id: int, message: dict[str, Any], label: str, *, chat_id: int | None = None) -> str:
        """Press the button whose label holds the text, turn the circle; returns the words of the toast."""
        query_id = await self.touch(user_id, message, label, chat_id=chat_id)
        await self.turn()
        answer = await self.http.get(f"/_sandbox/telegram/callbacks/{query_id}")
        return str(answer.json().get("text") or "")

    async def touch(self, user_id: int, message: dict[str, Any], label: str, *, chat_id: int | None = None) -> str:
        """The press alone; what follows waits for the next turn."""
        data = next(
            button["callback_data"]
            for row in message["reply_markup"]["inline_keyboard"]
            for button in row
            if label in button["text"]
        )
        body = {"as": user_id, "chat_id": chat_id or user_id, "message_id": message["message_id"]}
        pressed = await self.post("/press", **body, callback_data=data)
        return str(pressed["callback_query_id"])

    async def messages(self, chat_id: int) -> list[dict[str, Any]]:
        answer = await self.http.get(f"/_sandbox/telegram/chats/{chat_id}/messages", params={"limit": 200})
        return list(answer.json().get("messages", []))

    async def answers(self, chat_id: int) -> list[dict[str, Any]]:
        """What the bot said in the chat."""
        return [message for message in await self.messages(chat_id) if message["from"]["is_bot"] and "text" in message]

    async def last(self, chat_id: int) -> dict[str, Any]:
        return (await self.answers(chat_id))[-1]

    async def ask(self, user_id: int, text: str, **where: Any) -> str:
        """Say it, turn the circle, read the newest answer in that chat."""
        await self.say(user_id, text, **where)
        await self.turn()
        return str((await self.last(where.get("chat_id", user_id)))["text"])

    async def calls(self, method: str) -> list[dict[str, Any]]:
        answer = await self.http.get("/_sandbox/telegram/journal")
        return [entry for entry in answer.json()["calls"] if entry["method"] == method]

    # -- the circle ----------------------------------------------------------------------------------------------

    async def updates(self) -> list[dict[str, Any]]:
        """What waits at Telegram, not confirmed by this read."""
        method = GetRawUpdates(offset=self.offset, timeout=0, allowed_updates=list(ALLOWED_UPDATES))
        return await self.bot(method)

    async def listen(self) -> int:
        found = await self.updates()
        for raw in found:
            await self.intake.take(raw)
            self.offset = raw["update_id"] + 1
        return len(found)

    async def turn(self) -> None:
        """Updates, runs and commands until nothing is left."""
        while await self.listen() + await self.work() + await self.deliver():
            pass

    async def work(self) -> int:
        async with self.db.transaction() as tx:
            found = await make.claim(tx, *AGENTS, lease_s=60)
        for run in found:
            await self._work_on(run)
        return len(found)

    async def _work_on(self, run: ClaimedRun) -> None:
        spec = AGENTS[run.agent]
        outcome = await spec.run(run.event, self.deps)
        async with self.db.transaction() as tx:
            await lock_subjects(tx, [run.event.subject])
            [outcome] = await spec.save_outcomes(tx, [(run.event, outcome)])
            await runs.mark_done(tx, [(run, outcome.note)])
            await record_caused(tx, [(run.id, outcome.events)], route)
            await commands.order(tx, outcome.commands, run_id=run.id, event_id=run.event.id)
            await runs.promote(tx, [run.id])

    async def deliver(self) -> int:
        async with self.db.transaction() as tx:
            found = await commands.claim(tx, systems=["telegram"], limit=10, lease=timedelta(minutes=1))
        for claimed in found:
            await self._perform(claimed)
        return len(found)

    async def _perform(self, claimed: ClaimedCommand) -> None:
        assert claimed.command is not None
        delivery = await self.performer.perform(claimed.command)
        assert not isinstance(delivery, Postponed), delivery
        async with self.db.transaction() as tx:
            found = [] if delivery.save is None else list(await delivery.save(tx))
            named = [event if event.external_id else _named(event, claimed.id) for event in found]
            await record(tx, named, route)
            await commands.settle(tx, claimed, state="sent", result=delivery.result)


def _named(event: Any, command_id: int) -> Any:
    return replace(event, source="command", external_id=f"{command_id}:{event.body.kind}")


@pytest.fixture(scope="session", autouse=True)
def plain_log():
    """As at work: without it every logged exception is drawn with all local variables, which takes seconds."""
    set_up_log(level="warning", is_json=True)


@pytest.fixture(autouse=True)
def strict_texts():
    default_texts().is_strict = True
    yield
    default_texts().is_strict = False


@pytest.fixture
async def sandbox() -> AsyncIterator[str]:
    async with serving(create_app(SandboxSettings())) as url:
        yield url


@asynccontextmanager
async def stage_at(db: Database, url: str, folder: Path, **telegram: Any) -> AsyncIterator[Stage]:
    settings = settings_for(f"{url}/telegram", **telegram)
    bot = build_bot(settings)
    async with httpx.AsyncClient(base_url=url) as http:
        yield Stage(db, http, bot, settings, folder)
    await bot.session.close()


@pytest.fixture
async def stage(db: Database, sandbox: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """Four branches, nobody hired yet, the sandbox's people and forums waiting."""
    branches = [BranchSettings(code=one.code, name=one.title, company_id=one.company_id) for one in BRANCHES]
    async with db.transaction() as tx:
        await put_branches(tx, branches)
    async with stage_at(db, sandbox, tmp_path / "files") as made:
        yield made


class Cast:
    """People of the sandbox by what they do, and the forums of two branches."""

    def __init__(self) -> None:
        everybody = staff()

        def of(role: Role, branch: str | None) -> Staff:
            return next(person for person in everybody if person.role is role and person.branch == branch)

        self.employee = of(Role.EMPLOYEE, "tbilisi")
        self.head = of(Role.BRANCH_HEAD, "tbilisi")
        self.batumi_employee = of(Role.EMPLOYEE, "batumi")
        self.batumi_head = of(Role.BRANCH_HEAD, "batumi")
        self.director = of(Role.DIRECTOR, None)
        self.admin = of(Role.ADMIN, None)
        self.tbilisi_forum = forum_id(next(branch for branch in BRANCHES if branch.code == "tbilisi"))
        self.batumi_forum = forum_id(next(branch for branch in BRANCHES if branch.code == "batumi"))


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
async def second_stage(db: Database, sandbox: str, tmp_path: Path, stage: Stage) -> AsyncIterator[Stage]:
    """Another process over the same database and the same Telegram."""
    async with stage_at(db, sandbox, tmp_path / "second") as made:
        yield made
