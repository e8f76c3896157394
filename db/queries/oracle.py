"""What the oracle asks the database: each question counts what it saw and what breaks a rule; nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.rights import APP_ROLE
from db.session import Tx


@dataclass(frozen=True, slots=True)
class Tally:
    """``wrong`` of ``seen`` break the rule; ``example`` names one of them."""

    seen: int
    wrong: int
    example: str | None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """``late``: may go on and has not for the given time. ``by_order``: parked or paused, so not counted as late."""

    runs: int
    commands: int
    late: int
    by_order: int
    oldest_s: float
    example: str | None


async def look_only(tx: Tx, *, timeout_s: float) -> None:
    """All questions of this transaction see one moment, write nothing, and give up after ``timeout_s`` each."""
    await tx.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    await tx.run("SELECT set_config('statement_timeout', %s, true)", (f"{timeout_s * 1000:.0f}",))


async def first_event(tx: Tx, *, newest: int) -> int:
    """The first of the ``newest`` events: older history is left alone, so that a look stays short."""
    row = await tx.row("SELECT id FROM events ORDER BY id DESC OFFSET %s LIMIT 1", (newest - 1,))
    if row is None:
        row = await tx.row("SELECT coalesce(min(id), 0) AS id FROM events")
    assert row is not None
    return row["id"]


async def events_without_runs(tx: Tx, *, since: int, plans: Sequence[tuple[str, str]]) -> Tally:
    """Events that lack the run of an agent; ``plans`` are (kind, agent).

    After an upgrade that gave a kind a new agent, its older events rightly have no run of it: only those after the
    first one that has are judged, or all when none has.
    """
    return await tally(
        tx,
        """WITH plan AS (
               SELECT kind, agent, coalesce((
                   SELECT min(runs.event_id) FROM runs JOIN events ON events.id = runs.event_id
                   WHERE events.kind = given.kind AND runs.agent = given.agent AND runs.event_id >= %(since)s
               ), 0) AS beginning
               FROM unnest(%(kinds)s::text[], %(agents)s::text[]) AS given(kind, agent)
           )
           SELECT runs.id IS NULL AND events.id > plan.beginning AS is_wrong,
                  format('event %%s (%%s) has no run of %%s', events.id, events.kind, plan.agent) AS example
           FROM events JOIN plan USING (kind) LEFT JOIN runs ON runs.event_id = events.id AND runs.agent = plan.agent
           WHERE events.id >= %(since)s""",
        {"since": since, "kinds": [kind for kind, _ in plans], "agents": [agent for _, agent in plans]},
    )


async def forgotten_runs(tx: Tx) -> Tally:
    """Waiting runs before which nothing stands, in their line or in their event: nobody would ever promote them."""
    return await tally(
        tx,
        """SELECT NOT EXISTS (SELECT 1 FROM runs AS head
                      WHERE head.agent = run.agent AND head.subject = run.subject
                        AND head.state IN ('queued', 'running'))
              AND NOT EXISTS (SELECT 1 FROM runs AS older
                      WHERE older.agent = run.agent AND older.subject = run.subject
                        AND older.state = 'waiting' AND older.event_id < run.event_id)
              AND NOT EXISTS (SELECT 1 FROM runs AS earlier
                      WHERE earlier.event_id = run.event_id AND earlier.stage < run.stage
                        AND earlier.state IN ('queued', 'running', 'waiting')) AS is_wrong,
              format('run %%s of %%s (%%s) waits for nothing', run.id, run.agent, run.subject) AS example
           FROM runs AS run WHERE run.state = 'waiting'""",
    )


async def unfinished(tx: Tx, *, longer_than_s: float) -> Unfinished:
    """Work that is not done. With 0 everything counts; else only what could go on and has not for that long.

    ``oldest_s`` is the age of the oldest that nobody has taken although it may start.
    """
    row = await tx.row(
        """WITH work AS (
               SELECT 'run' AS what, runs.id, runs.agent AS name,
                      extract(epoch FROM now() - greatest(queued_at, not_before, started_at))::float AS age,
                      state <> 'waiting' AS may_go, state = 'queued' AS is_ready,
                      EXISTS (SELECT 1 FROM pauses WHERE scope = 'agent' AND name = agent) AS is_ordered
               FROM runs WHERE state IN ('queued', 'running', 'waiting')
               UNION ALL
               SELECT 'command', commands.id, kind,
                      extract(epoch FROM now() - greatest(created_at, not_before, d.held_until))::float, true,
                      state = 'pending',
                      d.parked_at IS NOT NULL
                      OR EXISTS (SELECT 1 FROM pauses WHERE scope = 'system' AND name = commands.system)
               FROM commands LEFT JOIN destinations AS d USING (destination)
               WHERE state IN ('pending', 'sending')
           ), judged AS (
               SELECT *, %(limit)s = 0 OR may_go AND NOT is_ordered AND age > %(limit)s AS is_late FROM work
           )
           SELECT count(*) FILTER (WHERE what = 'run') AS runs, count(*) FILTER (WHERE what = 'command') AS commands,
                  count(*) FILTER (WHERE is_late) AS late,
                  count(*) FILTER (WHERE is_ordered) AS by_order,
                  coalesce(max(age) FILTER (WHERE is_ready AND NOT is_ordered AND age > 0), 0)::float AS oldest_s,
                  min(format('%%s %%s (%%s)', what, id, name)) FILTER (WHERE is_late) AS example
           FROM judged""",
        {"limit": longer_than_s},
    )
    assert row is not None
    return Unfinished(**row)


async def wrongly_unknown(tx: Tx, *, repeatable: Sequence[str]) -> Tally:
    """Commands that stand as ``unknown`` although their kind may repeat: they should have been sent again."""
    return await tally(
        tx,
        """SELECT kind = ANY(%(kinds)s::text[]) AS is_wrong, format('command %%s (%%s) is unknown', id, kind) AS example
           FROM commands WHERE state = 'unknown'""",
        {"kinds": list(repeatable)},
    )


async def repeated_by_itself(tx: Tx, *, since: int, repeatable: Sequence[str]) -> Tally:
    """Commands that must never repeat and were tried again after a lost answer without a person's order."""
    return await tally(
        tx,
        """SELECT may_be_done AND state IN ('pending', 'sending', 'sent') AND NOT EXISTS (
                      SELECT 1 FROM audit WHERE audit.subject = 'command:' || commands.id) AS is_wrong,
                  format('command %%s (%%s) was sent again by itself', id, kind) AS example
           FROM commands WHERE kind <> ALL(%(kinds)s::text[]) AND coalesce(event_id, %(since)s) >= %(since)s""",
        {"kinds": list(repeatable), "since": since},
    )


