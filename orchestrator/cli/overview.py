"""The facts of ``jarvis status``: everything that is read for it, under the keys that ``--json`` promises."""

from importlib.metadata import version
from typing import Any

from core.health import standing_by_order, standing_still
from db.migrate import current_revision, is_behind, newest_revision
from db.queries import circle_state, gauges, status
from db.session import Database

Facts = dict[str, Any]


async def overview(db: Database, *, stall_s: float) -> Facts:
    """One look, in one transaction. The keys are stable: docs/RUNBOOK.md lists them, and a test holds it to that."""
    revision = await current_revision(db)
    versions = {"jarvis": version("jarvis-rental"), "schema": revision, "schema_wanted": newest_revision()}
    if is_behind(revision):
        reason = f"the database stands at revision {revision}; `jarvis db upgrade` brings {newest_revision()}"
        return {"is_ready": False, "reasons": [reason], "notes": [], "versions": versions}
    async with db.transaction() as tx:
        server = await circle_state.server(tx)
        facts: Facts = {
            "at": server["at"],
            "queues": await status.queues(tx),
            "stages": await circle_state.stages(tx),
            "oldest_runs": await circle_state.oldest_runs(tx),
            "commands": await status.destinations(tx),
            "oldest_commands": await circle_state.oldest_commands(tx),
            "longest_queues": await circle_state.longest_queues(tx),
            "leases": await circle_state.leases(tx),
            "left_behind": await gauges.left_behind(tx, for_s=stall_s),
            "troubles": await status.troubles(tx),
            "pauses": [
                {**pause, "by": await circle_state.paused_by(tx, **_named(pause))} for pause in await status.pauses(tx)
            ],
            "parked": await status.parked(tx),
            "syncs": await status.syncs(tx),
            "drift": await circle_state.drift(tx),
            "webhooks": await status.last_webhooks(tx),
            "heartbeats": await status.heartbeats(tx),
            "processes": await circle_state.processes(tx),
            "schedules": await circle_state.schedules(tx),
            "models": await circle_state.model_use(tx),
        }
    facts["share_without_model"] = facts["models"]["share_without_model"]
    facts["versions"] = versions | {"postgres": server["postgres"]}
    facts["database_bytes"] = server["bytes"]
    reasons = standing_still(facts, stall_s=stall_s)
    return {"is_ready": not reasons, "reasons": reasons, "notes": standing_by_order(facts), **facts}


def _named(pause: Facts) -> Facts:
    return {name: pause[name] for name in ("scope", "name", "since")}
