"""``jarvis check`` as an operator uses it."""

import json

from db.session import Database
from tests.orchestrator.check import ground
from tests.orchestrator.commands import jarvis


async def test_the_command_tells_every_invariant_and_its_exit_code_whether_all_hold(db: Database, db_url: str) -> None:
    await ground.lay(db)
    settings = {"JARVIS_DATABASE_URL": db_url}
    well = jarvis("check", "--json", settings=settings)
    assert (well.code, well.err) == (0, "")
    assert {row["invariant"] for row in json.loads(well.out)} == {f"I{number}" for number in range(1, 15)}

    async with db.transaction() as tx:
        await tx.run("UPDATE commands SET attempt = 9 WHERE id = 1")
    ill = jarvis("check", settings=settings)
    assert ill.code == 1
    [line] = [line for line in ill.out.splitlines() if "BROKEN" in line]
    assert "command 1: 9 tries" in line
