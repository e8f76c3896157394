"""A small company with a client who waits, and an offer that needs consent before it leaves."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from agents.approvals import AGENT
from agents.spec import Outcome
from core.clock import FixedClock
from core.commands import NewCommand, consent_to_offer, send_to_client
from core.events import ApprovalAsked, ApprovalDecided, ApprovalsDue
from core.ids import new_id
from core.roles import Role
from core.settings import BranchSettings
from db import commands
from db.queries import approvals, conversations, messages
from db.queries.approvals import Approval
from db.queries.branches import put_branches
from db.queries.conversations import Conversation
from db.queries.messages import Message
from db.session import Database, Tx
from tests.agents.agent_at_work import happen

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
"""Noon in the branches, a Friday."""
CLIENT = conversations.id_of(100500, 777)
OFFER = messages.id_of_outgoing(-1005, 40)


@dataclass
class Company:
    db: Database
    clock: FixedClock
    people: dict[str, UUID]

    async def order(self, effect: int = 0, **wanted: Any) -> Approval:
        """The offer is ordered with the consent it needs; returns the approval."""
        command = self.offer(effect, **wanted)
        async with self.db.transaction() as tx:
            await commands.order(tx, [command])
            found = await approvals.find(tx, approvals.id_of(command.effect_key))
        assert found is not None
        return found

    def offer(self, effect: int = 0, **wanted: Any) -> NewCommand:
        """``wanted`` names fields of the consent that differ."""
        consent = consent_to_offer(
            CLIENT,
            "40 USD a day",
            staff_text="40 за день",
            person_id=self.people["anna"],
            expires_at=self.clock.now() + timedelta(hours=2),
            branch="north",
        )
        consent = replace(consent, **wanted)
        return send_to_client(100500, 777, CLIENT, OFFER, "40 USD a day", attempt=effect, approval=consent)

    async def asked(self, approval: Approval) -> Outcome:
        return await self._happen(ApprovalAsked(approval_id=approval.id), approval)

    async def press(self, approval: Approval, who: str, *, is_granted: bool = True) -> Outcome:
        body = ApprovalDecided(approval_id=approval.id, is_granted=is_granted)
        return await self._happen(body, approval, trust=f"staff:{self.people[who]}")

    async def tick(self) -> Outcome:
        return await happen(AGENT, ApprovalsDue(), db=self.db, clock=self.clock, subject="check:approvals")

    async def _happen(self, body: Any, approval: Approval, trust: str = "system") -> Outcome:
        return await happen(AGENT, body, db=self.db, clock=self.clock, subject=approval.entity, trust=trust)

    async def states(self, approval: Approval) -> tuple[str, str]:
        """Of the approval and of its command."""
        async with self.db.transaction() as tx:
            found = await approvals.find(tx, approval.id)
        assert found is not None
        return found.state, found.command_state

    async def sql(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        async with self.db.transaction() as tx:
            return await tx.rows(statement, parameters)

    async def audited(self) -> list[str]:
        return [row["action"] for row in await self.sql("SELECT action FROM audit ORDER BY id")]


async def company_of(db: Database) -> Company:
    people = {name: new_id() for name in ("anna", "boris", "head", "other_head", "division", "director", "admin")}
    rows = [
        ("anna", Role.EMPLOYEE, "north", 11),
        ("boris", Role.EMPLOYEE, "north", 12),
        ("head", Role.BRANCH_HEAD, "north", 13),
        ("other_head", Role.BRANCH_HEAD, "south", 14),
        ("division", Role.DIVISION_HEAD, None, 15),
        ("director", Role.DIRECTOR, None, 16),
        ("admin", Role.ADMIN, None, 17),
    ]
    async with db.transaction() as tx:
        await put_branches(tx, [BranchSettings.model_validate(one) for one in _BRANCHES])
        for name, role, branch, number in rows:
            await tx.run(
                """INSERT INTO people (id, name, role, branch, tg_user_id, language, approved_by, approved_at)
                   VALUES (%s, %s, %s, %s, %s, 'en', 'test', now())""",
                (people[name], name.title(), str(role), branch, number),
            )
        await _client_waits(tx, people["anna"])
    return Company(db, FixedClock(NOW), people)


async def _client_waits(tx: Tx, holder: UUID) -> None:
    row = Conversation(id=CLIENT, account_id=100500, lead_id=777, channel="whatsapp", branch="north", holder_id=holder)
    await conversations.store(tx, row)
    await messages.store(
        tx,
        Message(
            id=OFFER,
            conversation_id=CLIENT,
            account_id=100500,
            direction="outgoing",
            author="staff",
            person_id=holder,
            sent_at=NOW,
            original="40 за день",
            translation="40 USD a day",
            translation_state="done",
            delivery="pending",
            chat_id=-1005,
            message_id=40,
        ),
    )


_BRANCHES = (
    {"code": "north", "name": "North", "company_id": 1},
    {"code": "south", "name": "South", "company_id": 2},
)
