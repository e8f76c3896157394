"""A trace follows one event through all processes, by ids that each of them works out for itself."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from core.settings import MonitoringSettings
from sandbox.company.telegram import ALERTS_CHAT_ID
from tests.chaos.day import role_process
from tests.flows.company import TBILISI, Company
from tests.flows.opening import company_at_work
from tests.sink import Sink, http_sink
from tests.wait import wait_until

PROCESSES = {"jarvis.ingress", "jarvis.worker", "jarvis.deliverer"}
UNREADABLE = b'{"event": "client_update", "payload": "no JSON inside"'


@pytest.fixture
def collector() -> Iterator[Sink]:
    with http_sink() as sink:
        yield sink


@pytest.fixture
async def company(db_url: str, redis_url: str, tmp_path: Path, collector: Sink) -> AsyncIterator[Company]:
    async with company_at_work(db_url, redis_url, tmp_path, roles=()) as company:
        monitoring = MonitoringSettings(otlp_endpoint=collector.url)
        company.settings = company.settings.model_copy(update={"monitoring": monitoring})
        yield company


def spans(collector: Sink) -> list[dict[str, Any]]:
    """Every span that arrived, with who made it."""
    found: list[dict[str, Any]] = []
    for taken in collector.taken:
        for resource in ExportTraceServiceRequest.FromString(taken.body).resource_spans:
            about = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
            for scope in resource.scope_spans:
                found += [
                    {
                        "name": span.name,
                        "by": scope.scope.name,
                        "process": about["service.instance.id"],
                        "trace": span.trace_id.hex(),
                        "span": span.span_id.hex(),
                        "parent": span.parent_span_id.hex(),
                        "began": span.start_time_unix_nano,
                        "ended": span.end_time_unix_nano,
                    }
                    for span in scope.spans
                ]
    return found


async def test_one_trace_holds_the_spans_of_ingress_worker_and_deliverer(company: Company, collector: Sink):
    with ExitStack() as stack:
        for role in ("ingress", "worker", "deliver"):
            stack.enter_context(role_process(company, role))

        async def is_open() -> bool:
            return await _is_listening(company.settings.http.port)

        await wait_until(is_open)
        assert await company.hook(TBILISI, UNREADABLE) == 200
        await company.reads(ALERTS_CHAT_ID, "")

        async def of_the_webhook() -> list[dict[str, Any]]:
            roots = [span for span in spans(collector) if span["name"] == "event webhook.quarantined"]
            trace = [span for span in spans(collector) if roots and span["trace"] == roots[0]["trace"]]
            return trace if {span["by"] for span in trace} >= PROCESSES else []  # each sends when it likes

        trace = await wait_until(of_the_webhook)
    by = {span["by"]: span for span in trace if span["name"] not in {"think", "save"}}
    assert by.keys() == PROCESSES
    assert len({span["process"] for span in by.values()}) == 3
    assert by["jarvis.ingress"]["parent"] == ""
    assert by["jarvis.worker"]["parent"] == by["jarvis.ingress"]["span"]
    assert by["jarvis.deliverer"]["parent"] == by["jarvis.worker"]["span"]
    inside = [span for span in trace if span["parent"] == by["jarvis.worker"]["span"] and span["by"] == "jarvis.worker"]
    assert sorted(span["name"] for span in inside) == ["save", "think"]
    assert all(span["began"] <= span["ended"] for span in trace)
    assert {taken.path for taken in collector.taken} == {"/v1/traces"}


async def _is_listening(port: int) -> bool:
    try:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
