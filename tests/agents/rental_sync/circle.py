"""The circle turned by hand: webhooks in, runs claimed and saved in the order of the real dispatcher, events read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from agents.rental_sync import AGENT
from agents.spec import Deps
from core.errors import Temporary
from core.events import EventBody, NewEvent, RefreshWanted, RentprogDelivered, SyncDue, read_body
from core.ids import rentprog_id
from core.plans import NOBODY, Plan
from db import runs
from db.events import lock_subjects, record, record_caused
from db.runs import ClaimedRun
from db.session import Database
from integrations.rentprog import Delivery, parse
from sandbox.company import World
from sandbox.rentprog.changes import Change
from sandbox.rentprog.office import Office
from sandbox.rentprog.webhooks import body_of
from tests import make

HANDLED = {body.kind for body in AGENT.handles}


def route(kind: str) -> Plan:
    return Plan.of("rental_sync") if kind in HANDLED else NOBODY


@dataclass
class Circle:
    """``world`` is the truth in RentProg, ``office`` its staff; nothing reaches us unless ``hear`` is called."""

    db: Database
    deps: Deps
    world: World
    office: Office
    troubles: list[str] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    async def put(self, *events: NewEvent[Any]) -> None:
        async with self.db.transaction() as tx:
            await record(tx, events, route)

    async def hear(self, changes: Change | Sequence[Change], *, is_ambiguous: bool = False) -> None:
        """Webhooks arrive, through the address of the branch that RentProg posts them to."""
        for change in [changes] if isinstance(changes, Change) else changes:
            await self.hear_body(body_of(change).encode(), change.branch.code, is_ambiguous=is_ambiguous)

    async def hear_update(self, entity: str, number: int, branch: str = "tbilisi", **pairs: Any) -> None:
        body = {"event": f"{entity}_update", "payload": {"id": number, **pairs}}
        await self.hear_body(json.dumps(body).encode(), branch)

    async def hear_body(self, body: bytes, branch: str = "tbilisi", *, is_ambiguous: bool = False) -> None:
        delivery = parse(body, branch=branch)
        assert isinstance(delivery, Delivery), delivery
        told = RentprogDelivered(
            event_name=delivery.event,
            entity=delivery.entity,
            operation=delivery.operation,
            entity_id=delivery.entity_id,
            is_ambiguous=is_ambiguous,
        )
        subject = f"{delivery.entity}:{rentprog_id(delivery.entity, delivery.entity_id)}"
        await self.put(
            NewEvent(
                body=told,
                subject=subject,
                source="rentprog",
                external_id=f"d{next(self._numbers)}",
                trust="outside",
                branch=branch,
                raw=body,
            )
        )

    async def want(self, entity: Any, number: int, reason: str = "test", branch: str = "tbilisi") -> None:
        body = RefreshWanted(entity=entity, entity_id=number, reason=reason)
        name = f"w{next(self._numbers)}"
        await self.put(
            NewEvent(body=body, subject=f"{entity}:{rentprog_id(entity, number)}", external_id=name, branch=branch)
        )

    async def tick(self, branch: str = "tbilisi") -> None:
        name = f"t{next(self._numbers)}"
        await self.put(NewEvent(body=SyncDue(branch=branch), subject=f"sync:{branch}", external_id=name, branch=branch))

    async def turn(self, *, steps: int = 500) -> list[str]:
        """Work until nothing may start any more; returns what the runs said. Troubles end a run for this turn."""
        notes: list[str] = []
        for _ in range(steps):
            claimed = await self._claim()
            if claimed is None:
                return notes
            try:
                notes.append(await self._work(claimed))
            except Temporary as error:
                self.troubles.append(str(error))
                async with self.db.transaction() as tx:
                    await runs.retry_later(tx, claimed, delay=timedelta(hours=1), error=str(error))
        raise AssertionError(f"still at work after {steps} steps")

    async def again(self) -> list[str]:
        """What was put off may be tried now."""
        async with self.db.transaction() as tx:
            await tx.run("UPDATE runs SET not_before = now() WHERE state = 'queued'")
        return await self.turn()

    async def reconcile(self, branch: str = "tbilisi") -> list[str]:
        await self.tick(branch)
        return await self.turn()

    async def _claim(self) -> ClaimedRun | None:
        async with self.db.transaction() as tx:
            found = await make.claim(tx, "rental_sync", limit=1, lease_s=300)
        return found[0] if found else None

    async def _work(self, run: ClaimedRun) -> str:
        outcome = await AGENT.run(run.event, self.deps)
        assert AGENT.save is not None
        async with self.db.transaction() as tx:
            await lock_subjects(tx, [run.event.subject])
            outcome = await AGENT.save(tx, run.event, outcome)
            AGENT.check(outcome)
            await runs.mark_done(tx, [(run, outcome.note)])
            await record_caused(tx, [(run.id, outcome.events)], route)
            await runs.promote(tx, [run.id])
        return outcome.note or ""

    # -- what is there afterwards ------------------------------------------------------------------------------------

    async def rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        async with self.db.transaction() as tx:
            return await tx.rows(sql, parameters)

    async def row(self, table: str, number: int) -> dict[str, Any]:
        (found,) = await self.rows(f"SELECT * FROM {table} WHERE rentprog_id = %s", number)
        return found

    async def has(self, table: str, number: int) -> bool:
        return bool(await self.rows(f"SELECT 1 FROM {table} WHERE rentprog_id = %s", number))

    async def count(self, table: str) -> int:
        (found,) = await self.rows(f"SELECT count(*) AS number FROM {table}")
        return found["number"]

    async def told(self, *noun: str) -> list[EventBody]:
        """Domain events whose kind begins with one of the nouns, in their order."""
        rows = await self.rows(
            "SELECT kind, payload FROM events WHERE kind LIKE ANY(%s) ORDER BY id", [f"{name}.%" for name in noun]
        )
        return [read_body(row["kind"], row["payload"]) for row in rows]

    async def kinds(self, *noun: str) -> list[str]:
        return [body.kind for body in await self.told(*noun)]

    async def fetches(self) -> int:
        """Refreshes that really asked RentProg."""
        rows = await self.rows(
            """SELECT runs.why FROM runs JOIN events ON events.id = runs.event_id
               WHERE events.kind = 'rentprog.refresh_wanted' AND runs.state = 'done'"""
        )
        return sum(row["why"] != "a later refresh will fetch it" for row in rows)
