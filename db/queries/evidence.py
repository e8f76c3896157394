"""What a scene, a flow or an oracle looks for in the database to believe that something happened, once."""

from typing import Any
from uuid import UUID

from db.session import Tx


async def branches_synced(tx: Tx) -> list[str]:
    rows = await tx.rows("SELECT DISTINCT branch FROM sync_runs WHERE finished_at IS NOT NULL ORDER BY branch")
    return [row["branch"] for row in rows]


async def rows_stored(tx: Tx) -> dict[str, int]:
    """Live rows of the mirrored company."""
    row = await tx.row(
        """SELECT (SELECT count(*) FROM cars WHERE deleted_at IS NULL) AS cars,
                  (SELECT count(*) FROM clients WHERE deleted_at IS NULL) AS clients,
                  (SELECT count(*) FROM bookings WHERE deleted_at IS NULL) AS bookings"""
    )
    assert row is not None
    return row


async def branch_of_car(tx: Tx, car_id: UUID) -> str | None:
    row = await tx.row("SELECT branch FROM cars WHERE id = %s", (car_id,))
    return None if row is None else row["branch"]


async def car_ids_in(tx: Tx, branch: str) -> list[UUID]:
    rows = await tx.rows(
        "SELECT id FROM cars WHERE branch = %s AND deleted_at IS NULL AND active IS NOT FALSE ORDER BY rentprog_id",
        (branch,),
    )
    return [row["id"] for row in rows]


async def events_of(tx: Tx, kind: str, subject: str) -> list[int]:
    rows = await tx.rows("SELECT id FROM events WHERE kind = %s AND subject = %s ORDER BY id", (kind, subject))
    return [row["id"] for row in rows]


async def kinds(tx: Tx) -> dict[str, int]:
    """How many events of each kind there are."""
    rows = await tx.rows("SELECT kind, count(*) AS n FROM events GROUP BY kind")
    return {row["kind"]: row["n"] for row in rows}


async def raw_bodies(tx: Tx, kind: str) -> list[bytes]:
    rows = await tx.rows("SELECT raw FROM events WHERE kind = %s AND raw IS NOT NULL ORDER BY id", (kind,))
    return [bytes(row["raw"]) for row in rows]


async def live_topic(tx: Tx, chat_id: int, entity: str) -> dict[str, Any] | None:
    """The topic's thread id, version and whether it is closed; None when none is live."""
    return await tx.row(
        """SELECT thread_id, version, is_closed FROM topics
           WHERE chat_id = %s AND entity = %s AND state = 'live'""",
        (chat_id, entity),
    )


async def live_topics(tx: Tx, chat_id: int) -> int:
    row = await tx.row(
        "SELECT count(*) AS n FROM topics WHERE chat_id = %s AND state = 'live' AND NOT is_closed", (chat_id,)
    )
    assert row is not None
    return row["n"]


async def mileage_of(tx: Tx, car_id: UUID) -> int | None:
    row = await tx.row("SELECT mileage FROM cars WHERE id = %s", (car_id,))
    return None if row is None else row["mileage"]


async def car(tx: Tx, car_id: UUID) -> dict[str, Any] | None:
    return await tx.row("SELECT branch, plate, mileage, clean, deleted_at FROM cars WHERE id = %s", (car_id,))


async def booking(tx: Tx, booking_id: UUID) -> dict[str, Any] | None:
    return await tx.row(
        """SELECT branch, state, car_id, client_id, client_rentprog_id, start_mileage, end_mileage, deleted_at
           FROM bookings WHERE id = %s""",
        (booking_id,),
    )


async def quarantined(tx: Tx) -> list[dict[str, Any]]:
    """What is kept and not applied, oldest first."""
    return await tx.rows(
        "SELECT entity, external_id, reason FROM quarantine WHERE released_at IS NULL ORDER BY at, entity"
    )


async def drift_of(tx: Tx, branch: str) -> list[Any]:
    """The drift report of the branch's last finished pass: what webhooks had missed."""
    row = await tx.row(
        """SELECT drift FROM sync_runs WHERE branch = %s AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1""",
        (branch,),
    )
    return [] if row is None else row["drift"]


async def media_of(tx: Tx, chat_id: int, message_ids: list[int]) -> list[dict[str, Any]]:
    return await tx.rows(
        "SELECT storage_key, sha256, message_id FROM media WHERE chat_id = %s AND message_id = ANY(%s)",
        (chat_id, message_ids),
    )


async def tries_of(tx: Tx, kind: str) -> list[dict[str, Any]]:
    """How each command of a kind went: its state and how often it was tried."""
    return await tx.rows("SELECT state, attempt FROM commands WHERE kind = %s ORDER BY id", (kind,))


async def role_of(tx: Tx, tg_user_id: int) -> str | None:
    row = await tx.row(
        "SELECT role FROM people WHERE tg_user_id = %s AND is_active AND approved_at IS NOT NULL", (tg_user_id,)
    )
    return None if row is None else row["role"]


async def forum_of_branch(tx: Tx, branch: str) -> int | None:
    row = await tx.row("SELECT chat_id FROM chats WHERE branch = %s AND purpose = 'branch_forum'", (branch,))
    return None if row is None else row["chat_id"]


async def unfinished(tx: Tx) -> dict[str, int]:
    """Work that is not done yet, and work that died (invariant I1 after quiet)."""
    row = await tx.row(
        """SELECT (SELECT count(*) FROM runs WHERE state IN ('queued','running','waiting')) AS runs,
                  (SELECT count(*) FROM commands WHERE state IN ('pending','sending')) AS commands,
                  (SELECT count(*) FROM runs WHERE state = 'dead')
                  + (SELECT count(*) FROM commands WHERE state IN ('dead','unknown')) AS dead"""
    )
    assert row is not None
    return row


async def plates(tx: Tx, branch: str) -> list[str]:
    rows = await tx.rows(
        "SELECT plate FROM cars WHERE branch = %s AND plate IS NOT NULL AND deleted_at IS NULL ORDER BY plate",
        (branch,),
    )
    return [row["plate"] for row in rows]


async def sync_totals(tx: Tx) -> dict[str, int]:
    """Finished passes, and what all passes read and wrote."""
    row = await tx.row(
        """SELECT count(*) FILTER (WHERE finished_at IS NOT NULL) AS passes,
                  coalesce(sum(read), 0)::bigint AS read, coalesce(sum(added + updated), 0)::bigint AS written
           FROM sync_runs"""
    )
    assert row is not None
    return row


async def group_of(tx: Tx, tg_user_id: int) -> int | None:
    """The personal group that a person has bound."""
    row = await tx.row(
        """SELECT c.chat_id FROM chats AS c JOIN people AS p ON p.id = c.person_id
           WHERE p.tg_user_id = %s AND c.purpose = 'personal_group'""",
        (tg_user_id,),
    )
    return None if row is None else row["chat_id"]