async def out_of_order_runs(tx: Tx, *, since: int) -> Tally:
    """Runs that ended before an older one of their line, or before an earlier stage of their event.

    What a person redrove ends late by order and is left out.
    """
    return await tally(
        tx,
        """WITH ended AS (
               SELECT id, agent, subject, event_id, stage, finished_at FROM runs
               WHERE event_id >= %(since)s AND state IN ('done', 'failed')
                 AND NOT EXISTS (SELECT 1 FROM audit WHERE audit.subject = 'run:' || runs.id)
           ), placed AS (
               SELECT *, lag(finished_at) OVER (PARTITION BY agent, subject ORDER BY event_id) AS older,
                      max(finished_at) OVER (PARTITION BY event_id ORDER BY stage
                          RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier_stage
               FROM ended
           )
           SELECT coalesce(finished_at < older, false) OR coalesce(finished_at < earlier_stage, false) AS is_wrong,
                  format('run %%s of %%s (%%s) overtook one before it', id, agent, subject) AS example
           FROM placed""",
        {"since": since},
    )


async def out_of_order_commands(tx: Tx, *, since: int) -> Tally:
    """Commands of one line to one destination, of one priority, that were sent before an older one of theirs.

    One that absorbed others shows the state of its delivery and takes the best priority of them: it has no place.
    """
    return await tally(
        tx,
        """WITH sent AS (
               SELECT c.id, c.kind, c.destination, c.sent_at,
                      lag(c.sent_at) OVER line AS older_at, lag(c.id) OVER line AS older_id
               FROM commands AS c JOIN runs AS r ON r.id = c.run_id
               WHERE c.state = 'sent' AND c.merged = 0 AND r.event_id >= %(since)s
                 AND NOT EXISTS (SELECT 1 FROM audit WHERE audit.subject = 'command:' || c.id)
               WINDOW line AS (PARTITION BY r.agent, r.subject, c.destination, c.priority ORDER BY c.id)
           )
           SELECT coalesce(sent_at < older_at, false) AS is_wrong,
                  format('command %%s (%%s) to %%s overtook %%s', id, kind, destination, older_id) AS example
           FROM sent""",
        {"since": since},
    )


