"""What /metrics shows: this process's counts and vital signs, and from one role (web) how the whole circle stands."""

import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    ProcessCollector,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core.errors import Temporary
from core.log import get_logger
from core.settings import WrongSettings
from db.queries import gauges
from db.session import Database
from orchestrator.health import readiness
from orchestrator.signals.metrics import COUNTED
from orchestrator.wiring import Jarvis

log = get_logger(__name__)

CONTENT_TYPE = CONTENT_TYPE_LATEST
LOOK_AGAIN_S = 5.0
"""Scrapes that come closer together are shown the same look into Postgres."""


class Vitals(Collector):
    """Vital signs of this process, read at the scrape from what it has in memory."""

    def __init__(self, jarvis: Jarvis) -> None:
        self._jarvis = jarvis

    def collect(self) -> Iterator[Metric]:
        build = GaugeMetricFamily("jarvis_build_info", "The installed version", labels=["version"])
        build.add_metric([version("jarvis-rental")], 1)
        yield build
        yield GaugeMetricFamily("jarvis_redis_up", "1 while the doorbell works", float(self._jarvis.bell.is_well))
        age = GaugeMetricFamily(
            "jarvis_role_progress_age_seconds", "Since a role of this process last went round", labels=["role"]
        )
        for role, at in self._jarvis.progress.beats.items():
            age.add_metric([role], time.monotonic() - at)
        yield age
        answers = CounterMetricFamily("jarvis_ingress_answers_total", "What the doors said", labels=["answer"])
        for answer, number in self._jarvis.hook_counts.items():
            answers.add_metric([answer], number)
        yield answers
        yield from _pool(self._jarvis.db)


def _pool(db: Database) -> Iterator[Metric]:
    figures = db.pool_figures()
    connections = GaugeMetricFamily("jarvis_database_connections", "Connections of the pool", labels=["state"])
    connections.add_metric(["open"], figures.get("pool_size", 0))
    connections.add_metric(["idle"], figures.get("pool_available", 0))
    yield connections
    yield GaugeMetricFamily(
        "jarvis_database_callers_waiting", "Callers that wait for a connection", figures.get("requests_waiting", 0)
    )
    counted = {
        "jarvis_database_pool_waits_total": ("Callers that had to wait for a connection", "requests_queued", 1.0),
        "jarvis_database_pool_wait_seconds_total": ("What they waited together", "requests_wait_ms", 0.001),
        "jarvis_database_pool_errors_total": ("Callers that got no connection in time", "requests_errors", 1.0),
    }
    for name, (told, figure, unit) in counted.items():
        yield CounterMetricFamily(name, told, figures.get(figure, 0) * unit)


class Standing(Collector):
    """How the circle stands, as of the last look into Postgres; nothing old is shown when it does not answer."""

    def __init__(self) -> None:
        self._facts: Mapping[str, Any] = {}
        self._is_up = self._is_ready = False

    def show(self, facts: Mapping[str, Any], *, is_up: bool, is_ready: bool) -> None:
        self._facts, self._is_up, self._is_ready = facts, is_up, is_ready

    def collect(self) -> Iterator[Metric]:
        facts = self._facts
        yield GaugeMetricFamily("jarvis_ready", "1 while work goes on (/readyz)", float(self._is_ready))
        yield GaugeMetricFamily("jarvis_postgres_up", "1 while Postgres answers", float(self._is_up))
        yield from _queues(facts.get("runs", ()), ("run", "Runs"), "agent")
        yield from _queues(facts.get("commands", ()), ("command", "Commands"), "system")
        wants: Mapping[str, int] = facts.get("wants", {})
        for name, told in _WANTS.items():
            what = GaugeMetricFamily(f"jarvis_{name}", told)
            if name in wants:
                what.add_metric([], wants[name])
            yield what
        pauses, beats = facts.get("pauses", ()), facts.get("heartbeats", ())
        yield _by_row("jarvis_paused", "1 for what a person or a refusal stopped", ("scope", "name"), pauses)
        yield _by_row("jarvis_role_processes", "Processes at work", ("role",), beats, "processes")
        told = "Since any process of a role beat"
        yield _by_row("jarvis_role_heartbeat_age_seconds", told, ("role",), beats, "age_s")


