"""A webhook is a hint: it patches what it carries where that follows on what is stored, and asks for a fetch."""

from typing import Any

from agents.rental_sync.apply import Applied, apply, destroy
from agents.rental_sync.decide import Decision, Verdict, Why, judge
from agents.rental_sync.holding import alarm, alarms_of
from agents.rental_sync.rows import Source
from agents.rental_sync.wishes import Wish, wishes
from agents.spec import Outcome
from core.events import Event, NewEvent, RentprogDelivered
from core.settings import RentprogSettings
from db.events import raw_body
from db.queries import mirror, mirror_links, quarantine
from db.queries.quarantine import Held
from db.session import Tx
from integrations.rentprog import Delivery, Unreadable, parse


async def store_delivery(tx: Tx, event: Event[RentprogDelivered], outcome: Outcome) -> Outcome:
    """Judge it against the locked row, and do what the verdict says in the same transaction.

    It is parsed again from its raw bytes, so that a parser's fix helps a replay.
    """
    settings: RentprogSettings = outcome.changes
    delivery = parse(await raw_body(tx, event.id) or b"", branch=event.branch or "")
    if isinstance(delivery, Unreadable):
        return await _hold(tx, event, delivery.reason.value, {"detail": delivery.detail})
    entity, number = delivery.entity, delivery.entity_id
    stored = (await mirror.lock(tx, entity, [number])).get(number)
    buried = await mirror_links.tombstones(tx, entity, [number]) if stored is None else {}
    decision = judge(delivery, stored, is_repeat=event.body.is_ambiguous, is_buried=bool(buried), settings=settings)
    if decision.verdict is Verdict.QUARANTINE:
        return await _hold(tx, event, decision.why.value, dict(delivery.payload))
    source = Source("webhook", delivery.branch, event.id, await mirror.database_now(tx), locked=event.subject)
    applied = await _carry_out(tx, decision, stored, source, settings)
    wanted = list(applied.wanted)
    if decision.verdict in {Verdict.PATCH, Verdict.FETCH}:
        wanted.append(Wish(entity, number, decision.why))
    events = [*applied.events, *_warnings(decision, delivery), *await wishes(tx, wanted, delivery.branch)]
    return Outcome(events=tuple(events), note=f"{decision.verdict}: {decision.why}")


async def _carry_out(
    tx: Tx, decision: Decision, stored: mirror.Row | None, source: Source, settings: RentprogSettings
) -> Applied:
    if decision.told is not None:
        return await apply(tx, [decision.told], source, settings)
    if decision.verdict is Verdict.DESTROY and stored is not None:
        return await destroy(tx, decision.entity, stored, source)
    if decision.verdict is Verdict.BURY:
        await mirror_links.bury(tx, decision.entity, decision.number)
    return Applied()


def _warnings(decision: Decision, delivery: Delivery) -> list[NewEvent[Any]]:
    """A create that came through another branch's address: the fetch decides, staff look at the set-up."""
    if decision.why is not Why.BRANCH_DIFFERS or decision.company_id is None:
        return []
    return [
        alarm(
            f"branch-differs:{delivery.branch}:{decision.company_id}",
            "alarm-branch-differs",
            delivery.branch,
            entity=delivery.entity,
            number=delivery.entity_id,
            company_id=decision.company_id,
        )
    ]


async def _hold(tx: Tx, event: Event[RentprogDelivered], reason: str, raw: dict[str, Any]) -> Outcome:
    """Nothing of the event is applied; it is kept, and staff are told."""
    body = event.body
    held = Held(event.branch, body.entity, str(body.entity_id), reason, raw, event_id=event.id)
    fresh = await quarantine.put_away(tx, [held])
    return Outcome(events=tuple(alarms_of(fresh)), note=f"quarantined: {reason}")
