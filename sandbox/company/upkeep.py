"""Maintenance items of the cars, including the mistyped and the one-off ones."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sandbox.company.branches import PARENT_COMPANY_ID
from sandbox.company.notation import day, iso
from sandbox.company.table import Row

FIRST_MAINTENANCE_ID = 101600

_ITEMS: tuple[Row, ...] = (
    {"title": "Замена моторного масла", "maintenance_type": 0, "mileage_step": 8000, "notify_before": 500,
     "criticality": 2},
    {"title": "Проверка воздушного фильтра, колодок, дворников", "maintenance_type": 1, "days_step": 30,
     "criticality": 1},
    {"title": "Проверка плотности антифриза", "maintenance_type": 1, "days_step": 365, "criticality": 0},
    {"title": "Замена моторного масла", "maintenance_type": 0, "mileage_step": 30, "notify_before": 500,
     "criticality": 1},
    {"title": "Стук спереди", "maintenance_type": 3, "periodic": False, "started": False, "criticality": 2},
)  # fmt: skip
"""The fourth is mistyped (thirty days became thirty kilometres), the fifth is a fault that a client reported."""


def maintenances(cars: list[Row], now: datetime) -> Iterator[Row]:
    """Two or three items a car; every eighth has the mistyped one, every eleventh the fault."""
    item_id = FIRST_MAINTENANCE_ID
    for number, car in enumerate(cars):
        odd = [3] * (number % 8 == 0) + [4] * (number % 11 == 3)
        for place in (0, 1, *([2] * (number % 2)), *odd):
            yield _item(item_id, car, _ITEMS[place], now - timedelta(days=20 + number))
            item_id += 1


def _item(item_id: int, car: Row, kind: Row, last: datetime) -> Row:
    by_mileage = kind["maintenance_type"] == 0
    return {
        "id": item_id,
        "date_completed": None,
        "date_start": day(last),
        "last_maintenanced_date": day(last) if kind.get("periodic", True) else None,
        "days_step": 0,
        "description": None,
        "mileage_completed": 0,
        "mileage_step": 0,
        "last_maintenanced_mileage": max(0, car["mileage"] - 7700) if by_mileage else None,
        "responsible": [],
        "main_company_id": PARENT_COMPANY_ID,
        "company_id": car["company_id"],
        "car_id": car["id"],
        "whois_ended": None,
        "completed": False,
        "booking_id": None,
        "assign_to_all_cars": False,
        "started": True,
        "periodic": True,
        "notify_before": None,
        "created_at": iso(last),
        "updated_at": iso(last),
        "contractor_id": None,
        "first_notified": False,
        "second_notified": False,
        "car_ids": None,
        **kind,
    }
