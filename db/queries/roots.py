"""Where events came from: the first event of each chain, for the trace that everything of the chain belongs to."""

from collections.abc import Sequence

from db.session import Tx


async def roots(tx: Tx, event_ids: Sequence[int]) -> dict[int, int]:
    """For each event the one that began its chain; what a person or the outside brought is its own root."""
    rows = await tx.rows(
        """
        WITH RECURSIVE line(asked, id, caused_by, command_id, depth) AS (
            SELECT e.id, e.id, e.caused_by,
                   CASE WHEN e.source = 'command' AND e.external_id ~ '^[0-9]{1,18}:'
                        THEN split_part(e.external_id, ':', 1)::bigint END, 0
            FROM events AS e WHERE e.id = ANY(%s)
            UNION ALL
            SELECT line.asked, e.id, e.caused_by,
                   CASE WHEN e.source = 'command' AND e.external_id ~ '^[0-9]{1,18}:'
                        THEN split_part(e.external_id, ':', 1)::bigint END, line.depth + 1
            FROM line
            LEFT JOIN runs AS r ON r.id = line.caused_by
            LEFT JOIN commands AS c ON c.id = line.command_id
            JOIN events AS e ON e.id = coalesce(r.event_id, c.event_id)
            WHERE line.depth < 50
        )
        SELECT DISTINCT ON (asked) asked, id FROM line ORDER BY asked, depth DESC
        """,
        (list(event_ids),),
    )
    return {row["asked"]: row["id"] for row in rows}


async def installation(tx: Tx) -> str:
    """The same for every process on this database and for no other: two installations never share a trace."""
    row = await tx.row("SELECT system_identifier || '/' || current_database() AS name FROM pg_control_system()")
    assert row is not None
    return row["name"]
