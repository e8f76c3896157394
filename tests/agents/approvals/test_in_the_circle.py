"""A consent on its way through the whole circle: ordered by a run, asked, decided by a press, released once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agents.approvals import AGENT as APPROVALS
from agents.escalation import AGENT as ESCALATION
from agents.spec import AgentSpec, Deps, Outcome
from core.commands import SendToClient
from core.events import AlarmCleared, ApprovalDecided, Event, NewEvent
from core.plans import Plan
from db.queries import approvals
from db.queries.approvals import Approval
from orchestrator.router import route
from orchestrator.streams import Bell
from tests import make
from tests.agents.approvals.company import Company
from tests.orchestrator.dispatcher_at_work import working
from tests.wait import wait_until


@pytest.fixture
async def bell(redis_url: str) -> AsyncIterator[Bell]:
    bell = Bell(redis_url)
    yield bell
    await bell.close()


def to_seller(kind: str) -> Plan:
    """Like at work; only the event that makes the offer goes to the agent of this test."""
    return Plan.of("seller") if kind == AlarmCleared.kind else route(kind)


def seller(company: Company) -> AgentSpec:
    async def run(_event: Event[Any], _deps: Deps) -> Outcome:
        return Outcome(commands=(company.offer(expires_at=datetime.now(UTC) + timedelta(hours=1)),))

    return AgentSpec("seller", handles=(AlarmCleared,), causes=(SendToClient,), run=run)


async def asked(company: Company) -> Approval:
    """The approval, once its card is ordered and somebody's time to answer runs."""

    async def found() -> list[dict[str, Any]]:
        return await company.sql(
            """SELECT a.id FROM approvals AS a JOIN waits AS w ON w.subject = 'approval:' || a.id
               JOIN commands AS c ON c.kind = 'telegram.show_approval' AND c.payload ->> 'chat_id' = '13'"""
        )

    [row] = await wait_until(found, timeout_s=20)
    async with company.db.transaction() as tx:
        approval = await approvals.find(tx, row["id"])
    assert approval is not None
    return approval


def press(company: Company, approval: Approval, number: int) -> NewEvent[ApprovalDecided]:
    return NewEvent(
        body=ApprovalDecided(approval_id=approval.id, is_granted=True),
        subject=approval.entity,
        source="telegram",
        external_id=f"press:{number}",
        trust=f"staff:{company.people['head']}",
    )


async def test_an_offer_is_ordered_asked_and_released_once_though_its_event_comes_twice(company: Company, bell: Bell):
    agents = [seller(company), APPROVALS, ESCALATION]
    async with working(company.db, bell, agents, route=to_seller):
        await make.record_all(company.db, [make.event(), make.event()], to_seller)
        approval = await asked(company)
        await make.record_all(company.db, [press(company, approval, 1), press(company, approval, 2)], to_seller)

        async def over() -> bool:
            rows = await company.sql("SELECT state FROM runs WHERE state IN ('queued', 'running', 'waiting')")
            ended = await company.sql("SELECT 1 FROM waits WHERE ended_why = 'consumed'")
            return not rows and len(ended) == 1

        await wait_until(over, timeout_s=20)
    assert await company.states(approval) == ("consumed", "pending")
    kinds = await company.sql("SELECT kind, count(*) FROM events WHERE kind LIKE 'approval.%%' GROUP BY 1 ORDER BY 1")
    assert [(row["kind"], row["count"]) for row in kinds] == [
        ("approval.asked", 1),
        ("approval.decided", 2),
        ("approval.ended", 1),
    ]
    assert await company.sql("SELECT state FROM runs WHERE state <> 'done'") == []
    assert await company.audited() == ["approval.asked", "approval.released", "approval.already"]


async def test_a_new_process_goes_on_where_the_old_one_stopped(company: Company, bell: Bell):
    agents = [seller(company), APPROVALS, ESCALATION]
    async with working(company.db, bell, agents, route=to_seller):
        await make.record_all(company.db, [make.event()], to_seller)
        approval = await asked(company)
    await make.record_all(company.db, [press(company, approval, 1)], to_seller)

    async def is_released() -> bool:
        return await company.states(approval) == ("consumed", "pending")

    async with working(company.db, bell, agents, route=to_seller):
        await wait_until(is_released, timeout_s=20)
