"""Money in RentProg: payments and cash operations ("counts"), and the staff who hold cash."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from core.money import Currency
from integrations.rentprog import fields
from integrations.rentprog.models import Record
from integrations.rentprog.states import StateTexts
from integrations.rentprog.values import BadValueError, currency, money, optional_flag


class StaffRecord(Record):
    """A web user of one branch. The same person may have another cash in another branch: key by (branch, id)."""

    table: ClassVar = fields.STAFF

    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    role: str | None = None
    active: bool | None = None
    last_activity_at: datetime | None = None
    last_login_at: datetime | None = None
    cash: Mapping[Currency, Decimal] = Field(default_factory=dict)

    @classmethod
    def derive(cls, columns: Mapping[str, Any], attributes: Mapping[str, Any], states: StateTexts) -> Mapping[str, Any]:
        del columns, states
        accounts = attributes.get("currency_accounts")
        return {} if accounts is None else {"cash": _cash(accounts)}


class PaymentMethod(StrEnum):
    CASH = "cash"
    CARD = "cash_card"
    CASHLESS = "cashless"
    CLIENT_BALANCE = "client_balance"


class Direction(StrEnum):
    INCOME = "income"
    EXPENSE = "expense"


class PaymentPurpose(StrEnum):
    RENT = "rent"
    INSURANCE = "insurance"
    DELIVERY = "delivery"
    RETURN_DELIVERY = "return_delivery"
    OTHER = "other"
    FINES = "fines"
    DEPOSIT = "deposit"
    UNKNOWN = "unknown"


PURPOSES = {
    "Оплата аренды": PaymentPurpose.RENT,
    "Доплата за страховку": PaymentPurpose.INSURANCE,
    "Доплата за доставку": PaymentPurpose.DELIVERY,
    "Доплата за приём": PaymentPurpose.RETURN_DELIVERY,
    "Доплата за другое": PaymentPurpose.OTHER,
    "Доплата за штрафы": PaymentPurpose.FINES,
    "Залог": PaymentPurpose.DEPOSIT,
}


class PaymentRecord(Record):
    """A payment or cash operation ("count"). ``amount`` is in ``currency``, ``rated_amount`` in GEL."""

    table: ClassVar = fields.PAYMENT

    company_id: int | None = None
    paid_at: datetime
    group: str | None = None
    purpose: PaymentPurpose = PaymentPurpose.UNKNOWN
    subgroup: str | None = None
    description: str | None = None
    method: PaymentMethod
    direction: Direction
    amount: Decimal
    currency: Currency
    exchange_rate: Decimal | None = None
    rated_amount: Decimal | None = None
    last_balance: Decimal | None = None
    cashbox_id: int | None = None
    cashier_rentprog_id: int | None = None
    booking_rentprog_id: int | None = None
    car_rentprog_id: int | None = None
    client_rentprog_id: int | None = None
    completed: bool | None = None

    @property
    def is_revenue(self) -> bool:
        """Deposits are the client's money."""
        return self.direction is Direction.INCOME and self.purpose is not PaymentPurpose.DEPOSIT

    @classmethod
    def derive(cls, columns: Mapping[str, Any], attributes: Mapping[str, Any], states: StateTexts) -> Mapping[str, Any]:
        del states
        for required in ("paid_at", "amount", "currency"):
            if columns.get(required) is None:
                raise BadValueError(f"no_{required}")
        return {
            "purpose": PURPOSES.get(columns.get("group") or "", PaymentPurpose.UNKNOWN),
            "method": _method(attributes),
            "direction": _direction(attributes),
        }


def _cash(accounts: object) -> dict[Currency, Decimal]:
    """Cash per currency. Two accounts of one currency would need a guess, so they are refused."""
    if not isinstance(accounts, list) or not all(isinstance(account, Mapping) for account in accounts):
        raise BadValueError("bad_currency_accounts")
    cash: dict[Currency, Decimal] = {}
    for account in accounts:
        unit = currency(account.get("currency_id"))
        amount = money(account.get("cash"))
        if amount is None or unit in cash:
            raise BadValueError("bad_currency_accounts")
        cash[unit] = amount
    return cash


def _method(attributes: Mapping[str, Any]) -> PaymentMethod:
    """Exactly one of the four flags is true; anything else is for a person to look at."""
    chosen = [method for method in PaymentMethod if optional_flag(attributes.get(method.value)) is True]
    if len(chosen) != 1:
        raise BadValueError("no_payment_method" if not chosen else "several_payment_methods")
    return chosen[0]


def _direction(attributes: Mapping[str, Any]) -> Direction:
    is_income = optional_flag(attributes.get("operation"))
    if is_income is None:
        raise BadValueError("no_direction")
    return Direction.INCOME if is_income else Direction.EXPENSE
