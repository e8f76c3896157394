"""One booking as RentProg keeps it: the template, the situations of its life, and a row made for a car and a client."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sandbox.company.branches import BRANCHES, PARENT_COMPANY_ID, Branch
from sandbox.company.notation import iso, wall
from sandbox.company.table import Row

FIRST_BOOKING_ID = 500001
FIRST_NUMBER = 4001
"""The visible number is counted per branch and is no identity."""


class Situation(StrEnum):
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    OUT = "out"
    RETURNED = "returned"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    WAITING = "waiting"
    ARCHIVED = "archived"


_NOT_OUT = {"in_rent": False}
_OVER = {"active": False, "in_rent": False}

FLAGS: dict[Situation, Row] = {
    Situation.PLANNED: {"state": "Новая", "active": True, **_NOT_OUT},
    Situation.CONFIRMED: {"state": "Подтверждена", "active": True, **_NOT_OUT},
    Situation.OUT: {"state": "Активная", "active": True, "in_rent": True},
    Situation.RETURNED: {"state": "Отъездила", **_OVER},
    Situation.FINISHED: {"state": "Завершена", **_OVER},
    Situation.CANCELLED: {"state": "Отмена", **_OVER},
    Situation.REFUSED: {"state": "Отказ клиента", "client_decline": True, **_OVER},
    Situation.NO_ANSWER: {"state": "Недозвон", "active": True, **_NOT_OUT},
    Situation.WAITING: {"state": "Ожидает ответа клиента", "active": True, **_NOT_OUT},
    Situation.ARCHIVED: {"state": "Отъездила", "archive": True, **_OVER},
}
"""RentProg has no status: three flags, two workers and a Russian text say where a booking stands."""

ISSUED = frozenset({Situation.OUT, Situation.RETURNED, Situation.FINISHED, Situation.ARCHIVED})
RETURNED = frozenset({Situation.RETURNED, Situation.FINISHED, Situation.ARCHIVED})

_TEMPLATE: Row = {
    "id": 0, "created_at": None, "car_name": "", "car_id": 0, "car_code": "", "start_date": "", "end_date": "",
    "start_date_formatted": None, "end_date_formatted": None, "user_id": None, "client_id": None, "first_name": "",
    "middle_name": "", "last_name": "", "sale": 0, "sale_cash": 0, "rental_cost_sale": 0, "rental_cost_sale_cash": 0,
    "days": 0, "location_start": "", "location_end": "", "additional_hours": 0, "price": 0, "price_no_sale": 0,
    "price_id": None, "rental_cost": 0, "price_hour": 22, "hours_cost": 0, "delivery": 0, "equipment": 0,
    "clean_payment": 0, "damage": 0, "gas": 0, "gas_start": "0", "gas_end": "0", "gas_start_full": True,
    "agent_id": None, "gas_end_full": False, "other": 0, "total": 0, "deposit": 0, "active": True, "in_rent": False,
    "hours_cost_end": 0, "delivery_end": 0, "ride": False, "archive": False, "chair": None, "chairs_quantity": 0,
    "clean_start": True, "clean_end": False, "other_equipment": None, "navigator": False, "mp3": False,
    "charger": False, "failure": False, "other_end": 0, "booking_mileage": 0, "start_mileage": 0, "end_mileage": 0,
    "manual_editing": False, "only_manual_editing": False, "description": "note", "send_accept_email": False,
    "send_cancel_email": False, "send_custom_email": False, "entity": False, "entity_name": None,
    "start_worker_id": None, "end_worker_id": None, "add_drivers_cost": 0, "booster": None, "boosters_quantity": 0,
    "chair_less_1_year": False, "wifi_router": False, "osago": True, "kasko": False, "super_kasko": False,
    "theft": False, "no_franchise": False, "insurance": 0, "fine": 0, "responsible": None, "mileage_cost": 0,
    "state": "Новая", "state_updater": None, "updater": None, "client_category": "Новый", "payments_period": None,
    "client_debtor": False, "oil_engine": None, "oil_engine_km": None, "grm": None, "grm_km": None, "car_state": 1,
    "custom_field_1": None, "custom_field_2": None, "custom_field_3": None, "apply_current_prices": False,
    "technical": False, "repair": False, "part_return_deposit": False, "client_decline": False, "source": "Сотрудник",
    "number": 0, "vseprokaty_id": None, "fast_booking": False, "aggr_commission": 0, "decision_date": None,
    "hourly_hours": 0, "hourly": False, "hourly_deposit": 0, "monthly": False, "monthly_months": 0,
    "monthly_deposit": 0, "payments_type": "full",
}  # fmt: skip

LIST_FIELDS = tuple(_TEMPLATE)
"""What a list shows of a booking: neither its branch nor when it was changed."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Who takes which car, from when to when, in which situation the booking is."""

    branch: Branch
    car: Row
    client: Row | None
    start: datetime
    end: datetime
    situation: Situation
    worker_id: int


