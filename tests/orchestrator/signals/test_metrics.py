"""Metrics: what a process counted, its vital signs, and how the whole circle stands, without a look at what is done."""

import asyncio
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agents.kit.record import Attempt, Record
from core.health import ROLES
from core.settings import MonitoringSettings, Settings
from db import commands
from db.queries import gauges, status
from db.session import Database, Tx
from orchestrator.servers import Servers
from orchestrator.signals import metrics
from orchestrator.signals.exposition import Exporter, shown_on
from orchestrator.signals.vital_signs import vital_signs
from orchestrator.wiring import Jarvis, wired
from tests import make
from tests.wait import wait_until

ROUTE = make.route_to("reader")
Sample = tuple[str, tuple[tuple[str, str], ...]]


@pytest.fixture
async def jarvis(db_url: str, redis_url: str, tmp_path: Any) -> AsyncIterator[Jarvis]:
    async with wired(Settings(home=tmp_path), Servers(db_url, redis_url, f"file://{tmp_path}")) as jarvis:
        yield jarvis


def samples(text: str) -> dict[Sample, float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(found: dict[Sample, float], metric: str, /, **labels: str) -> float | None:
    return found.get((metric, tuple(sorted(labels.items()))))


def counted() -> dict[Sample, float]:
    families = metrics.COUNTED.collect()
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


async def scraped(jarvis: Jarvis, *, shows_circle: bool = True) -> dict[Sample, float]:
    return samples((await Exporter(jarvis, shows_circle=shows_circle).text()).decode())


async def test_one_role_tells_how_the_whole_circle_stands(jarvis: Jarvis):
    await make.record_all(jarvis.db, [make.event("car:1"), make.event("car:1")], ROUTE)
    async with jarvis.db.transaction() as tx:
        await commands.order(tx, [make.message()])
        await tx.run("UPDATE runs SET queued_at = now() - interval '2 minutes'")
        await tx.run("UPDATE runs SET not_before = now() - interval '50 seconds' WHERE state = 'queued'")
        await tx.run("INSERT INTO pauses (scope, name, reason) VALUES ('agent', 'damage', 'a bug')")
        await status.put_heartbeats(tx, "host:1", {role: {} for role in ROLES})
    found = await scraped(jarvis)
    assert of(found, "jarvis_postgres_up") == 1
    assert of(found, "jarvis_redis_up") == 1
    assert of(found, "jarvis_ready") == 1
    assert of(found, "jarvis_runs_unfinished", agent="reader", state="queued") == 1
    assert of(found, "jarvis_runs_unfinished", agent="reader", state="waiting") == 1
    assert of(found, "jarvis_run_oldest_unfinished_seconds", agent="reader") == pytest.approx(120, abs=5)
    assert of(found, "jarvis_run_oldest_ready_seconds", agent="reader") == pytest.approx(50, abs=5)
    assert of(found, "jarvis_commands_unfinished", system="telegram", state="pending") == 1
    assert of(found, "jarvis_runs_dead") == 0
    assert of(found, "jarvis_paused", scope="agent", name="damage") == 1
    assert of(found, "jarvis_role_processes", role="worker") == 1


async def test_the_other_roles_tell_only_of_their_process(jarvis: Jarvis):
    await make.record_all(jarvis.db, [make.event()], ROUTE)
    found = await scraped(jarvis, shows_circle=False)
    assert {name for name, _ in found if name.startswith("jarvis_runs_unfinished")} == set()
    assert (of(found, "jarvis_postgres_up"), of(found, "jarvis_redis_up")) == (None, 1)
    assert of(found, "process_resident_memory_bytes") > 1_000_000
    assert of(found, "jarvis_database_connections", state="open") >= 1


async def test_what_needs_a_person_is_counted_until_it_is_mended(jarvis: Jarvis):
    await make.record_all(jarvis.db, [make.event("car:1"), make.event("car:2")], ROUTE)
    async with jarvis.db.transaction() as tx:
        await commands.order(tx, [make.message()])
        await tx.run("UPDATE commands SET state = 'unknown'")
        await tx.run("UPDATE runs SET state = 'dead' WHERE subject = 'car:1'")
        await tx.run(
            "UPDATE runs SET state = 'running', lease_until = now() - interval '1 hour' WHERE subject = 'car:2'"
        )
    found = await scraped(jarvis)
    names = ("jarvis_runs_dead", "jarvis_commands_unknown", "jarvis_runs_overdue", "jarvis_commands_overdue")
    assert [of(found, name) for name in names] == [1, 1, 1, 0]
    async with jarvis.db.transaction() as tx:
        await tx.run("UPDATE runs SET state = 'done'")
    assert [of(await scraped(jarvis), name) for name in names] == [0, 1, 0, 0]


async def test_without_postgres_nothing_old_is_shown(jarvis: Jarvis, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("orchestrator.signals.exposition.LOOK_AGAIN_S", 0.0)
    await make.record_all(jarvis.db, [make.event()], ROUTE)
    exporter = Exporter(jarvis, shows_circle=True)
    assert of(samples((await exporter.text()).decode()), "jarvis_postgres_up") == 1
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    exporter._jarvis = replace(jarvis, db=away)
    found = samples((await exporter.text()).decode())
    await away.close()
    assert (of(found, "jarvis_postgres_up"), of(found, "jarvis_ready")) == (0, 0)
    assert of(found, "jarvis_runs_unfinished", agent="reader", state="queued") is None


async def test_scrapes_close_together_share_one_look_into_postgres(jarvis: Jarvis):
    exporter = Exporter(jarvis, shows_circle=True)
    before = of(samples((await exporter.text()).decode()), "jarvis_runs_unfinished", agent="reader", state="queued")
    await make.record_all(jarvis.db, [make.event()], ROUTE)
    after = of(samples((await exporter.text()).decode()), "jarvis_runs_unfinished", agent="reader", state="queued")
    assert (before, after) == (None, None)


class Explaining(Tx):
    """Asks how Postgres would answer, when it may choose an index wherever one fits."""

    def __init__(self, tx: Tx) -> None:
        super().__init__(tx.pg)
        self.plans: list[str] = []

    async def rows(self, sql: str, parameters: Any = ()) -> list[dict[str, Any]]:
        self.plans += [line["QUERY PLAN"] for line in await super().rows(f"EXPLAIN {sql}", parameters)]
        return await super().rows(sql, parameters)


@pytest.mark.parametrize("look", [gauges.runs, gauges.commands, gauges.wants])
async def test_what_is_finished_is_never_read(db: Database, look: Any):
    async with db.transaction() as tx:
        await tx.run("SET LOCAL enable_seqscan = off")
        explaining = Explaining(tx)
        await look(explaining)
    plan = "\n".join(explaining.plans)
    assert "Scan" in plan
    assert [line for line in explaining.plans if "Seq Scan on runs" in line or "Seq Scan on commands" in line] == []


async def test_new_events_and_repeats_are_counted_by_kind_and_source(db: Database):
    events = [make.event(external_id="a"), make.event(external_id="b")]
    before = counted()
    for _ in range(2):
        metrics.events_recorded(events, await make.record_all(db, events, ROUTE))
    after = counted()
    new, repeated = ("jarvis_events_recorded_total", "jarvis_events_repeated_total")
    assert of(after, new, kind="alarm.cleared") - (of(before, new, kind="alarm.cleared") or 0) == 2
    assert of(after, repeated, source="test") - (of(before, repeated, source="test") or 0) == 2


def test_runs_of_one_commit_are_counted_together_and_timed_each():
    before = counted()
    metrics.runs_ended("done", [("counting", 0.02), ("counting", 0.2), ("other", 3.0)])
    metrics.runs_claimed([("counting", 0.004)])
    metrics.effects_after("saved", [-0.5, 0.3])
    after = counted()
    grown = {key: value - before.get(key, 0) for key, value in after.items()}
    assert of(grown, "jarvis_runs_finished_total", agent="counting", state="done") == 2
    assert of(grown, "jarvis_run_duration_seconds_count", agent="counting") == 2
    assert of(grown, "jarvis_run_duration_seconds_sum", agent="counting") == pytest.approx(0.22)
    assert of(grown, "jarvis_run_duration_seconds_bucket", agent="other", le="5.0") == 1
    assert of(grown, "jarvis_run_queue_wait_seconds_bucket", agent="counting", le="0.005") == 1
    assert of(grown, "jarvis_event_to_effect_seconds_sum", effect="saved") == pytest.approx(0.3)


async def test_a_role_without_a_port_of_its_own_shows_its_metrics_while_its_loop_hangs(jarvis: Jarvis):
    exporter = Exporter(jarvis, shows_circle=False)
    with (
        shown_on("127.0.0.1", 0, exporter.registry) as port,
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer,  # noqa: ASYNC210 - the loop hangs here on purpose
    ):
        assert of(samples(answer.read().decode()), "jarvis_redis_up") == 1


async def test_the_lag_of_the_loop_is_measured(jarvis: Jarvis, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("orchestrator.signals.vital_signs.LOOK_EVERY_S", 0.01)
    stop = asyncio.Event()
    before = of(counted(), "jarvis_event_loop_lag_seconds_count") or 0

    async def has_looked() -> bool:
        return (of(counted(), "jarvis_event_loop_lag_seconds_count") or 0) > before

    monitored = Settings(monitoring=MonitoringSettings(metrics_port=0))
    async with asyncio.TaskGroup() as group:
        group.create_task(vital_signs(replace(jarvis, settings=monitored), stop))
        assert await wait_until(has_looked)
        stop.set()


def test_what_is_asked_of_models_is_counted_by_agent():
    before = counted()
    record = Record("hash", model="small", tokens_in=100, tokens_out=20, cost=Decimal("0.25"))
    record.attempts += [Attempt("one", "large", 1.0, "ModelServerError"), Attempt("two", "small", 0.5)]
    metrics.models_asked("translator", [record, record])
    after = counted()

    def grown(metric: str, **labels: str) -> float:
        return (of(after, metric, **labels) or 0.0) - (of(before, metric, **labels) or 0.0)

    assert grown("jarvis_model_calls_total", agent="translator", provider="one", result="ModelServerError") == 2
    assert grown("jarvis_model_calls_total", agent="translator", provider="two", result="answered") == 2
    assert grown("jarvis_model_tokens_total", agent="translator", direction="in") == 200
    assert grown("jarvis_model_cost_usd_total", agent="translator") == 0.5
