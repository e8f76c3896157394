"""The lists that a pass reads, in their order: what a booking links to comes before it."""

from typing import Final

from core.events import Entity, Listing, NewEvent, SyncPageWanted

ORDER: Final[tuple[Listing, ...]] = ("cars", "clients", "active_bookings", "past_bookings", "staff")
ENTITY_OF: Final[dict[Listing, Entity]] = {
    "cars": "car",
    "clients": "client",
    "active_bookings": "booking",
    "past_bookings": "booking",
}


def following(listing: Listing, page: int, *, is_last: bool) -> tuple[Listing, int]:
    return (ORDER[ORDER.index(listing) + 1], 1) if is_last else (listing, page + 1)


def page_wanted(sync_id: int, branch: str, listing: Listing, page: int) -> NewEvent[SyncPageWanted]:
    body = SyncPageWanted(sync_id=sync_id, branch=branch, listing=listing, page=page)
    return NewEvent(body=body, subject=f"sync:{branch}", branch=branch)
