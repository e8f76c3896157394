"""A task from its first card to its archive, as people see it in Telegram."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from agents.spec import AgentSpec, Outcome
from agents.tasks import AGENT
from core.events import (
    EventBody,
    PersonalGroupBound,
    TaskCreated,
    TaskReminder,
    TasksDue,
    TaskStatusChanged,
    TaskSteered,
    TaskUpdated,
    TaskWanted,
)
from core.ids import new_id
from db.queries import tasks
from db.queries.tasks import NewTask, Task
from db.session import Database
from tests.agents.agent_at_work import happen
from tests.bot.outgoing_at_work import NOW, Outgoing, outgoing_at_work

HOUR = timedelta(hours=1)


class Office:
    """Two people of one branch, one of them with a group of tasks, and what happens to their tasks."""

    def __init__(self, out: Outgoing) -> None:
        self.out = out
        self.clock = out.clock
        self.nino = new_id()
        self.lasha = new_id()
        self.nino_chat = 0
        self.lasha_chat = 0
        self.group = 0

    async def open(self) -> None:
        await self.out.branch("tbilisi")
        await self.out.branch("batumi")
        self.nino_chat = await self.hire(self.nino, "Nino")
        self.lasha_chat = await self.hire(self.lasha, "Lasha")

    async def hire(self, person_id: UUID, name: str, branch: str = "tbilisi", role: str = "employee") -> int:
        added = await self.out.telegram.act("/users", first_name=name, language_code="en")
        user_id = int(added["id"])
        await self.out.telegram.act("/send", **{"as": user_id, "chat_id": user_id, "text": "/start"})
        await self.out.put(
            "people",
            id=person_id,
            name=name,
            role=role,
            branch=branch,
            tg_user_id=user_id,
            language="en",
            approved_by="test",
            approved_at=NOW,
        )
        return user_id

    async def bind_group(self, person_id: UUID) -> int:
        chat_id = await self.out.telegram.group(title="Tasks | Nino")
        await self.out.put(
            "chats", chat_id=chat_id, purpose="task_group", title="Tasks | Nino", person_id=person_id, is_forum=True
        )
        return chat_id

    async def create(self, title: str = "Wash the car", **given: Any) -> Task:
        fields = {"assignee_id": self.nino, "branch": "tbilisi", "created_by": f"staff:{self.lasha}"} | given
        new = NewTask(id=new_id(), title=title, source="human", **fields)
        async with self.out.db.transaction() as tx:
            await tasks.create(tx, new)
        return await self.task(new.id)

    async def task(self, task_id: UUID) -> Task:
        async with self.out.db.transaction() as tx:
            found = await tasks.find(tx, task_id)
        assert found is not None
        return found

    async def happens(self, body: EventBody, *, by: UUID | None = None, agent: AgentSpec = AGENT) -> Outcome:
        """The event, all that it causes for tasks, and all messages."""
        trust = "system" if by is None else f"staff:{by}"
        outcome = await happen(agent, body, db=self.out.db, clock=self.clock, trust=trust)
        for event in outcome.events:
            await happen(agent, event.body, db=self.out.db, clock=self.clock)
        await self.out.deliver_all()
        return outcome

    async def steer(self, task: Task, change: Any, *, by: UUID | None = None, to: UUID | None = None) -> Outcome:
        return await self.happens(TaskSteered(task_id=task.id, change=change, to_person=to), by=by or self.nino)


@pytest.fixture
async def office(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as out:
        made = Office(out)
        await made.open()
        yield made


async def test_a_wish_becomes_a_task_with_a_card_under_the_words(office: Office):
    sent = await office.out.telegram.act("/send", **{"as": office.nino_chat, "chat_id": office.nino_chat, "text": "x"})
    wish = TaskWanted(
        text="Wash the car <b>now</b>",
        person_id=office.nino,
        due=(NOW + HOUR).isoformat(),
        chat_id=office.nino_chat,
        reply_to=sent["message_ids"][0],
    )
    await office.happens(wish, by=office.nino)
    card = (await office.out.said(office.nino_chat))[-1]
    assert "Wash the car <b>now</b>" in card["text"]
    assert "Nino" in card["text"]
    assert "Due 02.03 13:00" in card["text"]
    assert card["reply_to"] == sent["message_ids"][0]
    labels = [button["text"] for row in card["reply_markup"]["inline_keyboard"] for button in row]
    assert labels == ["Done", "Start", "+1 hour", "Today", "Tomorrow", "Assign", "Details"]


async def test_a_card_names_the_car_and_the_booking(office: Office):
    car = await office.out.car(61000, "tbilisi")
    booking = await office.out.booking(77, car, "tbilisi")
    task = await office.create(links=(f"car:{car}", f"booking:{booking}", f"client:{new_id()}"))
    await office.happens(TaskCreated(task_id=task.id))
    [card] = (await office.out.texts(office.nino_chat))[-1:]
    assert "🚗 AA-61000-AA Toyota Prius" in card
    assert "Booking №77" in card


async def test_in_a_group_of_tasks_every_open_task_has_a_pinned_card_in_its_own_topic(office: Office):
    group = await office.bind_group(office.nino)
    task = await office.create()
    await office.happens(TaskCreated(task_id=task.id))
    assert [topic["name"] for topic in await office.out.topics(group)] == [f"#{task.number} Wash the car"]
    assert [message["pinned"] for message in await office.out.said(group)] == [True]


async def test_done_archives_the_topic_and_reopening_brings_it_back(office: Office):
    group = await office.bind_group(office.nino)
    task = await office.create()
    await office.happens(TaskCreated(task_id=task.id))
    await office.steer(task, "done")
    [topic] = await office.out.topics(group)
    [card] = await office.out.texts(group)
    assert topic["closed"]
    assert card.startswith("✅")
    await office.steer(task, "reopen")
    [topic] = await office.out.topics(group)
    [card] = await office.out.texts(group)
    assert not topic["closed"]
    assert card.startswith("📌")


async def test_the_card_under_the_words_and_the_one_in_the_group_change_together(office: Office):
    group = await office.bind_group(office.nino)
    task = await office.create()
    await office.happens(TaskCreated(task_id=task.id, chat_id=office.lasha_chat))
    await office.steer(task, "start")
    assert "In progress" in (await office.out.texts(group))[-1]
    assert "In progress" in (await office.out.texts(office.lasha_chat))[-1]


async def test_two_people_who_press_done_finish_it_once(office: Office):
    task = await office.create()
    await office.happens(TaskCreated(task_id=task.id))
    first = await office.steer(task, "done")
    second = await office.steer(task, "done", by=office.lasha)
    assert [type(event.body) for event in first.events] == [TaskStatusChanged]
    assert second.events == ()
    async with office.out.db.transaction() as tx:
        assert [line.new for line in await tasks.changes(tx, task.id)] == ["todo", "done"]


async def test_a_task_given_on_leaves_one_group_and_comes_to_the_next(office: Office):
    group = await office.bind_group(office.nino)
    task = await office.create()
    await office.happens(TaskCreated(task_id=task.id))
    outcome = await office.steer(task, "assign", to=office.lasha)
    assert outcome.events[0].body == TaskUpdated(task_id=task.id, changed=("assignee_id",))
    assert [topic["closed"] for topic in await office.out.topics(group)] == [True]
    assert "Lasha" in (await office.out.texts(office.lasha_chat))[-1]


async def test_somebody_of_another_branch_changes_nothing_and_is_told(office: Office):
    stranger = new_id()
    chat = await office.hire(stranger, "Giorgi", "batumi")
    task = await office.create()
    await office.happens(TaskCreated(task_id=task.id))
    await office.steer(task, "done", by=stranger)
    assert (await office.task(task.id)).status == "todo"
    assert "another branch" in (await office.out.texts(chat))[-1]


async def test_nobody_who_left_is_given_a_task(office: Office):
    await office.out.change("people", office.lasha, is_active=False)
    task = await office.create()
    await office.steer(task, "assign", to=office.lasha)
    assert (await office.task(task.id)).assignee_id == office.nino


async def test_the_time_of_a_task_is_said_once_with_its_buttons(office: Office):
    task = await office.create(due_at=NOW)
    first = await office.happens(TasksDue())
    second = await office.happens(TasksDue())
    assert [event.body for event in first.events] == [TaskReminder(task_id=task.id)]
    assert second.events == ()
    said = await office.out.said(office.nino_chat)
    [reminder] = [message for message in said if "Time for" in message["text"]]
    assert reminder["reply_markup"]["inline_keyboard"][0][0]["text"] == "Done"


async def test_a_reminder_comes_again_at_the_end_of_a_snooze(office: Office):
    task = await office.create(due_at=NOW)
    await office.happens(TasksDue())
    await office.steer(task, "snooze_hour")
    assert (await office.happens(TasksDue())).events == ()
    office.clock.advance(HOUR + timedelta(minutes=1))
    assert len((await office.happens(TasksDue())).events) == 1


async def test_what_was_done_meanwhile_is_not_said(office: Office):
    task = await office.create(due_at=NOW)
    await office.steer(task, "done")
    outcome = await office.happens(TaskReminder(task_id=task.id))
    assert outcome.commands == ()


@pytest.mark.parametrize(("priority", "said"), [("normal", 0), ("urgent", 1)])
async def test_at_night_only_what_is_urgent_is_said(office: Office, priority: str, said: int):
    night = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
    office.clock.advance(night - office.clock.now())
    await office.create(due_at=night, priority=priority)
    assert len((await office.happens(TasksDue())).events) == said
    office.clock.advance(10 * HOUR)
    assert len((await office.happens(TasksDue())).events) == 1 - said


async def test_a_new_group_of_tasks_is_filled_with_what_its_person_owes(office: Office):
    await office.create("One")
    await office.create("Two")
    group = await office.bind_group(office.nino)
    bound = PersonalGroupBound(chat_id=group, title="Tasks", person_id=office.nino, purpose="task_group")
    await office.happens(bound)
    assert len(await office.out.topics(group)) == 2


async def test_a_card_waits_until_its_group_is_written_down(office: Office):
    task = await office.create()
    chat_id = await office.out.telegram.group(title="Tasks | Nino")
    bound = PersonalGroupBound(chat_id=chat_id, title="Tasks", person_id=office.nino, purpose="task_group")
    await office.happens(bound)
    assert await office.out.topics(chat_id) == []
    await office.out.put(
        "chats", chat_id=chat_id, purpose="task_group", title="Tasks", person_id=office.nino, is_forum=True
    )
    await office.out.hurry()
    await office.out.deliver_all()
    assert [topic["name"] for topic in await office.out.topics(chat_id)] == [f"#{task.number} Wash the car"]


async def test_a_card_deleted_by_hand_comes_back_with_the_next_change(office: Office):
    task = await office.create()
    await office.happens(TaskCreated(task_id=task.id))
    await office.out.sql("UPDATE posts SET message_id = 999999")
    await office.steer(task, "start")
    assert "In progress" in (await office.out.texts(office.nino_chat))[-1]


async def test_words_whose_topic_is_gone_leave_the_assignees_card(office: Office):
    forum = await office.out.forum("tbilisi")
    task = await office.create()
    await office.happens(TaskCreated(task_id=task.id, chat_id=forum, thread_id=4242, reply_to=1))
    assert "Wash the car" in (await office.out.texts(office.nino_chat))[-1]
    assert await office.out.said(forum) == []


async def test_all_cards_of_a_task_share_their_buttons(office: Office):
    await office.bind_group(office.nino)
    task = await office.create()
    await office.happens(TaskCreated(task_id=task.id, chat_id=office.lasha_chat))
    rows = await office.out.sql("SELECT DISTINCT group_key, count(DISTINCT chat_id) AS chats FROM buttons GROUP BY 1")
    assert [row["chats"] for row in rows] == [2]


async def test_a_refused_press_leaves_working_buttons_behind(office: Office):
    stranger = new_id()
    await office.hire(stranger, "Giorgi", "batumi")
    task = await office.create()
    await office.happens(TaskCreated(task_id=task.id))
    before = await office.out.said(office.nino_chat)
    await office.steer(task, "done", by=stranger)
    after = await office.out.said(office.nino_chat)
    assert [one["message_id"] for one in before] == [one["message_id"] for one in after]
    assert before[-1]["reply_markup"] != after[-1]["reply_markup"]


async def test_a_reminder_stands_in_the_topic_of_its_task(office: Office):
    group = await office.bind_group(office.nino)
    task = await office.create(due_at=NOW)
    await office.happens(TaskCreated(task_id=task.id))
    await office.happens(TasksDue())
    [thread_id] = await office.out.threads(group)
    [_, reminder] = await office.out.texts(group, thread_id)
    assert "Time for" in reminder


async def test_of_a_task_whose_assignee_left_its_maker_is_reminded(office: Office):
    await office.create(due_at=NOW)
    await office.out.change("people", office.nino, is_active=False)
    await office.happens(TasksDue())
    assert "Time for" in (await office.out.texts(office.lasha_chat))[-1]


async def test_a_wish_of_somebody_who_left_makes_nothing(office: Office):
    await office.out.change("people", office.nino, is_active=False)
    wish = TaskWanted(text="Wash", person_id=office.nino, chat_id=office.nino_chat)
    assert (await office.happens(wish, by=office.nino)).events == ()


async def test_what_happens_to_a_task_that_is_gone_is_no_trouble(office: Office):
    gone = new_id()
    for body in (
        TaskCreated(task_id=gone),
        TaskReminder(task_id=gone),
        TaskSteered(task_id=gone, change="done"),
    ):
        assert (await office.happens(body)).commands == ()