def booking_row(booking_id: int, number: int, stay: Stay, created: datetime) -> Row:
    """Both dates are wall time; ``*_formatted`` is made when the row is shown."""
    return {
        **_TEMPLATE,
        **_identity(booking_id, number, stay, created),
        **_who(stay),
        **_money(booking_id, stay),
        **FLAGS[stay.situation],
        **_hand_over(stay),
        "start_date": wall(stay.start),
        "end_date": wall(stay.end),
        "location_start": stay.branch.office,
        "location_end": BRANCHES[booking_id % 3].office if booking_id % 4 == 0 else stay.branch.office,
    }


def _identity(booking_id: int, number: int, stay: Stay, created: datetime) -> Row:
    return {
        "id": booking_id,
        "number": number,
        "created_at": iso(created),
        "updated_at": iso(created + timedelta(minutes=11)),
        "company_id": stay.branch.company_id,
        "main_company_id": PARENT_COMPANY_ID,
        "responsible_id": None,
        "car_id": stay.car["id"],
        "car_name": stay.car["car_name"],
        "car_code": stay.car["code"],
        "car_state": stay.car["state"],
        "source": ("widget", "Сотрудник")[booking_id % 2],
        "user_id": stay.worker_id if booking_id % 2 else None,
    }


def _who(stay: Stay) -> Row:
    if stay.client is None:
        return {"first_name": "Сервис", "technical": True, "repair": True}
    return {
        "client_id": stay.client["id"],
        "first_name": stay.client["name"],
        "last_name": stay.client["lastname"],
        "client_category": stay.client["category"],
        "client_debtor": stay.client["debtor"],
    }


def _money(booking_id: int, stay: Stay) -> Row:
    """Int or float as it falls, as in RentProg; a technical booking and every 17th ordinary one cost nothing."""
    days = max(1, round((stay.end - stay.start) / timedelta(days=1)))
    if stay.client is None or booking_id % 17 == 0:
        return {"days": days}
    full = round(stay.car["deposit"] * 0.4)
    rental = round(full * 0.93 * days, 2) if booking_id % 3 == 0 else full * days
    delivery = (0, 10, 20, 54)[booking_id % 4]
    insurance = 0 if booking_id % 5 == 0 else 122
    return {
        "days": days,
        "price": round(rental / days, 2) if booking_id % 3 == 0 else full,
        "price_no_sale": full,
        "rental_cost": rental,
        "delivery": delivery,
        "insurance": insurance,
        "total": rental + delivery + insurance,
        "deposit": stay.car["deposit"],
        "custom_field_1": ("CDW", "Full Coverage", "Full Coverage Plus", "Full Coverage PAI")[booking_id % 4],
        "custom_field_2": ("Нет допоборудования", "Child seat 1 pc", "anti-skid chains")[booking_id % 3],
        "custom_field_3": ("Нет услуг", "Delivery out of working hours", "Driver")[booking_id % 3],
        "chair": True if booking_id % 3 == 1 else None,
        "chairs_quantity": 1 if booking_id % 3 == 1 else 0,
    }


def _hand_over(stay: Stay) -> Row:
    done: Row = {}
    if stay.situation in ISSUED:
        done |= {"start_worker_id": stay.worker_id, "start_mileage": max(0, stay.car["mileage"] - 900)}
    if stay.situation in RETURNED:
        done |= {"end_worker_id": stay.worker_id, "end_mileage": stay.car["mileage"], "gas_end_full": True}
    return done
