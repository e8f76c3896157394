"""What ``jarvis bench history`` puts into the tables of the circle before it measures: old rows, and long queues.

What was filled in one go is vacuumed and on disk before anything is measured: rows that came over years would be.
"""

import psycopg

from db.session import libpq_url

_EVENTS = """
INSERT INTO events (kind, subject, source, external_id, payload, trust, branch, occurred_at, received_at)
SELECT 'rentprog.delivered', {subject}, 'bench', '{source}:' || number,
       jsonb_build_object('event_name', 'booking_update', 'entity', 'booking', 'operation', 'update',
                          'entity_id', number, 'is_ambiguous', false),
       'outside', 'bench', now() - interval '30 days', now() - interval '30 days'
FROM generate_series(1, %s) AS number
"""
_RUNS = """
INSERT INTO runs (event_id, agent, stage, subject, branch, state, attempt, not_before, queued_at, started_at,
                  finished_at)
SELECT id, 'rental_sync', 0, subject, 'bench', {state}, {attempt}, {not_before}, received_at, {ended}, {ended}
FROM events WHERE source = 'bench' ORDER BY id
"""


def fill_finished(url: str, count: int) -> None:
    """Finished events of a fifth as many subjects, each with its run, as years of work leave them."""
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute(_events("'booking:' || mod(number, 400000)", "finished"), (count,))
        connection.execute(_runs("'done'", attempt=1, not_before="received_at", ended="received_at"))
        connection.execute("VACUUM ANALYZE events, runs")
        connection.execute("CHECKPOINT")


def make_subjects_wait(url: str, count: int) -> None:
    """Each of ``count`` subjects has a run that may not start before tomorrow."""
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        connection.execute(_events("'booking:waits-' || number", "waits"), (count,))
        connection.execute(_runs("'queued'", attempt=0, not_before="now() + interval '1 day'", ended="NULL"))
        connection.execute("VACUUM ANALYZE events, runs")
        connection.execute("CHECKPOINT")


def make_line_wait(url: str, count: int) -> None:
    """One subject's line of ``count`` runs, the first of which may start now."""
    state = "CASE WHEN id = (SELECT min(id) FROM events WHERE source = 'bench') THEN 'queued' ELSE 'waiting' END"
    with psycopg.connect(libpq_url(url), autocommit=True) as connection, connection.transaction():
        connection.execute(_events("'booking:long'", "line"), (count,))
        connection.execute(_runs(state, attempt=0, not_before="now()", ended="NULL"))


def _events(subject: str, source: str) -> bytes:
    return _EVENTS.format(subject=subject, source=source).encode()


def _runs(state: str, *, attempt: int, not_before: str, ended: str) -> bytes:
    return _RUNS.format(state=state, attempt=attempt, not_before=not_before, ended=f"{ended}::timestamptz").encode()
