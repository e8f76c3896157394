"""Pages of records: what could be read, what could not and why, and when a list is at its end."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from core.errors import Broken
from integrations.rentprog.fields import BadFieldError, RecordKind
from integrations.rentprog.models import Record
from integrations.rentprog.states import DEFAULT_STATES, StateTexts
from integrations.rentprog.storable import storable_tree
from integrations.rentprog.values import BadValueError, identity

SHORTEST_FULL_PAGE = 10
"""A server may answer with ten rows whatever was asked: only a page shorter than that is the last one."""
MOST_PAGES = 1000

R = TypeVar("R", bound=Record)
R_co = TypeVar("R_co", bound=Record, covariant=True)
P = TypeVar("P", bound="Page[Any]")
P_co = TypeVar("P_co", bound="Page[Any]", covariant=True)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read; it goes to quarantine while the others go on. ``raw`` fits into jsonb."""

    entity: RecordKind
    rentprog_id: int | None
    reason: str
    field: str | None
    raw: Any


@dataclass(frozen=True, slots=True)
class Page(Generic[R_co]):
    """One answer of a list. ``received`` rows came in; each is in ``rows`` or in ``bad_rows`` (failure F8)."""

    rows: tuple[R_co, ...]
    bad_rows: tuple[BadRow, ...]
    received: int
    number: int = 1

    @property
    def is_last(self) -> bool:
        """Never judged by ``total`` or by the page size that was asked for."""
        return self.received < SHORTEST_FULL_PAGE


@dataclass(frozen=True, slots=True)
class Unread(Generic[P_co]):
    """One answer of a list as it came. To know a page again by its ``digest`` costs far less than to read it."""

    digest: str
    read: Callable[[], P_co]


def digest_of(body: bytes, states: StateTexts) -> str:
    """Equal digests: the same bytes, which the same code and the same texts of states read in the same way."""
    texts = repr(sorted(states.items())).encode()
    return hashlib.sha256(_code() + hashlib.sha256(texts).digest() + body).hexdigest()


@cache
def _code() -> bytes:
    """The package as it stands: after a change of it every page is read anew, for a mended reader may see more."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).digest()


class BadRecord(Broken):
    """A single object was asked for and came, but cannot be read; ``row`` is for the quarantine."""

    def __init__(self, row: BadRow) -> None:
        super().__init__(f"RentProg's {row.entity} {row.rentprog_id} cannot be read: {row.reason} ({row.field})")
        self.row = row


def read_page(
    kind: RecordKind, model: type[R], rows: Sequence[Any], *, number: int = 1, states: StateTexts = DEFAULT_STATES
) -> Page[R]:
    good: list[R] = []
    bad: list[BadRow] = []
    for row in rows:
        record = read_row(kind, model, row, states=states)
        if isinstance(record, BadRow):
            bad.append(record)
        else:
            good.append(record)
    return Page(tuple(good), tuple(bad), received=len(rows), number=number)


def read_row(kind: RecordKind, model: type[R], row: Any, *, states: StateTexts = DEFAULT_STATES) -> R | BadRow:
    """One flat object or JSON:API resource; what cannot be read says why."""
    if not isinstance(row, Mapping):
        return BadRow(kind, None, "not_an_object", None, storable_tree(row))
    try:
        return model.from_wire(attributes_of(row), states=states)
    except BadValueError as error:
        field = error.field if isinstance(error, BadFieldError) else None
        return BadRow(kind, _known_id(row), error.reason, field, storable_tree(row))


def attributes_of(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """JSON:API keeps the fields under ``attributes`` and says the id twice, as text and as int."""
    attributes = row.get("attributes")
    if not isinstance(attributes, Mapping):
        return row
    if "id" not in attributes:
        return {**attributes, "id": row.get("id")}
    if "id" in row and identity(row["id"]) != identity(attributes["id"]):
        raise BadFieldError("ids_differ", "id")
    return attributes


async def all_pages(fetch: Callable[[int], Awaitable[P]], *, start: int = 1, cap: int = MOST_PAGES) -> AsyncIterator[P]:
    """Every page from ``start`` on, each row once, although rows shift between pages while we read.

    It ends only at a real last page: a failing page raises (failure G17), and so do the cap and a server that repeats
    one page for ever. Yielding pages lets the caller keep a checkpoint.
    """
    seen: set[int] = set()
    before: tuple[int, ...] | None = None
    for number in range(start, start + cap):
        page = await fetch(number)
        ids = tuple(row.rentprog_id for row in page.rows)
        if ids and ids == before and not page.is_last:
            raise Broken(f"page {number} of the list repeats page {number - 1}: the list cannot be read to its end")
        yield replace(page, rows=_unseen(page.rows, seen))
        if page.is_last:
            return
        before = ids
    raise Broken(f"the list did not end after {cap} pages")


def _unseen(rows: Sequence[R], seen: set[int]) -> tuple[R, ...]:
    fresh: list[R] = []
    for row in rows:
        if row.rentprog_id not in seen:
            seen.add(row.rentprog_id)
            fresh.append(row)
    return tuple(fresh)


def _known_id(row: Mapping[str, Any]) -> int | None:
    attributes = row.get("attributes")
    inner = attributes.get("id") if isinstance(attributes, Mapping) else None
    try:
        return identity(row.get("id") if row.get("id") is not None else inner)
    except BadValueError:
        return None
