"""Tasks and consents climb by the same rules as clients do; snoozes pause, decisions end."""

from typing import Any
from uuid import UUID

from core.commands import SendMessage, ShowApproval, ShowTaskCard
from core.events import ApprovalAsked, ApprovalEnded, TaskCreated, TaskStatusChanged, TaskUpdated
from core.ids import new_id
from db.queries import tasks
from db.queries.tasks import NewTask
from tests.agents.approvals.company import NOW
from tests.agents.escalation.conftest import Waiting, local


async def task_of(waiting: Waiting, who: str | None = "anna", due: str | None = "20 12:00") -> UUID:
    new = NewTask(
        id=new_id(),
        title="Wash it",
        source="human",
        created_by="test",
        assignee_id=None if who is None else waiting.people[who],
        branch="north",
        due_at=None if due is None else local(due),
    )
    async with waiting.db.transaction() as tx:
        await tasks.create(tx, new)
    await waiting.happen(TaskCreated(task_id=new.id), tasks.subject_of(new.id))
    return new.id


async def change(waiting: Waiting, task_id: UUID, **fields: Any) -> None:
    async with waiting.db.transaction() as tx:
        task = await tasks.lock(tx, task_id)
        assert task is not None
        await tasks.change(tx, task, fields, actor="test")
    body = TaskUpdated(task_id=task_id, changed=tuple(fields))
    await waiting.happen(body, tasks.subject_of(task_id))


def cards(waiting: Waiting, kind: type[ShowTaskCard] | type[ShowApproval]) -> list[int]:
    """The chats that got a card, in order."""
    orders = [order.body for outcome in waiting.said for order in outcome.commands]
    return [body.chat_id for body in orders if isinstance(body, kind)]


async def test_a_task_that_nobody_did_goes_to_the_head_an_hour_after_its_time(waiting: Waiting):
    await task_of(waiting, due="20 12:30")
    await waiting.after(30)
    assert waiting.told() == []
    await waiting.after(59)
    assert waiting.told() == []
    await waiting.after(1)
    assert waiting.told() == ["wait-moved-to-you", "wait-moved-on"]
    assert cards(waiting, ShowTaskCard) == [13]
    chats = [order.body.chat_id for order in waiting.said[-1].commands if isinstance(order.body, SendMessage)]
    assert chats == [13, 11]


async def test_a_task_of_nobody_goes_to_the_head_when_it_falls_due(waiting: Waiting):
    await task_of(waiting, who=None, due="20 12:30")
    await waiting.after(29)
    assert waiting.told() == []
    await waiting.after(1)
    assert cards(waiting, ShowTaskCard) == [13]


async def test_a_task_without_a_time_waits_for_nobody(waiting: Waiting):
    await task_of(waiting, due=None)
    assert await waiting.company.sql("SELECT 1 FROM waits") == []


async def test_a_snooze_pauses_the_climb(waiting: Waiting):
    task_id = await task_of(waiting)
    await waiting.after(30)
    await change(waiting, task_id, snooze_until=local("20 14:00"))
    await waiting.at("20 14:59")
    assert waiting.told() == []
    await waiting.at("20 15:00")
    assert cards(waiting, ShowTaskCard) == [13]


async def test_a_later_time_starts_anew(waiting: Waiting):
    task_id = await task_of(waiting)
    await waiting.after(30)
    await change(waiting, task_id, due_at=local("20 16:00"))
    await waiting.at("20 16:59")
    assert waiting.told() == []
    await waiting.at("20 17:00")
    assert cards(waiting, ShowTaskCard) == [13]


async def test_whoever_gets_a_task_has_their_own_time_for_it(waiting: Waiting):
    task_id = await task_of(waiting)
    await waiting.after(60)
    await change(waiting, task_id, assignee_id=waiting.people["boris"])
    [row] = await waiting.company.sql("SELECT holder_id, level FROM waits WHERE ended_at IS NULL")
    assert row == {"holder_id": waiting.people["boris"], "level": 0}


async def test_a_task_that_is_done_owes_nothing(waiting: Waiting):
    task_id = await task_of(waiting)
    await change(waiting, task_id, status="done")
    body = TaskStatusChanged(task_id=task_id, old="todo", new="done")
    await waiting.happen(body, tasks.subject_of(task_id))
    await waiting.after(600)
    assert waiting.told() == []
    assert await waiting.company.sql("SELECT ended_why FROM waits") == [{"ended_why": "done"}]


async def test_a_consent_that_nobody_gives_climbs_with_its_card(waiting: Waiting):
    approval = await waiting.company.order(expires_at=local("20 20:00"))
    await waiting.company.sql("UPDATE approvals SET asked_at = %s", NOW)
    await waiting.happen(ApprovalAsked(approval_id=approval.id), approval.entity)
    await waiting.after(15)
    assert waiting.told() == ["wait-remind"]
    await waiting.after(45)
    assert cards(waiting, ShowApproval) == [15]
    await waiting.after(60)
    assert cards(waiting, ShowApproval) == [15, 16]


async def test_who_asks_for_consent_is_never_the_next_in_line(waiting: Waiting):
    approval = await waiting.company.order(expires_at=local("20 20:00"), beneficiary_id=waiting.people["division"])
    await waiting.company.sql("UPDATE approvals SET asked_at = %s", NOW)
    await waiting.happen(ApprovalAsked(approval_id=approval.id), approval.entity)
    await waiting.after(60)
    assert cards(waiting, ShowApproval) == [16]


async def test_a_decision_ends_the_wait_for_it(waiting: Waiting):
    approval = await waiting.company.order()
    await waiting.company.sql("UPDATE approvals SET asked_at = %s", NOW)
    await waiting.happen(ApprovalAsked(approval_id=approval.id), approval.entity)
    await waiting.company.press(approval, "head")
    await waiting.happen(ApprovalEnded(approval_id=approval.id, state="consumed"), approval.entity)
    await waiting.after(60)
    assert waiting.told() == []
    assert await waiting.company.sql("SELECT ended_why FROM waits") == [{"ended_why": "consumed"}]
