"""Traces are nothing while they are off, and never hold up a process when the collector is away."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pydantic import BaseModel, ConfigDict, SecretStr

from agents.kit.question import Question
from agents.spec import Deps, Outcome
from core.clock import SystemClock
from core.errors import Broken
from core.events import AlarmCleared, Event, Recorded
from core.settings import LlmSettings, MonitoringSettings
from core.settings.llm import LlmModel, LlmPrice, LlmProvider
from db import commands
from db.events import record, record_caused
from db.queries import roots
from db.session import Database, Tx
from orchestrator.dispatcher import Dispatcher
from orchestrator.progress import Progress
from orchestrator.signals import tracing
from orchestrator.streams import Bell
from orchestrator.thinking import thinker
from tests import make
from tests.agents.kit.scripted_server import answer, scripted_server
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
        [found] = _spans(collector.taken)
        assert collector.taken[0].headers["x-team"] == "fleet"
    facts = {pair.key: pair.value.string_value or pair.value.int_value for pair in found.attributes}
    assert found.trace_id.hex() == shown
    assert (facts["jarvis.state"], facts["jarvis.event"], found.status.code) == ("dead", event_id, 2)
    assert b"Canary" not in sent


async def test_what_is_asked_of_a_model_stands_under_its_run_without_anybodys_words(db: Database, bell: Bell):
    class Verdict(BaseModel):
        model_config = ConfigDict(extra="forbid")
        city: str

    async def run(event: Event[AlarmCleared], deps: Deps) -> Outcome:
        question = Question(agent="reader", prompt="Where?", content="Ivan Canary is in Batumi", output=Verdict)
        answered = await deps.thinker.ask(question)
        return Outcome(records=(answered.record,))

    async def save(tx: Tx, event: Event[AlarmCleared], outcome: Outcome) -> Outcome:
        return Outcome(note="an outcome of its own keeps the record all the same")

    await make.record_all(db, [make.event()], ROUTE)
    with http_sink() as collector, scripted_server() as model:
        model.script.append(answer(city="Canary City"))
        llm = LlmSettings(
            providers={"own": LlmProvider(api="openai", base_url=model.openai_url)},
            models=(LlmModel(provider="own", model="small"),),
            prices={"small": LlmPrice(input=Decimal(0), output=Decimal(0))},
        )
        stop = asyncio.Event()
        async with (
            tracing.tracing(MonitoringSettings(otlp_endpoint=collector.url), db, process="host:1"),
            thinker(llm, db, SystemClock()) as thinking,
            asyncio.TaskGroup() as group,
        ):
            deps = replace(make.deps(db), thinker=thinking)
            reader = make.agent("reader", run, save=save)
            dispatcher = Dispatcher([reader], deps, route=ROUTE, bell=bell, progress=Progress())
            group.create_task(dispatcher.run(stop))
            await wait_until(lambda: _is_done(db))
            stop.set()
        spans = {span.span_id: span for span in _spans(collector.taken)}
    [ran] = [span for span in spans.values() if span.name == "run reader"]
    asked = [span for span in spans.values() if span.name.startswith("chat")]
    assert asked != []
    for span in asked:
        above = span
        while above.parent_span_id in spans and above.parent_span_id != ran.span_id:
            above = spans[above.parent_span_id]
        assert (above.parent_span_id, span.trace_id) == (ran.span_id, ran.trace_id)
    assert b"Canary" not in b"".join(taken.body for taken in collector.taken)
    async with db.transaction() as tx:
        [row] = await tx.rows("SELECT model, tokens_in, tokens_out, tools FROM runs")
    assert (row["model"], row["tokens_in"], row["tokens_out"], row["tools"]) == ("small", 1000, 100, [])


def _spans(taken: Sequence[Any]) -> list[Any]:
    return [
        span
        for one in taken
        for resource in ExportTraceServiceRequest.FromString(one.body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


async def _is_done(db: Database) -> bool:
    return [state for _, _, state in await make.states(db)] == ["done"]


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
