"""The oracle: states each invariant of the circle with its figure, from the database and the sandbox's journal.

It only reads, sees one moment of the database, and gives up on a question that takes too long: it may be asked on a
live production database at any time.
"""

import httpx

from core.errors import Temporary
from db.queries import oracle
from db.session import Database
from orchestrator.check import conversations, inside, inspections
from orchestrator.check.assertion import Assertion, unseen
from orchestrator.check.clients import clients
from orchestrator.check.limits import Limits
from orchestrator.check.outside import outside
from orchestrator.check.slots import every_slot_once
from orchestrator.check.witness import Observed

QUESTIONS = (
    inside.nothing_lost,
    conversations.nobody_overlooked,
    inspections.nothing_given_is_lost,
    inside.nothing_twice,
    inside.in_order,
    inside.together,
    inside.within_limits,
    inside.with_cause,
    conversations.nothing_without_consent,
    inspections.no_damage_without_a_name,
    every_slot_once,
    inside.unchanged_history,
    inspections.unchanged_evidence,
)
ELSEWHERE = (
    unseen("I6", "one slow or poisoned subject does not slow the others", "tests/orchestrator/test_dispatcher.py"),
    unseen("I9", "no secret and no client's data stands where it does not belong", "tests/core/test_log.py"),
    unseen("I10", "an exception inside a check is a refusal", "tests/bot/handlers/test_intake.py"),
    unseen("I11", "all of this holds with FLUSHALL at any moment", "make chaos"),
)
NEEDS_WITNESS = (
    unseen("I1", "every webhook that was answered 2xx has an event", "only a sandbox knows; --sandbox URL, make chaos"),
    unseen("I2", "each effect reached the outside once", "only a sandbox knows; --sandbox URL, make chaos"),
    unseen("I3", "effects reached the outside in order", "only a sandbox knows; --sandbox URL, make chaos"),
)
NEEDS_DOOR = unseen("I14", "/readyz is bad when I1 or I7 is", "--jarvis URL, tests/orchestrator/test_health.py")
READYZ_S = 10.0
REASONS = 200
"""Characters of what /readyz says that are worth a line."""


async def check(
    db: Database, limits: Limits, *, observed: Observed | None = None, jarvis_url: str | None = None
) -> list[Assertion]:
    """Every invariant in order. ``observed`` is what a witness saw; ``jarvis_url`` is where ``/readyz`` answers."""
    assertions: list[Assertion] = []
    async with db.transaction() as tx:
        await oracle.look_only(tx, timeout_s=limits.statement_s)
        since = await oracle.first_event(tx, newest=limits.newest)
        for question in QUESTIONS:
            assertions += await question(tx, limits, since)
        if observed is None:
            assertions += NEEDS_WITNESS
        else:
            assertions += [*await outside(tx, observed), *await clients(tx, observed.screens, limits)]
    assertions.append(NEEDS_DOOR if jarvis_url is None else await _honest_health(jarvis_url, assertions))
    return sorted([*assertions, *ELSEWHERE], key=lambda assertion: int(assertion.invariant[1:]))


async def _honest_health(jarvis_url: str, assertions: list[Assertion]) -> Assertion:
    """I14: ready exactly as long as nothing stands still."""
    try:
        async with httpx.AsyncClient(timeout=READYZ_S, trust_env=False) as http:
            answer = await http.get(f"{jarvis_url.rstrip('/')}/readyz")
    except httpx.HTTPError as error:
        raise Temporary(f"no Jarvis answers at {jarvis_url}: {error}") from error
    stands_still = any(assertion.is_broken for assertion in assertions if assertion.invariant in {"I1", "I7"})
    why = "" if answer.is_success else f" ({answer.text[:REASONS]})"
    figure = f"/readyz answers {answer.status_code}{why}, I1 and I7 are {'broken' if stands_still else 'held'}"
    return Assertion("I14", "/readyz is bad when I1 or I7 is", figure, not (stands_still and answer.is_success))
