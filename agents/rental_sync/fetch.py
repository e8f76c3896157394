"""Whole objects by id: the right branch first, then the others, and what a booking links to before the booking."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from agents.rental_sync.rows import AnyRecord, Told, linked_numbers, told_of
from agents.spec import Deps
from core.errors import Broken, JarvisError, NeedsAttention, Rejected, Temporary
from core.events import Entity
from core.settings import RentprogSettings
from db.queries import mirror
from integrations.rentprog import BadRecord, BadRow, RentprogApi


@dataclass(frozen=True, slots=True)
class Known:
    """What we knew when we asked. ``without`` are branches whose lists were read and did not show the object."""

    asked_at: datetime
    stored: mirror.Row | None
    branch: str | None
    without: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """``objects`` in the order in which they are to be stored; the one asked for is the last, if it was found."""

    settings: RentprogSettings
    asked_at: datetime
    branch: str
    is_found: bool
    objects: tuple[Told, ...] = ()
    bad_rows: tuple[BadRow, ...] = ()


async def fetch(entity: Entity, number: int, deps: Deps, known: Known) -> Fetched:
    """The object, or the knowledge that no branch has it. Raises ``Temporary`` where that cannot be said now."""
    asked_at, stored = known.asked_at, known.stored
    home = (stored or {}).get("branch") or known.branch
    order = _order(deps, home, known.without)
    settings = deps.settings.rentprog
    try:
        found = await find(entity, number, order)
    except BadRecord as error:
        return Fetched(settings, asked_at, home or order[0].branch, is_found=True, bad_rows=(error.row,))
    if found is None:
        return Fetched(settings, asked_at, home or order[0].branch, is_found=False)
    source_branch, record = found
    told = told_of(entity, record)
    linked, bad = await _linked(told, stored, deps, _order(deps, source_branch)) if entity == "booking" else ([], [])
    return Fetched(settings, asked_at, source_branch, is_found=True, objects=(*linked, told), bad_rows=tuple(bad))


async def find(entity: Entity, number: int, order: Sequence[RentprogApi]) -> tuple[str, AnyRecord] | None:
    """The first branch that knows the object. A branch that cannot be asked leaves "nobody has it" unsaid."""
    trouble: JarvisError | None = None
    for api in order:
        try:
            record = await _ask(api, entity, number)
        except BadRecord:
            raise
        except (Temporary, NeedsAttention) as error:
            trouble = trouble or error
            continue
        if record is not None:
            return api.branch, record
    if trouble is not None:
        raise trouble
    return None


async def _ask(api: RentprogApi, entity: Entity, number: int) -> AnyRecord | None:
    match entity:
        case "car":
            return await api.car(number)
        case "client":
            return await api.client(number)
        case "booking":
            return await api.booking(number)


async def _linked(
    told: Told, stored: mirror.Row | None, deps: Deps, order: Sequence[RentprogApi]
) -> tuple[list[Told], list[BadRow]]:
    """The client and the car of a booking, where they are not stored yet (failure F11).

    A booking does not wait for what nobody can give: not found, unreadable, or only in a branch whose keys are
    refused leaves the link empty, to be repaired when the object arrives.
    """
    car, client = linked_numbers(stored, told)
    links: tuple[tuple[Entity, int | None], ...] = (("client", client), ("car", car))
    found: list[Told] = []
    bad: list[BadRow] = []
    for entity, number in links:
        if number is None or await _is_stored(deps, entity, number):
            continue
        try:
            answer = await find(entity, number, order)
        except BadRecord as error:
            bad.append(error.row)
            continue
        except (NeedsAttention, Rejected, Broken):
            continue
        if answer is not None:
            found.append(told_of(entity, answer[1]))
    return found, bad


async def _is_stored(deps: Deps, entity: Entity, number: int) -> bool:
    async with deps.db.transaction() as tx:
        return bool(await mirror.stored_ids(tx, entity, [number]))


def _order(deps: Deps, first: str | None, without: Collection[str] = ()) -> list[RentprogApi]:
    """Every branch, the likely one first. The credentials choose the branch, so each has its own client."""
    if not deps.rentprog:
        raise NeedsAttention("no branch of RentProg is set up")
    return sorted(deps.rentprog.values(), key=lambda api: (api.branch in without, api.branch != first))
