"""Runs cases ``k`` times, each time on a database of its own."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

from core.clock import FixedClock
from db.rights import APP_ROLE, as_role
from db.session import Database
from tests.agents.reading_tools.company import NOW, rentprog_at_work
from tests.conftest import APP_PASSWORD, fresh_database
from tests.evals.case import Case
from tests.evals.model import thinking
from tests.evals.play import Player
from tests.evals.report import Trials
from tests.evals.seen import Trial

Prepare = Callable[[Case], None]
"""Called before each trial; a scripted model is told its lines."""


async def run_cases(
    cases: Sequence[Case], llm, postgres: str, *, k: int, at_once: int = 1, prepare: Prepare | None = None
) -> Trials:
    """``at_once`` trials run side by side; a model that is told its lines before each can play only one."""
    trials: dict[str, list[Trial]] = defaultdict(list)
    room = asyncio.Semaphore(at_once)
    async with thinking(llm) as thinker, rentprog_at_work() as rentprog:
        player = Player(thinker, rentprog, FixedClock(NOW))

        async def one(case: Case) -> None:
            async with room:
                if prepare is not None:
                    prepare(case)
                with fresh_database(postgres) as url:
                    db = Database(as_role(url, APP_ROLE, password=APP_PASSWORD), pool_size=2)
                    trials[case.id].append(await player.play(case, db))
                    await db.close()

        async with asyncio.TaskGroup() as group:
            for case in cases:
                for _ in range(k):
                    group.create_task(one(case))
    return trials
