"""What is kept raw for a person, and how staff hear of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from agents.rental_sync.decide import Why
from agents.rental_sync.rows import Source
from core.events import AlarmCleared, AlarmRaised, NewEvent
from db.queries import quarantine
from db.queries.quarantine import Held
from db.session import Tx
from integrations.rentprog import BadRow


def held_of(rows: Sequence[BadRow], source: Source) -> list[Held]:
    """Rows that could not be read, with the reason and the field."""
    return [
        Held(
            source.branch,
            row.entity,
            None if row.rentprog_id is None else str(row.rentprog_id),
            row.reason,
            {"row": row.raw, "field": row.field},
            event_id=source.event_id,
        )
        for row in rows
    ]


async def release(tx: Tx, entity: str, accepted: Sequence[int], branch: str) -> list[NewEvent[Any]]:
    """Objects that could be read and placed after all leave the quarantine, and their alarms end."""
    if not accepted:
        return []
    names = [str(number) for number in accepted]
    released = await quarantine.release(tx, system="rentprog", entity=entity, external_ids=names)
    keys = {company_key(entity, name) for name, reason in released if reason == Why.UNKNOWN_COMPANY}
    was_alarmed = any(reason != Why.UNKNOWN_COMPANY for _, reason in released)
    if was_alarmed and not await quarantine.count_open(tx, system="rentprog", branch=branch):
        keys.add(quarantine_key(branch))
    return [NewEvent(body=AlarmCleared(key=key), subject=f"alarm:{key}", branch=branch) for key in sorted(keys)]


def alarm(key: str, text_key: str, branch: str | None, **args: str | int) -> NewEvent[AlarmRaised]:
    return NewEvent(
        body=AlarmRaised(key=key, text_key=text_key, args={"branch": branch or "-", **args}),
        subject=f"alarm:{key}",
        branch=branch,
    )


def alarms_of(held: Sequence[Held]) -> Iterator[NewEvent[Any]]:
    """Unknown companies one by one (a wrong mapping puts cars into wrong branches), the rest as one alarm a branch."""
    by_branch: dict[str, list[Held]] = {}
    for record in held:
        if record.reason == Why.UNKNOWN_COMPANY:
            yield alarm(
                company_key(record.entity, record.external_id or "-"),
                "alarm-unknown-company",
                record.branch,
                entity=record.entity,
                number=record.external_id or "-",
                company_id=_company_in(record.raw),
            )
        else:
            by_branch.setdefault(record.branch or "-", []).append(record)
    for branch, records in by_branch.items():
        yield alarm(
            quarantine_key(branch),
            "alarm-quarantine",
            branch,
            count=len(records),
            entity=records[0].entity,
            number=records[0].external_id or "-",
            reason=records[0].reason,
        )


def _company_in(raw: Any) -> str:
    """The company an object belongs to, or the one it would move to."""
    told = cast("Mapping[str, object]", raw).get("company_id") if isinstance(raw, Mapping) else None
    sides = cast("list[object]", told if isinstance(told, list) else [told])
    return str(sides[-1])


def quarantine_key(branch: str) -> str:
    return f"quarantine:{branch}"


def company_key(entity: str, number: str) -> str:
    return f"unknown-company:{entity}:{number}"
