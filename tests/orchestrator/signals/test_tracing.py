"""Traces are nothing while they are off, and never hold up a process when the collector is away."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pydantic import SecretStr

from agents.spec import Deps, Outcome
from core.errors import Broken
from core.events import AlarmCleared, Event, Recorded
from core.settings import MonitoringSettings
from db import commands
from db.events import record, record_caused
from db.queries import roots
from db.session import Database
from orchestrator.dispatcher import Dispatcher
from orchestrator.progress import Progress
from orchestrator.signals import tracing
from orchestrator.streams import Bell
from tests import make
from tests.orchestrator.door_at_work import refused_port
from tests.sink import http_sink
from tests.wait import wait_until

ROUTE = make.route_to("reader")


@pytest.fixture
async def bell(redis_url: str) -> AsyncIterator[Bell]:
    bell = Bell(redis_url)
    yield bell
    await bell.close()


def test_switched_off_nothing_of_it_is_loaded():
    look = "import sys, orchestrator.up, orchestrator.dispatcher, orchestrator.telegram_roles, orchestrator.http_roles;"
    look += "print(*sys.modules)"
    loaded = set(subprocess.check_output([sys.executable, "-c", look], text=True).split())
    assert "orchestrator.signals.tracing" in loaded
    assert loaded & {"opentelemetry.sdk.trace", "opentelemetry.exporter", "sentry_sdk"} == set()


async def test_switched_off_nothing_happens(db: Database):
    async with tracing.tracing(MonitoringSettings(), db, process="host:1"):
        tracing.recorded("ingress", [make.event()], Recorded(ids=(1,)))
        assert tracing.log_fields(1) == {}


async def test_what_runs_and_commands_cause_belongs_to_the_trace_of_the_first_event(db: Database):
    [first] = (await make.record_all(db, [make.event("car:1")], ROUTE)).ids
    async with db.transaction() as tx:
        run = await tx.row("SELECT id FROM runs")
        assert run is not None
        [second] = (await record_caused(tx, [(run["id"], [make.event("car:2")])], ROUTE)).ids
        await commands.order(tx, [make.message()], run_id=run["id"], event_id=second)
        ordered = await tx.row("SELECT id FROM commands")
        assert ordered is not None
        of_command = replace(make.event("car:3"), source="command", external_id=f"{ordered['id']}:0")
        [third] = (await record(tx, [of_command], ROUTE)).ids
        [alone] = (await record(tx, [make.event("car:4")], ROUTE)).ids
        asked = [one for one in (first, second, third, alone) if one is not None]
        found = await roots.roots(tx, asked)
    assert found == {first: first, second: first, third: first, alone: alone}


async def test_a_run_that_fails_is_a_span_with_its_state_and_no_text(db: Database, bell: Bell):
    async def run(event: Event[AlarmCleared], deps: Deps) -> Outcome:
        raise Broken("Ivan Canary did not pay")

    [event_id] = (await make.record_all(db, [make.event()], ROUTE)).ids
    with http_sink() as collector:
        monitoring = MonitoringSettings(otlp_endpoint=collector.url, otlp_headers=SecretStr("x-team=fleet, x-key=k"))
        stop = asyncio.Event()
        async with tracing.tracing(monitoring, db, process="host:1"), asyncio.TaskGroup() as group:
            dispatcher = Dispatcher(
                [make.agent("reader", run)], make.deps(db), route=ROUTE, bell=bell, progress=Progress()
            )
            group.create_task(dispatcher.run(stop))
            await wait_until(lambda: _state(db))
            shown = tracing.log_fields(event_id)["trace"]
            stop.set()
        sent = b"".join(taken.body for taken in collector.taken)
        [found] = [
            span
            for taken in collector.taken
            for resource in ExportTraceServiceRequest.FromString(taken.body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        assert collector.taken[0].headers["x-team"] == "fleet"
    facts = {pair.key: pair.value.string_value or pair.value.int_value for pair in found.attributes}
    assert found.trace_id.hex() == shown
    assert (facts["jarvis.state"], facts["jarvis.event"], found.status.code) == ("dead", event_id, 2)
    assert b"Canary" not in sent


async def _state(db: Database) -> bool:
    return [state for _, _, state in await make.states(db)] == ["dead"]


async def test_a_collector_that_is_away_does_not_keep_a_process_from_stopping(db: Database):
    monitoring = MonitoringSettings(otlp_endpoint=f"http://127.0.0.1:{refused_port()}")
    async with tracing.tracing(monitoring, db, process="host:1"):
        tracing.recorded("ingress", [make.event()], Recorded(ids=(1,)))
        began = time.monotonic()
    assert time.monotonic() - began < 20


async def test_a_part_of_the_traces_is_sent_when_only_a_part_is_wanted(db: Database):
    with http_sink() as collector:
        monitoring = MonitoringSettings(otlp_endpoint=collector.url, trace_share=0.0)
        async with tracing.tracing(monitoring, db, process="host:1"):
            tracing.recorded("ingress", [make.event()], Recorded(ids=(1,)))
        assert collector.taken == []