async def torn_runs(tx: Tx, *, since: int) -> Tally:
    """What runs caused (events, commands, audit rows) that was not saved by the transaction that ended the run.

    ``now()`` is one moment within a transaction: equal times are one transaction (a run of a batch starts and ends in
    one). Where a row may have another time (the audit tells the host's), the transaction's number decides. The run of
    what is older than a day may be forgotten history.
    """
    return await tally(
        tx,
        """WITH caused AS (
               SELECT 'event' AS what, id, caused_by AS run_id, received_at AS at, xmin::text AS transaction
               FROM events WHERE id >= %(since)s AND caused_by IS NOT NULL
               UNION ALL
               SELECT 'command', id, run_id, created_at, xmin::text
               FROM commands WHERE run_id IS NOT NULL AND event_id >= %(since)s
               UNION ALL
               SELECT 'audit row', audit.id, audit.run_id, NULL, audit.xmin::text
               FROM audit JOIN runs ON runs.id = audit.run_id WHERE runs.event_id >= %(since)s
           )
           SELECT run.id IS NULL OR run.state <> 'done'
                  OR NOT (coalesce(caused.at IN (run.started_at, run.finished_at), false)
                          OR caused.transaction = run.xmin::text)
                  AS is_wrong,
                  format('%%s %%s of run %%s (%%s)', what, caused.id, run_id, coalesce(run.state, 'missing')) AS example
           FROM caused LEFT JOIN runs AS run ON run.id = caused.run_id
           WHERE run.id IS NOT NULL OR caused.at > now() - interval '1 day'""",
        {"since": since},
    )


async def torn_commands(tx: Tx, *, since: int) -> Tally:
    """Events that commands brought about while no command is marked sent in the same transaction.

    They are named after the command, or have a name of their own: a stored file is one file, whoever stored it.
    """
    return await tally(
        tx,
        """SELECT command.state <> 'sent' OR command.sent_at IS DISTINCT FROM event.received_at AS is_wrong,
                  format('event %%s of command %%s (%%s)', event.id, command.id, command.state) AS example
           FROM (SELECT id, received_at, split_part(external_id, ':', 1)::bigint AS command_id FROM events
                 WHERE source = 'command' AND id >= %(since)s AND external_id ~ '^[0-9]+:') AS event
           JOIN commands AS command ON command.id = event.command_id
           UNION ALL
           SELECT NOT EXISTS (SELECT 1 FROM commands AS keeping
                              WHERE keeping.kind = 'telegram.keep_media' AND keeping.sent_at = event.received_at),
                  format('event %%s of a stored file', event.id)
           FROM events AS event
           WHERE event.kind = 'media.stored' AND event.id >= %(since)s
             AND event.received_at >= (SELECT min(sent_at) FROM commands)""",
        {"since": since},
    )


