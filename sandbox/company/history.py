"""The history feed of RentProg: who did what, as free Russian text with all its traps."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sandbox.company.branches import BRANCHES
from sandbox.company.notation import iso
from sandbox.company.table import Row

FIRST_OPERATION_ID = 9000001

_PAST = (
    "Иван Петров выдал авто, бронь № {booking}",
    "Иван Петров принял авто, бронь № {booking}",
    "CEO Viktor Director изменил бронь № {booking}",
    "Иван Петров изменил , mileage с 100100 на 100650 в авто № {car} - Nissan Rogue 001",
    "Нина Тестова изменил, gas_mileage с 7.4 на 8.1 в авто № {car} - Toyota Prius 002",
    "Иван Петров изменил car_class с Средний на Эконом, в авто № {car} - Toyota Prius 002",
    "Иван Петров изменил , store_place с  на двор у склада, в авто №{car}",
    "Иван Петров изменил , company_id с 1003 на 1001 в авто № {car} - Jeep Compass 005 2021",
    "Ivanov Petr создал платёж №{count}, расход наличными 60.0GEL",
    "Ivanov Petr создал платёж № {count}, приход наличными 400.0 GEL",
    "Нина Тестова , принял от Иван Петров 120.5 GEL, платежи №{count}/{next_count}",
    "Ivanov Petr завершил обслуживание №102000 в объекте №{car} закрепить омывайку",
    "Иван Петров сделал что-то новое",
)


def past_operations(rows: int, bookings: list[Row], cars: list[Row], now: datetime) -> Iterator[tuple[int, Row]]:
    """Company id and row, oldest first, spread over the branches."""
    for place in range(rows):
        car, booking = cars[place % len(cars)], bookings[place % len(bookings)]
        text = _PAST[place % len(_PAST)].format(
            booking=booking["id"], car=car["id"], count=1800001 + place, next_count=1800002 + place
        )
        when = now - timedelta(minutes=11 * (rows - place))
        yield BRANCHES[place % len(BRANCHES)].company_id, operation_row(FIRST_OPERATION_ID + place, text, when)


def operation_row(operation_id: int, description: str, when: datetime) -> Row:
    return {"id": operation_id, "description": description, "created_at": iso(when)}


def issued(who: str, booking_id: int) -> str:
    return f"{who} выдал авто, бронь № {booking_id}"


def returned(who: str, booking_id: int) -> str:
    return f"{who} принял авто, бронь № {booking_id}"


def booking_changed(who: str, booking_id: int) -> str:
    return f"{who} изменил бронь № {booking_id}"


def car_changed(who: str, field: str, old: object, new: object, car: Row) -> str:
    """A stray comma stands before the field; an empty old value leaves nothing between the two words."""
    before = "" if old is None else old
    return f"{who} изменил , {field} с {before} на {new} в авто № {car['id']} - {car['car_name']} {car['code']}"


def payment_created(who: str, count: Row, currency: str) -> str:
    direction = "приход" if count["operation"] else "расход"
    return f"{who} создал платёж №{count['id']}, {direction} наличными {float(count['sum'])}{currency}"


def unknown(who: str, what: str) -> str:
    return f"{who} {what}"
