"""What a look-round needs to know, read once."""

from dataclasses import dataclass
from datetime import datetime

from agents.spec import Deps
from db.queries import alarms, media, status


@dataclass(frozen=True, slots=True)
class BranchSigns:
    """The ends of the first and the last full pass, and what else tells whether a branch is alive."""

    code: str
    zone: str
    last_webhook_at: datetime | None
    first_synced_at: datetime | None
    synced_at: datetime | None
    pass_heartbeat_at: datetime | None
    token_expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Context:
    branches: tuple[BranchSigns, ...]
    open_keys: frozenset[str]
    files: media.Waiting | None = None
    mended: tuple[str, ...] = ()
    """Keys of open alarms of dead or stopped work whose cause a person has mended."""
    priced_models: frozenset[str] = frozenset()
    """Models whose price the settings name now."""


async def load_context(deps: Deps) -> Context:
    async with deps.db.transaction() as tx:
        webhooks = {row["branch"]: row["last_at"] for row in await status.last_webhooks(tx)}
        syncs = {row["branch"]: row for row in await status.syncs(tx)}
        open_keys = await status.open_alarm_keys(tx)
        files = await media.waiting_for_storage(tx)
        mended = await alarms.causes_gone(tx)
    return Context(
        branches=tuple(
            BranchSigns(
                code=branch.code,
                zone=branch.timezone,
                last_webhook_at=webhooks.get(branch.code),
                first_synced_at=syncs[branch.code]["first_finished_at"] if branch.code in syncs else None,
                synced_at=syncs[branch.code]["finished_at"] if branch.code in syncs else None,
                pass_heartbeat_at=syncs[branch.code]["open_heartbeat"] if branch.code in syncs else None,
                token_expires_at=_token_expiry(deps, branch.code),
            )
            for branch in deps.settings.rentprog.branches
        ),
        open_keys=frozenset(open_keys),
        files=files,
        mended=tuple(mended),
        priced_models=frozenset(deps.settings.llm.prices),
    )


def _token_expiry(deps: Deps, branch: str) -> datetime | None:
    api = deps.rentprog.get(branch)
    return None if api is None else api.internal_token_expires_at