_WANTS = {
    "runs_dead": "Runs that gave up; a person retries or drops them",
    "commands_dead": "Commands that gave up",
    "commands_unknown": "Commands of which nobody knows whether they were done",
    "records_quarantined": "Records of RentProg that fit nowhere",
    "alarms_open": "Alarms that were raised and not cleared",
    "destinations_parked": "Chats that refuse us",
    "runs_overdue": "Runs whose lease ran out and that nobody took back yet",
    "commands_overdue": "Commands whose deliverer is gone and that nobody judged yet",
}


def _queues(rows: Iterable[Mapping[str, Any]], names: tuple[str, str], of: str) -> Iterator[Metric]:
    one, many = names
    unfinished = GaugeMetricFamily(f"jarvis_{one}s_unfinished", f"{many} that are not finished", labels=[of, "state"])
    oldest = GaugeMetricFamily(f"jarvis_{one}_oldest_unfinished_seconds", "Age of the oldest of them", labels=[of])
    ready = GaugeMetricFamily(
        f"jarvis_{one}_oldest_ready_seconds", "How long the oldest that may start has waited", labels=[of]
    )
    ages: dict[str, tuple[float, float]] = {}
    for row in rows:
        unfinished.add_metric([row[of], row["state"]], row["number"])
        oldest_s, ready_s = ages.get(row[of], (0.0, 0.0))
        ages[row[of]] = (max(oldest_s, row["oldest_s"]), max(ready_s, row["oldest_ready_s"]))
    for name, (oldest_s, ready_s) in ages.items():
        oldest.add_metric([name], oldest_s)
        ready.add_metric([name], ready_s)
    yield from (unfinished, oldest, ready)


def _by_row(
    name: str, told: str, labels: tuple[str, ...], rows: Iterable[Mapping[str, Any]], value: str | None = None
) -> Metric:
    family = GaugeMetricFamily(name, told, labels=labels)
    for row in rows:
        family.add_metric([row[label] for label in labels], 1.0 if value is None else row[value])
    return family


class Exporter:
    """``/metrics`` of one process. ``shows_circle``: only one role does, so that sums over processes stay true."""

    def __init__(self, jarvis: Jarvis, *, shows_circle: bool) -> None:
        self._jarvis = jarvis
        self._standing = Standing() if shows_circle else None
        self._looked_at = -LOOK_AGAIN_S
        self.registry = CollectorRegistry()
        self.registry.register(COUNTED)
        self.registry.register(Vitals(jarvis))
        ProcessCollector(registry=self.registry)
        if self._standing is not None:
            self.registry.register(self._standing)

    async def text(self) -> bytes:
        if self._standing is not None and time.monotonic() >= self._looked_at + LOOK_AGAIN_S:
            self._looked_at = time.monotonic()
            await self._look(self._standing)
        return generate_latest(self.registry)

    async def _look(self, standing: Standing) -> None:
        jarvis = self._jarvis
        look = await readiness(jarvis.db, jarvis.bell, stall_s=jarvis.settings.monitoring.stall_s)
        figures: dict[str, Any] = {}
        try:
            if look.facts:  # else there may be no tables yet
                async with jarvis.db.transaction() as tx:
                    figures = {"runs": await gauges.runs(tx), "commands": await gauges.commands(tx)}
                    figures["wants"] = await gauges.wants(tx)
        except Temporary as error:
            log.warning("no look at the circle for /metrics", error=error)
            standing.show({}, is_up=False, is_ready=False)
        else:
            standing.show({**look.facts, **figures}, is_up=look.has_postgres, is_ready=look.is_ready)


@contextmanager
def shown_on(host: str, port: int, registry: CollectorRegistry) -> Generator[int]:
    """``/metrics`` for a role without a port of its own, on a thread: it answers while the event loop hangs too."""
    try:
        server, thread = start_http_server(port, addr=host, registry=registry)
    except OSError as error:
        setting = "monitoring.metrics_port (JARVIS_MONITORING__METRICS_PORT)"
        raise WrongSettings(f"{setting}: cannot listen on {host}:{port}: {error.strerror}") from None
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
