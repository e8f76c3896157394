"""What the oracle compares with the journal of the simulated outside: the webhooks, commands and topics we know."""

from typing import Any

from db.session import Tx


async def stored_bodies(tx: Tx) -> dict[tuple[str, str], int]:
    """How many events each webhook body made, by (branch, sha256 of the body)."""
    rows = await tx.rows(
        """SELECT branch, encode(sha256(raw), 'hex') AS hash, count(*) AS n FROM events
           WHERE source = 'rentprog' AND raw IS NOT NULL GROUP BY 1, 2"""
    )
    return {(row["branch"], row["hash"]): row["n"] for row in rows}


async def telegram_commands(tx: Tx) -> list[dict[str, Any]]:
    """Every command for Telegram with its line and what Telegram answered, in the order of ordering."""
    return await tx.rows(
        """SELECT c.id, c.kind, c.state, c.attempt, c.may_be_done, c.priority, r.agent, r.subject,
                  (c.payload->>'chat_id')::bigint AS chat_id, (c.result->>'message_id')::bigint AS message_id,
                  (c.result->>'thread_id')::bigint AS thread_id,
                  EXISTS (SELECT 1 FROM audit WHERE audit.subject = 'command:' || c.id) AS is_redriven
           FROM commands AS c LEFT JOIN runs AS r ON r.id = c.run_id
           WHERE c.system = 'telegram' ORDER BY c.id"""
    )


async def known_posts(tx: Tx) -> set[tuple[int, int]]:
    """(chat, message) of every card and farewell that Jarvis keeps in mind."""
    return {(row["chat_id"], row["message_id"]) for row in await tx.rows("SELECT chat_id, message_id FROM posts")}


async def known_topics(tx: Tx) -> set[tuple[int, int]]:
    """(chat, thread) of every topic that Jarvis ever opened and knows of."""
    rows = await tx.rows("SELECT chat_id, thread_id FROM topics WHERE thread_id IS NOT NULL")
    return {(row["chat_id"], row["thread_id"]) for row in rows}
