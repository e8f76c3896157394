"""One log: structured lines with event, run and subject, and secrets redacted before anything is written."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET_KEY = re.compile(r"token|secret|password|authorization|api_key", re.IGNORECASE)
_BOT_TOKEN = re.compile(r"\b\d{6,12}:[A-Za-z0-9_-]{30,}")
_URL_SECRET = re.compile(
    r"((?:company_token|token|secret)=|/hooks/[a-z]+/(?:[a-z][a-z0-9-]*/)?)[^/\s&\"']+", re.IGNORECASE
)


def redact(text: str) -> str:
    """Mask bot tokens, tokens in queries and the secret segment of hook paths."""
    return _URL_SECRET.sub(r"\1***", _BOT_TOKEN.sub("***", text))


def _redact_event(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if _SECRET_KEY.search(key) and key != "lease_token":
            event[key] = "***"
        elif isinstance(value, str):
            event[key] = redact(value)
    return event


def set_up_log(*, level: str, is_json: bool) -> None:
    """Configure structlog and the standard library's logging; httpx and aiogram stay at WARNING (they log URLs)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    renderer = structlog.processors.JSONRenderer() if is_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("httpx", "httpcore", "aiogram", "asyncio", "alembic", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    return structlog.stdlib.get_logger(name)
