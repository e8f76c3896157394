"""Updates of Telegram in hand: each try is counted before its work, so that an update that kills us is met again."""

from dataclasses import dataclass

from db.session import Tx

# What Telegram keeps for a day is remembered for three. Old rows go a few at a time, with the work that adds new ones.
_TAKE = """
WITH forgotten AS (
    DELETE FROM telegram_updates WHERE (bot_id, update_id) IN (
        SELECT bot_id, update_id FROM telegram_updates
        WHERE taken_at < now() - interval '3 days' ORDER BY taken_at LIMIT 10 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO telegram_updates AS known (bot_id, update_id, content_hash, tries)
VALUES (%(bot_id)s, %(update_id)s, %(content_hash)s, %(counted)s)
ON CONFLICT (bot_id, update_id) DO UPDATE SET tries =
    CASE WHEN known.settled_at IS NULL THEN known.tries + EXCLUDED.tries ELSE known.tries END
RETURNING tries, settled_at IS NOT NULL AS is_settled, content_hash <> %(content_hash)s AS is_changed
"""


@dataclass(frozen=True, slots=True)
class UpdateKey:
    """``content_hash`` tells a repeat from another update under the same number."""

    bot_id: int
    update_id: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class Taken:
    """``tries`` counts this one. ``is_settled``: it was done with before, by us or by another process."""

    tries: int
    is_settled: bool
    is_changed: bool


async def take(tx: Tx, key: UpdateKey, *, is_new_try: bool) -> Taken:
    row = await tx.row(
        _TAKE,
        {
            "bot_id": key.bot_id,
            "update_id": key.update_id,
            "content_hash": key.content_hash,
            "counted": int(is_new_try),
        },
    )
    assert row is not None
    return Taken(row["tries"], row["is_settled"], row["is_changed"])


async def settle(tx: Tx, key: UpdateKey) -> None:
    await tx.run(
        "UPDATE telegram_updates SET settled_at = now() WHERE bot_id = %s AND update_id = %s AND settled_at IS NULL",
        (key.bot_id, key.update_id),
    )


async def hand_back(tx: Tx, key: UpdateKey) -> None:
    """The try was ended by the world or by our own stop: it does not count."""
    await tx.run(
        """UPDATE telegram_updates SET tries = greatest(tries - 1, 0)
           WHERE bot_id = %s AND update_id = %s AND settled_at IS NULL""",
        (key.bot_id, key.update_id),
    )
