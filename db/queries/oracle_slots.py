"""What the oracle asks about the clock: the rules in force, and the slots that were delivered."""

from datetime import datetime
from typing import Any

from db.session import Tx


async def rules(tx: Tx) -> list[dict[str, Any]]:
    """The clock's rules that are in force, with their next slot."""
    return await tx.rows(
        "SELECT name, cron, timezone, catch_up, next_slot FROM schedules WHERE is_enabled ORDER BY name"
    )


async def ticks(tx: Tx, *, since: datetime) -> list[dict[str, Any]]:
    """What the clock delivered: rule, slot, and when it was recorded, oldest slot first."""
    return await tx.rows(
        """SELECT split_part(external_id, '@', 1) AS rule, split_part(external_id, '@', 2)::timestamptz AS slot,
                  received_at
           FROM events WHERE source = 'clock' AND received_at >= %s ORDER BY slot, id""",
        (since,),
    )
