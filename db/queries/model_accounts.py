"""What models cost, by day and by whatever pays: reserved before a question, settled after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from db.session import Tx


@dataclass(frozen=True, slots=True)
class Use:
    """Requests, tokens and US dollars."""

    requests: int
    tokens: int
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Payer:
    """An account of one day, and the most it pays that day."""

    scope: str
    key: str
    day: date
    limit: Use


async def reserve(tx: Tx, reservation: UUID, payers: Sequence[Payer], worst: Use, *, until: datetime) -> Payer | None:
    """Take ``worst`` from every account; the first that has not enough, when nothing was taken.

    The rows are locked in one order for everybody, so that questions at the same time cannot overspend together.
    """
    for payer in sorted(payers, key=lambda one: (one.scope, one.key)):
        if not await _has(tx, payer, worst):
            return payer
    for payer in payers:
        await tx.run(
            """INSERT INTO model_reservations (id, scope, key, day, requests, tokens, usd, until)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
            (reservation, payer.scope, payer.key, payer.day, worst.requests, worst.tokens, worst.usd, until),
        )
    return None


async def _has(tx: Tx, payer: Payer, worst: Use) -> bool:
    place = {"scope": payer.scope, "key": payer.key, "day": payer.day}
    await tx.run(
        """INSERT INTO model_accounts (scope, key, day) VALUES (%(scope)s, %(key)s, %(day)s)
           ON CONFLICT DO NOTHING""",
        place,
    )
    spent = await tx.row(
        """SELECT requests, tokens, usd FROM model_accounts
           WHERE scope = %(scope)s AND key = %(key)s AND day = %(day)s FOR UPDATE""",
        place,
    )
    held = await tx.row(
        """SELECT coalesce(sum(requests), 0)::bigint AS requests, coalesce(sum(tokens), 0)::bigint AS tokens,
                  coalesce(sum(usd), 0) AS usd
           FROM model_reservations WHERE scope = %(scope)s AND key = %(key)s AND day = %(day)s""",
        place,
    )
    assert spent is not None
    assert held is not None
    limit = payer.limit
    return (
        spent["requests"] + held["requests"] + worst.requests <= limit.requests
        and spent["tokens"] + held["tokens"] + worst.tokens <= limit.tokens
        and spent["usd"] + held["usd"] + worst.usd <= limit.usd
    )


async def settle(tx: Tx, reservation: UUID, spent: Use) -> None:
    """Put ``spent`` in place of what was reserved; a second time finds nothing and changes nothing."""
    await tx.run(
        """WITH held AS (
               DELETE FROM model_reservations WHERE id = %(id)s RETURNING scope, key, day
           ), paying AS (
               SELECT a.scope, a.key, a.day FROM model_accounts AS a JOIN held USING (scope, key, day)
               ORDER BY a.scope, a.key FOR UPDATE OF a
           )
           UPDATE model_accounts AS a
           SET requests = a.requests + %(requests)s, tokens = a.tokens + %(tokens)s, usd = a.usd + %(usd)s
           FROM paying WHERE (a.scope, a.key, a.day) = (paying.scope, paying.key, paying.day)""",
        {"id": reservation, "requests": spent.requests, "tokens": spent.tokens, "usd": spent.usd},
    )


async def of_day(tx: Tx, day: date, *, scope: str = "agent") -> list[dict[str, Any]]:
    """What each agent, branch or object used that day, the dearest first."""
    return await tx.rows(
        """SELECT key, requests, tokens, usd FROM model_accounts WHERE day = %s AND scope = %s AND requests > 0
           ORDER BY usd DESC, key""",
        (day, scope),
    )
