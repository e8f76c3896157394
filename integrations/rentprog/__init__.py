"""RentProg, the rental back office: typed reads of both API planes, webhooks, and the audit feed. Start at api.py."""

from integrations.rentprog.api import BookingPage, CarsWithPrices, RentprogApi
from integrations.rentprog.cash import Direction, PaymentMethod, PaymentPurpose, PaymentRecord, StaffRecord
from integrations.rentprog.client import RentprogClient, budget_for
from integrations.rentprog.credentials import RentprogCredentials
from integrations.rentprog.history import HistoryEntry, HistoryKind, OperationRecord, parse_description
from integrations.rentprog.known import unknown_keys
from integrations.rentprog.models import BookingRecord, CarRecord, ClientRecord, Record
from integrations.rentprog.pages import BadRecord, BadRow, Page, Unread, all_pages
from integrations.rentprog.prices import CarPrices, PriceRecord, Season
from integrations.rentprog.states import DEFAULT_STATES, BookingState
from integrations.rentprog.webhook import EVENTS, Delivery, Headline, Reason, Unreadable, headline, parse, verify

__all__ = [
    "DEFAULT_STATES",
    "EVENTS",
    "BadRecord",
    "BadRow",
    "BookingPage",
    "BookingRecord",
    "BookingState",
    "CarPrices",
    "CarRecord",
    "CarsWithPrices",
    "ClientRecord",
    "Delivery",
    "Direction",
    "Headline",
    "HistoryEntry",
    "HistoryKind",
    "OperationRecord",
    "Page",
    "PaymentMethod",
    "PaymentPurpose",
    "PaymentRecord",
    "PriceRecord",
    "Reason",
    "Record",
    "RentprogApi",
    "RentprogClient",
    "RentprogCredentials",
    "Season",
    "StaffRecord",
    "Unread",
    "Unreadable",
    "all_pages",
    "budget_for",
    "headline",
    "parse",
    "parse_description",
    "unknown_keys",
    "verify",
]
