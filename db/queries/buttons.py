"""Buttons: the rows behind opaque tokens, made when a message is sent, looked up and used when one is pressed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from core.commands import Button
from db.session import Tx

TOKEN_BYTES = 24
"""192 random bits: 32 characters of the 64 bytes that callback data may have."""

LIFE = timedelta(days=30)
"""How long a button answers when its sender names no end; after it a person asks anew."""


@dataclass(frozen=True, slots=True)
class StoredButton:
    """A button as a press finds it. Whether the presser may is for the caller to decide, on rights read now."""

    token: str
    group_key: str
    chat_id: int
    event_kind: str
    payload: dict[str, Any]
    subject: str
    min_role: str
    only_user: int | None
    branch: str | None
    is_expired: bool
    is_used: bool
    """Some button of the group was used already."""


async def create_buttons(
    tx: Tx,
    chat_id: int,
    rows: Sequence[Sequence[Button]],
    *,
    group_key: str,
    expires_at: datetime | None = None,
) -> list[list[str]]:
    """Store the buttons of one message; returns their tokens (callback data) in the same rows.

    ``group_key`` names the question: one press uses up every button that shares it, also those of a message that was
    sent twice because the answer to the first try was lost. The effect key of the command suits.
    """
    tokens = [[secrets.token_urlsafe(TOKEN_BYTES) for _ in row] for row in rows]
    buttons = [button for row in rows for button in row]
    await tx.run(
        """INSERT INTO buttons (token, group_key, chat_id, event_kind, payload, subject, min_role, only_user, branch,
                                expires_at)
           SELECT token, %(group_key)s, %(chat_id)s, event_kind, payload, subject, min_role, only_user,
                  payload ->> 'branch', coalesce(%(expires_at)s, now() + %(life)s)
           FROM unnest(%(token)s::text[], %(event_kind)s::text[], %(payload)s::jsonb[], %(subject)s::text[],
                       %(min_role)s::text[], %(only_user)s::bigint[])
                AS given(token, event_kind, payload, subject, min_role, only_user)""",
        {
            "group_key": group_key,
            "chat_id": chat_id,
            "expires_at": expires_at,
            "life": LIFE,
            "token": [token for row in tokens for token in row],
            "event_kind": [button.event_kind for button in buttons],
            "payload": [Jsonb(button.event) for button in buttons],
            "subject": [button.subject for button in buttons],
            "min_role": [button.min_role for button in buttons],
            "only_user": [button.only for button in buttons],
        },
    )
    return tokens


async def find(tx: Tx, token: str, *, chat_id: int) -> StoredButton | None:
    """The button behind a token; None where it is unknown or belongs to a message of another chat."""
    row = await tx.row(
        """SELECT b.token, b.group_key, b.chat_id, b.event_kind, b.payload, b.subject, b.min_role, b.only_user,
                  b.branch, b.expires_at <= now() AS is_expired,
                  EXISTS (SELECT 1 FROM buttons AS s WHERE s.group_key = b.group_key AND s.used_at IS NOT NULL)
                  AS is_used
           FROM buttons AS b WHERE b.token = %s AND b.chat_id = %s""",
        (token, chat_id),
    )
    return None if row is None else StoredButton(**row)


async def take(tx: Tx, button: StoredButton, *, user_id: int) -> bool:
    """Use the button up with its whole group; False when a press used one of them before this one.

    The lock of the group makes two presses at once take turns; it is gone with the transaction.
    """
    await tx.run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", (button.group_key,))
    used = await tx.row(
        "SELECT 1 AS one FROM buttons WHERE group_key = %s AND used_at IS NOT NULL LIMIT 1", (button.group_key,)
    )
    if used is not None:
        return False
    await tx.run(
        "UPDATE buttons SET used_at = now(), used_by = %s WHERE token = %s",
        (user_id, button.token),
    )
    return True


async def times_used(tx: Tx, group_key: str) -> int:
    """How many drawings of one look were used up by a press: ``<group_key>:0``, ``<group_key>:1`` and so on."""
    row = await tx.row(
        """WITH RECURSIVE used(drawing) AS (
               SELECT 0
               UNION ALL
               SELECT drawing + 1 FROM used
               WHERE EXISTS (SELECT 1 FROM buttons WHERE group_key = %s || ':' || used.drawing
                             AND used_at IS NOT NULL)
           )
           SELECT max(drawing) AS drawings FROM used""",
        (group_key,),
    )
    assert row is not None
    return int(row["drawings"])


async def forget_expired(tx: Tx, *, keep: timedelta) -> int:
    """Delete buttons that stopped answering ``keep`` ago; returns how many."""
    return await tx.run("DELETE FROM buttons WHERE expires_at < now() - %s", (keep,))
