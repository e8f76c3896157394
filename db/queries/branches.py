"""Branches as the settings name them."""

from collections.abc import Sequence

from core.settings import BranchSettings
from db.session import Tx


async def put_branches(tx: Tx, branches: Sequence[BranchSettings]) -> None:
    """Bring the rows up to date; a branch that left the settings stays as history and is no longer active."""
    for branch in branches:
        await tx.run(
            """INSERT INTO branches (code, name, company_id, language, timezone) VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT (code) DO UPDATE SET name = excluded.name, company_id = excluded.company_id,
                   language = excluded.language, timezone = excluded.timezone, is_active = true""",
            (branch.code, branch.name, branch.company_id, branch.language, branch.timezone),
        )
    codes = [branch.code for branch in branches]
    await tx.run("UPDATE branches SET is_active = false WHERE code <> ALL(%s)", (codes,))


async def active(tx: Tx) -> list[str]:
    """Codes of the branches that the settings name."""
    return [row["code"] for row in await tx.rows("SELECT code FROM branches WHERE is_active ORDER BY code")]