async def torn_mirror(tx: Tx, *, since: int) -> Tally:
    """Rows of the mirror written by an event of which no run is done: the change without its run."""
    return await tally(
        tx,
        """SELECT NOT EXISTS (SELECT 1 FROM runs WHERE runs.event_id = row.event_id AND runs.state = 'done')
                  AS is_wrong,
                  format('%%s %%s of event %%s', what, row.id, row.event_id) AS example
           FROM (SELECT 'car' AS what, id, updated_by_event AS event_id FROM cars
                 UNION ALL SELECT 'client', id, updated_by_event FROM clients
                 UNION ALL SELECT 'booking', id, updated_by_event FROM bookings) AS row
           JOIN events ON events.id = row.event_id
           WHERE row.event_id >= %(since)s""",
        {"since": since},
    )


async def over_limits(tx: Tx, *, since: int, max_attempts: int, note_length: int, body_bytes: int) -> Tally:
    """Runs and commands tried too often, notes too long, raw bodies too big."""
    return await tally(
        tx,
        """SELECT attempt > %(attempts)s OR length(why) > %(note)s AS is_wrong,
                  format('run %%s: %%s tries', id, attempt) AS example FROM runs WHERE event_id >= %(since)s
           UNION ALL
           SELECT attempt > %(attempts)s, format('command %%s: %%s tries', id, attempt)
           FROM commands WHERE coalesce(event_id, %(since)s) >= %(since)s
           UNION ALL
           SELECT octet_length(raw) > %(bytes)s, format('event %%s: %%s bytes', id, octet_length(raw))
           FROM events WHERE id >= %(since)s AND raw IS NOT NULL""",
        {"since": since, "attempts": max_attempts, "note": note_length, "bytes": body_bytes},
    )


async def effects_without_cause(tx: Tx, *, since: int) -> Tally:
    """Commands that name no event: only what the bot says or shows to whoever wrote or pressed may do that.

    A command whose event claims the word of a member of staff must lead to a person; one that waited for an approval
    must have consumed it before it went out.
    """
    return await tally(
        tx,
        """SELECT (c.event_id IS NULL AND c.effect_key !~ '^(reply|order):[0-9]+:')
                  OR (c.event_id IS NOT NULL AND e.id IS NULL AND c.event_id >= %(since)s)
                  OR (e.trust LIKE 'staff:%%' AND NOT EXISTS (
                         SELECT 1 FROM people WHERE people.id::text = split_part(e.trust, ':', 2)))
                  OR (c.state IN ('sending', 'sent', 'unknown') AND EXISTS (
                         SELECT 1 FROM approvals AS a WHERE a.command_id = c.id AND a.state <> 'consumed')) AS is_wrong,
                  format('command %%s (%%s)', c.id, c.kind) AS example
           FROM commands AS c LEFT JOIN events AS e ON e.id = c.event_id
           WHERE coalesce(c.event_id, %(since)s) >= %(since)s""",
        {"since": since},
    )


async def nameless_audit(tx: Tx) -> Tally:
    return await tally(
        tx,
        """SELECT trim(actor) = '' OR trim(action) = '' OR trim(subject) = '' AS is_wrong,
                  format('audit row %%s', id) AS example FROM audit""",
    )


async def rights_over_history(tx: Tx) -> list[str]:
    """What the application's role may do with the audit: nothing at all where there is no such role."""
    rows = await tx.rows(
        """SELECT lower(wish) AS wish
           FROM pg_roles, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS wish
           WHERE rolname = %s AND has_table_privilege(pg_roles.oid, 'audit', wish)""",
        (APP_ROLE,),
    )
    return [row["wish"] for row in rows]


async def tally(tx: Tx, judged: str, parameters: Mapping[str, Any] | None = None) -> Tally:
    """``judged`` is a SELECT of ``is_wrong`` and ``example`` for everything that is looked at."""
    row = await tx.row(
        f"""SELECT count(*) AS seen, count(*) FILTER (WHERE is_wrong) AS wrong,
                   min(example) FILTER (WHERE is_wrong) AS example FROM ({judged}) AS judged""",  # noqa: S608 - constants
        parameters or {},
    )
    assert row is not None
    return Tally(**row)
