"""Approvals: asked together with their command, decided once, and never for other arguments than those shown."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from core.commands import AskApproval, NewCommand
from core.events import ApprovalAsked, NewEvent
from core.ids import outside_id
from core.roles import Role
from db.session import Tx
from db.storable import storable_json, storable_text

CARD_FOR = "approval"
_SELECT = """
SELECT a.id, a.command_id, a.arguments_hash, a.arguments, a.origin, a.beneficiary_id, a.subject, a.role, a.person_id,
       a.branch, a.state, a.asked_at, a.expires_at, a.decided_by, a.decided_at,
       c.kind, c.payload, c.destination, c.state AS command_state,
       asker.name AS asker, decider.name AS decider, b.name AS branch_name, b.timezone
FROM approvals AS a
JOIN commands AS c ON c.id = a.command_id
LEFT JOIN people AS asker ON asker.id = a.beneficiary_id
LEFT JOIN people AS decider ON decider.id = a.decided_by
LEFT JOIN branches AS b ON b.code = a.branch
"""


@dataclass(frozen=True, slots=True)
class CommandAsked:
    """A command as it was stored, in a state in which nobody performs it."""

    id: int
    effect_key: str
    kind: str
    destination: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval with its command as both stand now. ``arguments`` are what the card shows."""

    id: UUID
    command_id: int
    arguments_hash: str
    arguments: dict[str, str]
    origin: str | None
    beneficiary_id: UUID | None
    subject: str | None
    role: Role
    person_id: UUID | None
    branch: str | None
    state: str
    asked_at: datetime
    expires_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    kind: str
    payload: dict[str, Any]
    destination: str
    command_state: str
    asker: str | None
    decider: str | None
    branch_name: str | None
    timezone: str | None

    @property
    def entity(self) -> str:
        return subject_of(self.id)

    @property
    def is_as_shown(self) -> bool:
        """Whether the command would still do exactly what was asked about."""
        return self.arguments_hash == arguments_hash(self.kind, self.payload, self.destination)


def arguments_hash(kind: str, payload: Mapping[str, Any], destination: str) -> str:
    """Of a stored command: jsonb writes numbers its own way, so only what came out of it compares."""
    told = {"kind": kind, "payload": payload, "destination": destination}
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(canonical.encode()).hexdigest()


def id_of(effect_key: str) -> UUID:
    """An effect is asked about once."""
    return outside_id("jarvis", "approval", effect_key)


def subject_of(approval_id: UUID) -> str:
    return f"{CARD_FOR}:{approval_id}"


def asked_by(commands: Iterable[NewCommand]) -> list[NewEvent[ApprovalAsked]]:
    """The events that belong to the ordering of these commands, in the same transaction; each is recorded once."""
    return [
        NewEvent(
            body=ApprovalAsked(approval_id=approval_id),
            subject=subject_of(approval_id),
            source="approvals",
            external_id=str(approval_id),
            branch=command.approval.branch,
        )
        for command in commands
        if command.approval is not None
        for approval_id in [id_of(command.effect_key)]
    ]


async def ask(tx: Tx, command: CommandAsked, wanted: AskApproval) -> None:
    """Bind the approval to the stored command, in the transaction that stores it."""
    await tx.run(
        """INSERT INTO approvals (id, command_id, arguments_hash, arguments, origin, beneficiary_id, subject, role,
                                  person_id, branch, state, expires_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'asked', %s)""",
        (
            id_of(command.effect_key),
            command.id,
            arguments_hash(command.kind, command.payload, command.destination),
            storable_json(dict(wanted.shown)),
            wanted.origin and storable_text(wanted.origin),
            wanted.beneficiary_id,
            wanted.subject,
            str(wanted.role),
            wanted.person_id,
            wanted.branch,
            wanted.expires_at,
        ),
    )


async def find(tx: Tx, approval_id: UUID) -> Approval | None:
    row = await tx.row(f"{_SELECT} WHERE a.id = %s", (approval_id,))
    return None if row is None else _approval(row)


async def lock(tx: Tx, approval_id: UUID) -> Approval | None:
    """The approval and its command, held until the commit: two people who press at once take turns."""
    await tx.run(
        """SELECT 1 FROM approvals AS a JOIN commands AS c ON c.id = a.command_id WHERE a.id = %s FOR UPDATE""",
        (approval_id,),
    )
    return await find(tx, approval_id)


async def consume(tx: Tx, approval: Approval, *, decided_by: UUID, now: datetime) -> bool:
    """Use the consent up and release its command, both or neither; False when either is not as expected."""
    row = await tx.row(
        """WITH used AS (
               UPDATE approvals SET state = 'consumed', decided_by = %(by)s, decided_at = %(now)s
               WHERE id = %(id)s AND state = 'asked' AND arguments_hash = %(hash)s
                 AND EXISTS (SELECT FROM commands WHERE id = approvals.command_id AND state = 'awaiting_approval')
               RETURNING command_id)
           UPDATE commands SET state = 'pending', not_before = greatest(not_before, now())
           FROM used WHERE commands.id = used.command_id AND commands.state = 'awaiting_approval'
           RETURNING commands.id""",
        {"by": decided_by, "now": now, "id": approval.id, "hash": approval.arguments_hash},
    )
    return row is not None


async def deny(tx: Tx, approval: Approval, state: str, *, decided_by: UUID | None, why: str, now: datetime) -> None:
    """End it as ``refused`` or ``expired``: its command is never done."""
    await tx.run(
        "UPDATE approvals SET state = %s, decided_by = %s, decided_at = %s WHERE id = %s AND state = 'asked'",
        (state, decided_by, now, approval.id),
    )
    await tx.run(
        "UPDATE commands SET state = 'cancelled', error = %s WHERE id = %s AND state = 'awaiting_approval'",
        (why, approval.command_id),
    )


async def run_out(tx: Tx, *, now: datetime, limit: int = 50) -> list[Approval]:
    """What nobody decided in time, the oldest first, held until the commit; what somebody decides now is left out."""
    rows = await tx.rows(
        """SELECT id FROM approvals WHERE state = 'asked' AND expires_at <= %s
           ORDER BY expires_at, id LIMIT %s FOR UPDATE SKIP LOCKED""",
        (now, limit),
    )
    found = [await lock(tx, row["id"]) for row in rows]
    return [approval for approval in found if approval is not None]


async def card_chats(tx: Tx, approval_id: UUID) -> list[int]:
    """Where a card stands, or is about to stand."""
    rows = await tx.rows(
        """SELECT chat_id FROM posts WHERE entity = %(entity)s AND purpose = 'card'
           UNION
           SELECT (payload ->> 'chat_id')::bigint FROM commands
           WHERE kind = 'telegram.show_approval' AND payload @> %(which)s AND state IN ('pending', 'sending')
           ORDER BY chat_id""",
        {"entity": subject_of(approval_id), "which": Jsonb({"approval_id": str(approval_id)})},
    )
    return [row["chat_id"] for row in rows]


def _approval(row: dict[str, Any]) -> Approval:
    return Approval(**{**row, "role": Role(row["role"])})
