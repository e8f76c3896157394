"""What a booking's Russian state text means. The texts are configurable per company, so the map is a parameter."""

from collections.abc import Mapping
from enum import StrEnum


class BookingState(StrEnum):
    NEW = "new"
    ACTIVE = "active"
    CONFIRMED = "confirmed"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    UNKNOWN = "unknown"


StateTexts = Mapping[str, BookingState]

DEFAULT_STATES: StateTexts = {
    "Новая": BookingState.NEW,
    "Активная": BookingState.ACTIVE,
    "Подтверждена": BookingState.CONFIRMED,
    "Отъездила": BookingState.FINISHED,
    "Завершена": BookingState.FINISHED,
    "Отмена": BookingState.CANCELLED,
    "Отменена": BookingState.CANCELLED,
    "Отказ клиента": BookingState.REFUSED,
    "Недозвон": BookingState.NO_ANSWER,
    "Не подтверждена": BookingState.UNCONFIRMED,
    "Ожидает ответа клиента": BookingState.WAITING,
}


def state_of(text: str | None, states: StateTexts = DEFAULT_STATES) -> BookingState:
    """An unknown text is not an error: the raw text is kept beside `BookingState.UNKNOWN`."""
    return BookingState.UNKNOWN if text is None else states.get(text.strip(), BookingState.UNKNOWN)
