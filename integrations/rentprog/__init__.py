"""RentProg, the rental back office: typed reads of both API planes, webhooks, and the audit feed. Start at api.py."""

from integrations.rentprog.api import BookingPage, CarPrices, CarsWithPrices, RentprogApi
from integrations.rentprog.cash import Direction, PaymentMethod, PaymentPurpose, PaymentRecord, StaffRecord
from integrations.rentprog.history import HistoryEntry, HistoryKind, OperationRecord, parse_description
from integrations.rentprog.models import BookingRecord, CarRecord, ClientRecord, Record
from integrations.rentprog.pages import BadRecord, BadRow, Page, all_pages
from integrations.rentprog.prices import PriceRecord, Season
from integrations.rentprog.states import DEFAULT_STATES, BookingState

__all__ = [
    "DEFAULT_STATES",
    "BadRecord",
    "BadRow",
    "BookingPage",
    "BookingRecord",
    "BookingState",
    "CarPrices",
    "CarRecord",
    "CarsWithPrices",
    "ClientRecord",
    "Direction",
    "HistoryEntry",
    "HistoryKind",
    "OperationRecord",
    "Page",
    "PaymentMethod",
    "PaymentPurpose",
    "PaymentRecord",
    "PriceRecord",
    "Record",
    "RentprogApi",
    "Season",
    "StaffRecord",
    "all_pages",
    "parse_description",
]
