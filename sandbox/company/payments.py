"""Payments and cash operations ("counts") of the company, with the mixed types that RentProg writes."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sandbox.company.branches import BRANCHES
from sandbox.company.notation import iso
from sandbox.company.table import Row

FIRST_COUNT_ID = 1800001

RATES = {39: "1.0", 1: "0.3704", 3: "0.32"}
"""How many units of the currency one GEL buys, as text."""

GROUPS = (
    "Оплата аренды",
    "Доплата за страховку",
    "Доплата за доставку",
    "Доплата за приём",
    "Доплата за другое",
    "Доплата за штрафы",
    "Залог",
)

METHODS = ("cash", "cash_card", "cashless", "client_balance")

_TEMPLATE: Row = {
    "id": 0, "created_at": None, "old_created_at": None, "group": "", "subgroup": None, "counts_category_id": 0,
    "counts_subcategory_id": None, "operation": True, "description": "text", "car_id": None, "debt_id": None,
    "sum": 0, "cashless": False, "cash_card": False, "cash": False, "entity": False, "client_balance": False,
    "user_id": None, "company_id": 0, "booking_id": None, "client_id": None, "tinkoff_paid": False,
    "rated_sum": "0", "rate": "1.0", "last_balance": 120.5, "yandex_taxi_id": None, "investor_id": None,
    "source": None, "check": True, "car_code": None, "completed": True, "completed_at": None, "completed_by": None,
    "contractor_id": None, "agent_id": None, "company_cashbox_id": 0, "currency_id": 39, "yandex_pay": False,
    "stripe": False,
}  # fmt: skip


def count_row(count_id: int, company_id: int, created: datetime, amount: float, fields: Row) -> Row:
    """``fields`` may name group, method, currency_id, booking_id and the rest; the derived ones follow from them."""
    currency_id = fields.get("currency_id", 39)
    method = fields.pop("method", "cash")
    group = fields.get("group", GROUPS[0])
    return {
        **_TEMPLATE,
        "id": count_id,
        "created_at": iso(created),
        "group": group,
        "counts_category_id": 59000 + GROUPS.index(group) + 10 * (company_id - 1001),
        "company_id": company_id,
        "sum": amount,
        method: True,
        "rate": RATES[currency_id],
        "rated_sum": f"{round(amount / float(RATES[currency_id]), 2)}",
        "last_balance": 108.2 - 120.5 if count_id % 2 else 120.5,
        "company_cashbox_id": 2900 + 10 * (company_id - 1001) + (39, 1, 3).index(currency_id),
        **fields,
    }


def counts_of(bookings: list[Row], now: datetime) -> Iterator[Row]:
    """Rent and deposit of what went out, an expense and a payment from the client's balance in every branch."""
    count_id = FIRST_COUNT_ID
    for booking in bookings:
        if booking["start_worker_id"] is None or booking["technical"]:
            continue
        when = now - timedelta(minutes=37 * (booking["id"] % 97))
        links = {
            "booking_id": booking["id"],
            "car_id": booking["car_id"],
            "car_code": booking["car_code"],
            "user_id": booking["start_worker_id"],
        }
        rent = {"method": METHODS[booking["id"] % 3], "check": None if booking["id"] % 4 == 0 else True, **links}
        yield count_row(count_id, booking["company_id"], when, booking["total"], rent)
        deposit = {"group": "Залог", "currency_id": (39, 1, 3)[booking["id"] % 3], **links}
        yield count_row(count_id + 1, booking["company_id"], when, booking["deposit"], deposit)
        count_id += 2
    for branch in BRANCHES:
        expense = {"group": "Доплата за другое", "operation": False, "description": "мойка", "user_id": 15001}
        yield count_row(count_id, branch.company_id, now - timedelta(hours=3), 60, expense)
        balance = {"method": "client_balance", "description": "с баланса", "user_id": 15001}
        yield count_row(count_id + 1, branch.company_id, now - timedelta(hours=2), 45.5, balance)
        count_id += 2
