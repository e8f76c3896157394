"""The words of a booking that was issued or returned, in one short post."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from core.clock import LOCAL_ZONE, local_text
from core.commands import Text
from db.queries.car_cards import BookingFacts

Line = Callable[[BookingFacts, str | None], Text]
"""From the booking and the name of its branch's time zone to the line."""


def issued(booking: BookingFacts, timezone: str | None) -> Text:
    arguments = {**_who(booking), "end": _time(booking.end_at, timezone)}
    parts = _details(booking.start_mileage, booking.location_start)
    if booking.is_technical:
        return Text(key="booking-issued-technical", args=arguments, parts=parts)
    return Text(key="booking-issued", args=arguments, parts=parts)


def returned(booking: BookingFacts, timezone: str | None) -> Text:
    del timezone
    parts = _details(booking.end_mileage, booking.location_end)
    if booking.is_technical:
        return Text(key="booking-returned-technical", args=_who(booking), parts=parts)
    return Text(key="booking-returned", args=_who(booking), parts=parts)


def _who(booking: BookingFacts) -> dict[str, str | int]:
    return {"number": f"№{booking.number or booking.rentprog_id}", "client": booking.client or "—"}


def _details(mileage: int | None, place: str | None) -> tuple[Text, ...]:
    parts: list[Text] = []
    if mileage:
        parts.append(Text(key="booking-mileage", args={"km": mileage}))
    if place:
        parts.append(Text(key="booking-place", args={"place": place}))
    return tuple(parts)


def _time(moment: datetime | None, timezone: str | None) -> str:
    if moment is None:
        return "—"
    return local_text(moment, LOCAL_ZONE if timezone is None else ZoneInfo(timezone))
