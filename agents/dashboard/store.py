"""Keep what was read; of a form that was handed in, write down what does not fit and make somebody owe its mending."""

from dataclasses import replace
from typing import Any

from agents.dashboard import mileage
from agents.dashboard.agent import Handed, Seen
from agents.dashboard.check import check_fuel
from agents.reading_tools.photos import keep, told
from agents.reading_tools.shortfalls import Raised, Shortfall, raise_shortfall, tell
from agents.spec import Outcome
from core.commands import Text
from core.events import Event
from core.inspection.views import Occasion
from db.queries import inspections, people, readings
from db.queries.inspections import Inspection
from db.queries.readings import Reading
from db.session import Tx

NOTHING = Raised()


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    match outcome.changes:
        case Seen() as seen:
            kept = await keep(tx, event, outcome)
            return await _ask_again(tx, event, kept) if seen.asks_again else kept
        case Handed() as handed:
            inspection = await inspections.lock(tx, event.body.inspection_id)
            if inspection is None or not inspection.is_finished:
                return replace(outcome, note="there is no such inspection, or it goes on")
            return await _check(tx, event, inspection, handed)
        case mileage.Rules() as rules:
            return await mileage.decide(tx, event, rules)
        case _:
            return outcome


async def _ask_again(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    """A new photo once; after that the person enters the value (owner's decisions, ``fuel.unreadable``)."""
    inspection = await inspections.find(tx, event.body.inspection_id)
    person = None if inspection is None else await people.by_id(tx, inspection.person_id)
    if inspection is None or person is None or not inspection.is_in_work:
        return outcome
    return replace(
        outcome, commands=(tell(event, person, Text(key="reading-fuel-again", args={"car": inspection.car})),)
    )


async def _check(tx: Tx, event: Event[Any], inspection: Inspection, handed: Handed) -> Outcome:
    rules = mileage.Rules(handed.now, handed.max_km_per_day)
    kilometres, mileage_raised = await mileage.check(tx, event, inspection, rules)
    fuel, fuel_raised = await _fuel(tx, event, inspection, handed)
    found = [one for one in (kilometres, fuel) if one is not None]
    for one in found:
        await readings.put(tx, one)
    return Outcome(
        events=(*told(event, found), *mileage_raised.events, *fuel_raised.events),
        commands=(*mileage_raised.commands, *fuel_raised.commands),
        note="; ".join(f"{one.topic}: {one.verdict}" for one in found),
    )


async def _fuel(tx: Tx, event: Event[Any], inspection: Inspection, handed: Handed) -> tuple[Reading | None, Raised]:
    """Full to full: the return against the hand-over of the same booking. A larger gap blocks the closing."""
    read = await readings.find(tx, inspection.id, "fuel")
    if inspection.occasion is not Occasion.RETURN:
        return None, NOTHING
    given = None
    if inspection.booking_id is not None:
        given = await inspections.of_booking(tx, inspection.booking_id, Occasion.HAND_OVER)
    before = None if given is None else given.fuel_percent
    checked = check_fuel(before, inspection.fuel_percent, tolerance=handed.tolerance)
    value = {
        **(read.value if read else {}),
        "before": before,
        "after": inspection.fuel_percent,
        "gap": checked.gap,
        "blocks_closing": checked.verdict == "problem",
    }
    reading = Reading(
        inspection.id,
        "fuel",
        checked.verdict,
        handed.now,
        value=value,
        confidence=read.confidence if read else None,
        photo_id=read.photo_id if read else None,
    )
    if checked.gap is None or before is None or checked.verdict != "problem":
        return reading, NOTHING
    gap = f"{checked.gap:g}"
    args: dict[str, str | int] = {
        "car": inspection.car,
        "gap": gap,
        "before": f"{before:g}",
        "after": f"{inspection.fuel_percent:g}",
    }
    text = Text(key="reading-fuel-gap", args=args)
    missing = Shortfall("fuel", text, {"gap": gap}, nature="incident", priority="high")
    return reading, await raise_shortfall(tx, event, inspection, missing, agent="dashboard", now=handed.now)
