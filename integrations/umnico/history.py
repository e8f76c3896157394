"""Reading a whole history: newest first, no message twice, and never a quiet end before the beginning."""

from collections.abc import AsyncIterator

from core.errors import Broken
from integrations.umnico.api import UmnicoApi
from integrations.umnico.models import UmnicoMessage

MOST_PAGES = 1000


async def walk(api: UmnicoApi, lead_id: int, source_real_id: str) -> AsyncIterator[UmnicoMessage]:
    """Every message of one source; the caller stops where it meets what it knows.

    Messages that arrive meanwhile shift the pages: what was told already is left out. A cursor that comes again, an
    entry that is no message, and more than ``MOST_PAGES`` pages raise `Broken`: what is behind them is not known.
    """
    told: set[str] = set()
    cursors: set[str] = set()
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await api.history_page(lead_id, source_real_id, cursor=cursor)
        for message in page.messages:
            if message.message_id not in told:
                told.add(message.message_id)
                yield message
        if page.missing:
            raise Broken(f"Umnico: the history of lead {lead_id} has an entry without its {page.missing[0]}")
        if page.cursor is None or (page.cursor == cursor and not page.messages):
            return
        if page.cursor in cursors:
            raise Broken(f"Umnico: the history of lead {lead_id} goes in a circle")
        cursor = page.cursor
        cursors.add(cursor)
    raise Broken(f"Umnico: the history of lead {lead_id} has no end")
