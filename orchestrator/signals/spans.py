"""Spans out of this process: the only home of OpenTelemetry, loaded when traces are on."""

import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib.metadata import version

from opentelemetry.context import Context, attach, detach
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from core.settings import MonitoringSettings

SEND_EVERY_MS = 1000
MOST_WAITING = 8192
"""Spans in memory before new ones are left out: a collector that is away must cost nothing more."""
TIMEOUT_S = 2
CLOSE_S = 1.0
"""For so long a stopping process sends what it still has; one request may take ``TIMEOUT_S`` beyond it."""


class Spans:
    """Turns times and ids into spans and sends them by OTLP/HTTP, on a thread of the library."""

    def __init__(self, settings: MonitoringSettings, *, process: str) -> None:
        assert settings.otlp_endpoint is not None
        about = {"service.name": "jarvis", "service.version": version("jarvis-rental"), "service.instance.id": process}
        headers = settings.otlp_headers.get_secret_value() if settings.otlp_headers is not None else ""
        self._exporter = OTLPSpanExporter(
            f"{settings.otlp_endpoint.rstrip('/')}/v1/traces", headers=_pairs(headers), timeout=TIMEOUT_S
        )
        self._ids = _GivenIds()
        self._provider = TracerProvider(
            sampler=TraceIdRatioBased(settings.trace_share),
            resource=Resource(about),
            id_generator=self._ids,
            shutdown_on_exit=False,
        )
        sending = BatchSpanProcessor(self._exporter, max_queue_size=MOST_WAITING, schedule_delay_millis=SEND_EVERY_MS)
        self._provider.add_span_processor(sending)
        sampler = TraceIdRatioBased(settings.trace_share)
        self.of_libraries = TracerProvider(sampler=sampler, resource=Resource(about), shutdown_on_exit=False)
        """For libraries that make spans of their own, with ids of their own."""
        self.of_libraries.add_span_processor(sending)

    def add(
        self,
        name: str,
        *,
        by: str,
        trace: int,
        span: int | None,
        parent: int | None,
        times: tuple[float, float],
        facts: Mapping[str, int | str] | None = None,
        is_error: bool = False,
    ) -> None:
        """A span that is over. ``times``: begin and end on the monotonic clock; ``span`` None makes a new id."""
        behind_ns = time.time_ns() - time.monotonic_ns()
        self._ids.give(trace, span)
        began = self._provider.get_tracer(f"jarvis.{by}").start_span(
            name,
            context=Context() if parent is None else _under(trace, parent),
            kind=SpanKind.CONSUMER if span is not None else SpanKind.INTERNAL,
            attributes=facts,
            start_time=int(times[0] * 1e9) + behind_ns,
        )
        if is_error:
            began.set_status(StatusCode.ERROR)
        began.end(end_time=int(times[1] * 1e9) + behind_ns)

    @contextmanager
    def under(self, trace: int, parent: int) -> Generator[None]:
        """What libraries do inside belongs to this span."""
        token = attach(_under(trace, parent))
        try:
            yield
        finally:
            detach(token)

    def close(self) -> None:
        """Send the rest; a collector that is away or hangs does not keep the process."""
        giving_up = threading.Timer(CLOSE_S, self._exporter.shutdown)
        giving_up.start()
        self._provider.shutdown()
        giving_up.cancel()
        giving_up.join()


class _GivenIds(IdGenerator):
    """The ids of the next span; without one a random id. Spans are made in one thread, the event loop's."""

    def __init__(self) -> None:
        self._random = RandomIdGenerator()
        self._trace = 0
        self._span: int | None = None

    def give(self, trace: int, span: int | None) -> None:
        self._trace, self._span = trace, span

    def generate_trace_id(self) -> int:
        return self._trace

    def generate_span_id(self) -> int:
        return self._random.generate_span_id() if self._span is None else self._span


def _under(trace: int, parent: int) -> Context:
    above = SpanContext(trace, parent, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    return set_span_in_context(NonRecordingSpan(above), Context())


def _pairs(text: str) -> dict[str, str]:
    """``name=value,name=value``, as OTEL_EXPORTER_OTLP_HEADERS writes it."""
    pairs = (pair.partition("=") for pair in text.split(",") if pair.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}
