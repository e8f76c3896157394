"""What became of ordered commands, by the effect key that names them."""

from collections.abc import Sequence
from datetime import datetime

from db.session import Tx


async def sent_messages(tx: Tx, effect_keys: Sequence[str]) -> dict[str, int]:
    """Telegram's message ids of those that were sent."""
    rows = await tx.rows(
        """SELECT effect_key, (result ->> 'message_id')::bigint AS message_id FROM commands
           WHERE effect_key = ANY(%s) AND state = 'sent' AND result ? 'message_id'""",
        (list(effect_keys),),
    )
    return {row["effect_key"]: row["message_id"] for row in rows}


async def withdraw(tx: Tx, effect_keys: Sequence[str], *, reason: str) -> int:
    """Cancel those that nobody has begun to perform; returns how many."""
    return await tx.run(
        "UPDATE commands SET state = 'cancelled', error = %s WHERE effect_key = ANY(%s) AND state = 'pending'",
        (reason, list(effect_keys)),
    )


async def was_ordered_since(tx: Tx, effect_keys: Sequence[str], since: datetime) -> bool:
    row = await tx.row(
        "SELECT 1 AS one FROM commands WHERE effect_key = ANY(%s) AND created_at > %s LIMIT 1",
        (list(effect_keys), since),
    )
    return row is not None
