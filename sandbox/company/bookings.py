"""The bookings of the invented company around the present moment, and as many as a bench asks for."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from core.clock import LOCAL_ZONE
from sandbox.company.booking_rows import FIRST_BOOKING_ID, FIRST_NUMBER, Situation, Stay, booking_row
from sandbox.company.branches import BY_COMPANY_ID, KUTAISI, TBILISI, Branch
from sandbox.company.table import Row

When = timedelta | tuple[int, int, int]
"""From now, or local wall time as (days from today, hour, minute)."""

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)

_CALENDAR: tuple[tuple[int, int | None, When, When, Situation, Row], ...] = (
    # tbilisi: three out (one late), today's and tomorrow's hand-overs, a walk-in
    (0, 0, (-3, 10, 0), (1, 9, 0), Situation.OUT, {"responsible": "Иван Петров", "responsible_id": 15001}),
    (1, 1, (-7, 17, 15), 2 * _HOUR, Situation.OUT, {}),
    (2, 2, (-5, 8, 30), -3 * _HOUR, Situation.OUT, {"description": 'late: said "tomorrow" => call'}),
    (4, 3, 2 * _HOUR, (4, 9, 30), Situation.PLANNED, {"description": "vanilla => note, time: 21:00"}),
    (5, 4, 4 * _HOUR, (6, 12, 0), Situation.CONFIRMED, {}),
    (6, 5, (1, 9, 0), (5, 9, 0), Situation.PLANNED, {}),
    (8, 6, (1, 21, 30), (3, 7, 0), Situation.PLANNED, {"description": "C:\\path and #{night}\nflight"}),
    (9, 19, 13 * _MINUTE, (2, 18, 0), Situation.PLANNED, {"fast_booking": True, "description": "walk-in"}),
    (0, 7, (2, 10, 0), (9, 10, 0), Situation.PLANNED, {}),
    # kutaisi: a client of another branch, one who does not answer
    (10, 8, (-2, 9, 0), (3, 9, 0), Situation.OUT, {}),
    (12, 0, 3 * _HOUR, (3, 12, 0), Situation.PLANNED, {}),
    (13, 9, (1, 10, 0), (2, 10, 0), Situation.NO_ANSWER, {}),
    (15, 10, (6, 0, 30), (8, 23, 0), Situation.WAITING, {}),
    # batumi: one car of batumi that tbilisi's client drives home one way
    (16, 11, (-10, 12, 0), (1, 12, 0), Situation.OUT, {}),
    (18, 12, 5 * _HOUR, (10, 9, 0), Situation.PLANNED, {}),
    (19, 13, (1, 8, 0), (4, 20, 0), Situation.CONFIRMED, {}),
    (21, 2, (-1, 9, 0), (2, 9, 0), Situation.OUT, {"company_id": TBILISI.company_id}),
    # technical: a repair that blocks the car, a trip of staff
    (22, None, (-1, 11, 0), (2, 18, 0), Situation.OUT, {}),
    (14, None, (0, 9, 0), (0, 19, 0), Situation.OUT,
     {"first_name": "Сотрудник", "repair": False, "description": "поездка за деталями"}),
    # over: returned, cancelled, refused, archived, in both spellings of "finished"
    (3, 14, (-9, 10, 0), (-4, 9, 0), Situation.RETURNED, {}),
    (5, 15, (-6, 12, 0), (-1, 9, 0), Situation.RETURNED, {"fine": 30}),
    (11, 16, (-20, 9, 0), (-12, 9, 0), Situation.FINISHED, {}),
    (17, 17, (-3, 9, 0), (4, 9, 0), Situation.CANCELLED, {}),
    (19, 18, (-2, 9, 0), (1, 9, 0), Situation.REFUSED, {}),
    (1, 3, (-90, 9, 0), (-80, 9, 0), Situation.ARCHIVED, {}),
    (10, 5, (-120, 9, 0), (-118, 9, 0), Situation.ARCHIVED, {}),
)  # fmt: skip
"""Car and client by their place in the company's lists, the times, the situation, what is special."""

_WORKERS = {1001: 15001, 1002: 15005, 1003: 15007, 1004: 15009}


def calendar(cars: list[Row], clients: list[Row], now: datetime) -> Iterator[Row]:
    numbers: Counter[str] = Counter()
    for place, (car, client, start, end, situation, special) in enumerate(_CALENDAR):
        branch = BY_COMPANY_ID[special.get("company_id", cars[car]["company_id"])]
        stay = Stay(
            branch,
            cars[car],
            None if client is None else clients[client],
            _moment(start, now),
            _moment(end, now),
            situation,
            _WORKERS[branch.company_id],
        )
        created = min(stay.start, now) - timedelta(minutes=4 if special.get("fast_booking") else 2000 + place)
        yield booking_row(FIRST_BOOKING_ID + place, _next_number(numbers, branch), stay, created) | special


def many(size: int, cars: list[Row], clients: list[Row], now: datetime, dice: Random) -> Iterator[Row]:
    """A year and a half of bookings, oldest first: about one in fifty is out, one in forty is still to come."""
    numbers: Counter[str] = Counter()
    for place in range(size):
        car, client = cars[place % len(cars)], clients[place * 7 % len(clients)]
        branch = BY_COMPANY_ID[car["company_id"]]
        start = _half_hour(now + timedelta(days=14) - timedelta(days=540) * (1 - place / size))
        end = start + timedelta(days=1 + place % 9, hours=place % 5)
        situation = _situation(start, end, now, dice)
        stay = Stay(branch, car, client, start, end, situation, _WORKERS[branch.company_id])
        created = min(start, now) - timedelta(days=2, minutes=place % 600)
        yield booking_row(FIRST_BOOKING_ID + place, _next_number(numbers, branch), stay, created)


def _situation(start: datetime, end: datetime, now: datetime, dice: Random) -> Situation:
    if start > now:
        return dice.choice((Situation.PLANNED, Situation.PLANNED, Situation.CONFIRMED))
    if end > now:
        return Situation.OUT
    return dice.choices((Situation.RETURNED, Situation.CANCELLED, Situation.ARCHIVED), weights=(80, 8, 12))[0]


def _next_number(numbers: Counter[str], branch: Branch) -> int:
    numbers[branch.code] += 1
    return FIRST_NUMBER + numbers[branch.code] + (3 if branch is KUTAISI else 0)


def _moment(when: When, now: datetime) -> datetime:
    if isinstance(when, timedelta):
        return _half_hour(now + when)
    days, hour, minute = when
    return now.astimezone(LOCAL_ZONE).replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=days)


def _half_hour(moment: datetime) -> datetime:
    """Hand-overs begin at full and half hours, as people enter them."""
    return moment.replace(minute=30 if moment.minute >= 30 else 0, second=0, microsecond=0)
