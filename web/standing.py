"""How Jarvis stands at this moment: ready or not, with reasons, and the facts behind them."""

from dataclasses import dataclass
from typing import Any

from core.health import standing_by_order, standing_still
from db.migrate import current_revision, is_behind
from db.queries import circle_state, status
from db.session import Database


@dataclass(frozen=True, slots=True)
class Standing:
    """``reasons`` make Jarvis not ready; ``notes`` tell what stands still because somebody said so."""

    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    facts: dict[str, Any]

    @property
    def is_ready(self) -> bool:
        return not self.reasons


async def standing(db: Database, *, stall_s: float) -> Standing:
    revision = await current_revision(db)
    async with db.transaction() as tx:
        facts: dict[str, Any] = {
            "queues": await status.queues(tx),
            "commands": await status.destinations(tx),
            "troubles": await status.troubles(tx),
            "pauses": await status.pauses(tx),
            "parked": await status.parked(tx),
            "syncs": await status.syncs(tx),
            "webhooks": await status.last_webhooks(tx),
            "heartbeats": await status.heartbeats(tx),
            "share_without_model": (await circle_state.model_use(tx))["share_without_model"],
        }
    reasons = [f"the database stands at revision {revision}"] if is_behind(revision) else []
    reasons += standing_still(facts, stall_s=stall_s)
    return Standing(tuple(reasons), tuple(standing_by_order(facts)), facts)
