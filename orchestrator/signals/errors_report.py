"""Error reports to Sentry, or what speaks its protocol: what kind of error, where in the code, at which run.

Off without a DSN, and then not even loaded. No text of an error leaves, no local variable, no request, no breadcrumb.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

from core.log import listening_to_errors, redact
from core.settings import MonitoringSettings, WrongSettings

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

CLOSE_S = 2.0
TOLD = ("event_id", "run", "agent", "subject", "command", "kind", "destination", "state", "attempt", "trace", "branch")
"""Fields of a line of the log that go with a report: numbers and names of ours."""
KEPT = {"event_id", "timestamp", "platform", "level", "logentry", "exception", "tags", "release", "sdk", "server_name"}
QUIET_LOGGERS = ("sentry_sdk", "urllib3")


@asynccontextmanager
async def error_reports(settings: MonitoringSettings, *, process: str) -> AsyncGenerator[None]:
    """Report errors of the log while the block runs, and the one that ends it."""
    if settings.sentry_dsn is None:
        yield
        return
    reports = _Reports(settings.sentry_dsn.get_secret_value(), process)
    with listening_to_errors(reports.take):
        try:
            yield
        except WrongSettings:
            raise
        except Exception as error:
            reports.take({"level": "critical", "event": "the process ends"}, error)
            raise
        finally:
            await asyncio.to_thread(reports.close)


class _Reports:
    def __init__(self, dsn: str, process: str) -> None:
        import sentry_sdk
        from sentry_sdk.utils import BadDsn

        try:
            # send_default_pii is left alone: unset it is off, and setting it at all is deprecated.
            self._client = sentry_sdk.Client(
                dsn=dsn,
                release=version("jarvis-rental"),
                server_name=process,
                default_integrations=False,
                auto_enabling_integrations=False,
                include_local_variables=False,
                max_request_body_size="never",
                include_source_context=False,
                max_breadcrumbs=0,
                # A level means gzip: brotli, taken where it happens to be installed, is not read by every such server.
                _experiments={"transport_compression_level": 9},
                auto_session_tracking=False,
                send_client_reports=False,
                before_send=_scrub,
                shutdown_timeout=CLOSE_S,
            )
        except BadDsn as error:
            setting = "monitoring.sentry_dsn (JARVIS_MONITORING__SENTRY_DSN)"
            raise WrongSettings(f"{setting}: {error}") from None

    def take(self, line: Mapping[str, Any], error: BaseException | None) -> None:
        from sentry_sdk.utils import event_from_exception

        library = line["_record"].name if "_record" in line else None
        if library is not None and library.startswith(QUIET_LOGGERS):
            return
        event: Event = {}
        hint: Hint = {}
        if error is not None:
            event, hint = event_from_exception(error, client_options=self._client.options)
        event["level"] = "fatal" if line["level"] == "critical" else "error"
        event["logentry"] = {"message": str(line["event"]) if library is None else f"a line of {library}"}
        event["tags"] = {name: str(line[name]) for name in TOLD if line.get(name) is not None}
        self._client.capture_event(event, hint)

    def close(self) -> None:
        self._client.close(timeout=CLOSE_S)


def _scrub(event: "Event", _hint: "Hint") -> "Event":
    """The last look before anything leaves: only what is named in ``KEPT``, errors without their texts."""
    scrubbed: Any = {name: _clean(value) for name, value in event.items() if name in KEPT}
    for error in scrubbed.get("exception", {}).get("values", ()):
        error["value"] = None
        for frame in error.get("stacktrace", {}).get("frames", ()):
            frame.pop("vars", None)
    return scrubbed


def _clean(value: Any) -> Any:
    match value:
        case str():
            return redact(value)
        case dict():
            return {name: _clean(inner) for name, inner in cast("dict[Any, Any]", value).items()}
        case list() | tuple():
            return [_clean(inner) for inner in cast("list[Any]", value)]
        case _:
            return value
