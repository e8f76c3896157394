"""The port to the models: an agent asks a question with a closed answer and gets the answer, or learns why not."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MethodType
from typing import Any, Generic, Protocol, TypeVar, cast

from pydantic import BaseModel

from agents.kit.record import Record, hash_of
from core.errors import Broken

T = TypeVar("T", bound=BaseModel)
T_co = TypeVar("T_co", bound=BaseModel, covariant=True)

Tool = Callable[..., Awaitable[Any]]
"""An async function with typed arguments and a docstring, which is what the model is told about it.

What code binds (the client, the branch, the database) never stands among the arguments: a tool is a method of a frozen
object that holds it, or a function that ``bind`` gave its context.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may use. Requests, tokens and money are checked before each call and each tool.

    So an answer that is paid for is not thrown away, and the most that goes over a limit is one call.
    """

    requests: int = 4
    tokens: int = 60_000
    """In and out together."""
    answer_tokens: int = 2_000
    """Of one response of the model."""
    tool_calls: int = 12
    seconds: float = 60.0
    usd: Decimal = Decimal("0.20")


@dataclass(frozen=True, slots=True)
class Picture:
    """An image for a model that sees."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Question(Generic[T_co]):
    """``prompt`` is ours (an agent's prompt.md, rendered); ``content`` may be a stranger's text and is never trusted.

    ``output`` is a pydantic model that forbids extra fields, also in every part of it. ``object`` is the subject whose
    budget pays (``client:…``, ``booking:…``, ``conversation:…``). Raises ``Broken`` for an answer that is not closed.
    """

    agent: str
    prompt: str
    content: str | tuple[str | Picture, ...]
    output: type[T_co]
    tools: tuple[Tool, ...] = ()
    limits: Limits = field(default_factory=Limits)
    object: str | None = None
    branch: str | None = None
    order: str | None = None
    """The name of an order of fallback; None and unknown names are the usual one."""

    def __post_init__(self) -> None:
        if not _is_closed(self.output.model_json_schema()):
            raise Broken(
                f'{self.agent} asks for {self.output.__name__}, which is not closed: extra="forbid" is missing'
            )


class Reason(StrEnum):
    """Why there is no answer; each agent's degraded mode goes by it."""

    NO_KEY = "no_key"
    PROVIDER_DOWN = "provider_down"
    BUDGET_SPENT = "budget_spent"
    TIMED_OUT = "timed_out"
    NONSENSE = "nonsense"
    SWITCHED_OFF = "switched_off"


@dataclass(frozen=True, slots=True)
class Answer(Generic[T_co]):
    output: T_co
    record: Record


@dataclass(frozen=True, slots=True)
class Degraded:
    """No answer. ``detail`` says which limit, budget or switch it was, without anybody's data.

    ``retry_after`` is in seconds, where it is known when asking again makes sense.
    """

    reason: Reason
    record: Record
    detail: str = ""
    retry_after: float | None = None


class Thinker(Protocol):
    """Asks a model. Never raises because of a model: what a tool raises (``Temporary``, a bug) goes through."""

    async def ask(self, question: Question[T]) -> Answer[T] | Degraded: ...


class NoModel:
    """The thinker of an installation without a model: every agent works in its degraded mode."""

    async def ask(self, question: Question[T]) -> Answer[T] | Degraded:
        return Degraded(Reason.NO_KEY, Record(prompt_hash=hash_of(question.prompt)))


NO_MODEL: Thinker = NoModel()


def bind(context: object, *functions: Tool) -> tuple[Tool, ...]:
    """Give each function ``context`` as its first argument; the model neither sees nor sets it."""
    return tuple(MethodType(function, context) for function in functions)


def _is_closed(schema: object) -> bool:
    if isinstance(schema, list):
        return all(_is_closed(part) for part in cast("list[object]", schema))
    if not isinstance(schema, dict):
        return True
    parts = cast("dict[str, object]", schema)
    is_open = parts.get("type") == "object" and parts.get("additionalProperties") is not False
    return not is_open and all(_is_closed(part) for part in parts.values())
