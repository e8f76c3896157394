"""What the database tells about conversations: nobody is overlooked, nothing is stuck or leaves unconsented."""

from typing import Any

from db.queries import oracle_conversations as known
from db.queries.approvals import arguments_hash
from db.queries.oracle import Tally
from db.session import Tx
from orchestrator.check.assertion import Assertion, counted
from orchestrator.check.limits import Limits

LATE_TIMES = 2
"""A due wait is found by a tick and looked at by an event of its own: each may take as long as work may stall."""
UNDECIDED = ("awaiting_approval", "cancelled")


async def nobody_overlooked(tx: Tx, limits: Limits, since: int) -> list[Assertion]:
    """I1, of what clients and staff say to each other."""
    quiet = limits.quiet_for_s
    return [
        counted("I1", "every message of a client is shown to somebody, or an alarm says that nobody can see it",
                await known.unshown(tx, since=since, quiet_for_s=quiet)),
        counted("I1", "every message to a client is sent, or somebody is told that it is not",
                await known.stuck(tx, quiet_for_s=quiet)),
        counted("I1", "who waits for an answer has somebody who owes it",
                await known.unowed(tx, since=since, quiet_for_s=quiet)),
        counted("I1", "what is owed is looked at again until everybody was told",
                await known.forgotten_waits(tx, late_s=LATE_TIMES * limits.stall_s)),
        counted("I2", "an answer is owed once", await known.doubled_waits(tx)),
    ]  # fmt: skip


async def nothing_without_consent(tx: Tx, _limits: Limits, _since: int) -> list[Assertion]:
    """I8, of what waits for a person's word."""
    asked = await known.consents(tx)
    twice = [row["id"] for row in asked if len(row["consumed"]) > 1]
    wrong = [row["id"] for row in asked if row["state"] not in UNDECIDED and not _is_as_consented(row)]
    return [
        counted("I8", "what was released is exactly what somebody consented to", _commands(len(asked), wrong)),
        counted("I8", "a consent is used once", _commands(len(asked), twice)),
        counted("I8", "no offer leaves without a consent of its own", await known.offers_without_consent(tx)),
    ]


def _is_as_consented(row: dict[str, Any]) -> bool:
    return arguments_hash(row["kind"], row["payload"], row["destination"]) in row["consumed"]


def _commands(seen: int, wrong: list[int]) -> Tally:
    return Tally(seen, len(wrong), f"command {wrong[0]}" if wrong else None)
