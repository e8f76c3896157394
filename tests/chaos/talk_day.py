"""A working day on which clients write, some roles have ended, and nobody but the test looks at the clock."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from core.events import InboxDue
from orchestrator import telegram_roles
from orchestrator.roles import Role, bot, clock, ingress, relay, worker
from tests.chaos.processes import Process, installation, running
from tests.chaos.umnico_deliverer import main
from tests.flows.company import ADMIN, CLERK, HEAD
from tests.flows.opening import company_at_work, jarvis_running
from tests.flows.talk import Talk
from tests.wait import wait_until

REST: tuple[Role, ...] = (ingress, relay, bot, telegram_roles.deliver)
"""Who goes on all day, in this process."""


@asynccontextmanager
async def talk_day(
    db_url: str, redis_url: str, home: Path, *, stays: Sequence[Role] = (worker,)
) -> AsyncIterator[Talk]:
    """Nobody sends to clients; without a worker among those who stay nobody thinks either."""
    ends = [role for role in (worker, clock) if role not in stays]
    async with (
        company_at_work(db_url, redis_url, home, roles=(), talks=True) as company,
        jarvis_running(company, [*REST, *stays]),
    ):
        talk = Talk(company)
        async with jarvis_running(company, ends):
            await _open(talk)
        yield talk


async def _open(talk: Talk) -> None:
    await talk.director.start(talk.company.people[ADMIN])
    await talk.company.synced()
    await talk.meet()
    await talk.hire(CLERK)
    await talk.hire(HEAD, "branch_head")
    await talk.tick(InboxDue())

    async def is_hooked() -> bool:
        return any(hook["status"] == 1 for hook in await talk.clients.webhooks())

    await wait_until(is_hooked, timeout_s=talk.company.patience_s)
    await talk.quiet()


@contextmanager
def umnico_deliverer(talk: Talk, *, failpoint: str = "", tries: int | None = None) -> Iterator[Process]:
    """``tries``: after so many it gives a message up."""
    given = talk.company.settings
    work = given.work if tries is None else given.work.model_copy(update={"max_attempts": tries})
    settings = installation(given.model_copy(update={"work": work}), talk.company.servers)
    log = given.home / "umnico.log"
    with running("deliver", settings=settings, log=log, failpoint=failpoint, main=main) as process:
        yield process
