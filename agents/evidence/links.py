"""Signed links to reports: whoever holds one reads this one report until it expires."""

from dataclasses import dataclass
from datetime import timedelta

from core.errors import NeedsAttention
from core.log import get_logger
from db.queries.reports import MadeReport
from storage.api import Storage

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Linked:
    """``page`` of None: links cannot be made here; ``pdf`` of None: there is no PDF either."""

    language: str
    page: str | None
    pdf: str | None


async def linked(made: tuple[MadeReport, ...], storage: Storage, lasting: timedelta) -> tuple[Linked, ...]:
    return tuple([await _one(one, storage, lasting) for one in made])


async def _one(made: MadeReport, storage: Storage, lasting: timedelta) -> Linked:
    """Without a public address the report is kept all the same, and what is missing is said where it is told."""
    try:
        page = await storage.presign(made.html_key, lasting)
        pdf = None if made.pdf_key is None else await storage.presign(made.pdf_key, lasting)
    except NeedsAttention as error:
        log.warning("a report has no link", error=error)
        return Linked(made.language, None, None)
    return Linked(made.language, page, pdf)
