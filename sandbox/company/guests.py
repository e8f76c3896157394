"""The clients of the invented company, from many countries, and the language each of them writes in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.company.branches import BRANCHES, PARENT_COMPANY_ID, Branch
from sandbox.company.notation import iso
from sandbox.company.table import Row

FIRST_CLIENT_ID = 370001


@dataclass(frozen=True, slots=True)
class Guest:
    """A client as a person: ``phone`` is written as this client wrote it, ``language`` is what they speak."""

    client_id: int
    name: str
    lastname: str
    country: str
    language: str
    phone: str
    email: str | None


_GUESTS = (
    ("Anna", "Muster", "DE", "de", "+49 (000) 000-00-01", "anna.muster@example.invalid"),
    ("Сергей", "Примеров", "RU", "ru", "8 (900) 000-00-02", ""),
    ("John", "O'Sample", "GB", "en", "+44 0000 000003", "john@example.invalid"),
    ("דוד", "לדוגמה", "IL", "he", "+972-00-000-0004", None),
    ("محمد", "مثال", "SA", "ar", "+966 00 000 0005", None),
    ("Élodie", "Exemple", "FR", "fr", "0033 0 00 00 00 06", "elodie@example.invalid"),
    ("Ayşe", "Örnek", "TR", "tr", "+90 000 000 00 07", ""),
    ("李", "样本", "CN", "zh", "+86 000 0000 0008", None),
    ("Priya", "Udaharan", "IN", "en", "+91-00000-00009", "priya@example.invalid"),
    ("Jan", "Przykład", "PL", "pl", "+48 000 000 010", "jan@example.invalid"),
    ("Олена", "Зразкова", "UA", "uk", "+380 (00) 000-00-11", "null"),
    ("Giulia", "Esempio", "IT", "it", "+39 000 0000012", "giulia@example.invalid"),
    ("María", "Ejemplo Núñez", "ES", "es", "+34 000 00 00 13", "maria@example.invalid"),
    ("თამარ", "სინჯიშვილი", "GE", "ka", "555 00 00 14", None),
    ("Narek", "Orinakyan", "AM", "hy", "+374 00 000015", "narek@example.invalid"),
    ("Aigerim", "Ulgi", "KZ", "ru", "+7 (700) 000-00-16", "aigerim@example.invalid"),
    ('Ahmad "Al"', "Contoh; --", "MY", "ms", "+60 00-000 0017", "ahmad@example.invalid"),
    ("Mia", "<b>Probe</b>", "AT", "de", "+43 000 000018", "mia@example.invalid"),
    ("Павел", "Образец", "BY", "ru", "+375 00 000-00-19", ""),
    ("Noah", "Vanilla", "US", "en", "+1 (000) 000-00-20", "noah@example.invalid"),
)  # fmt: skip
"""Quotes, an apostrophe, markup and SQL in names are meant: they must arrive unchanged."""

_CATEGORIES = ("Новый", "Постоянный", "Лояльный")


def guests(size: int) -> tuple[Guest, ...]:
    """The twenty of the company; a larger crowd repeats their names under new ids and phones."""
    return tuple(_guest(number) for number in range(size))


def client_rows(crowd: tuple[Guest, ...], now: datetime) -> Iterator[Row]:
    """Every client belongs to one branch, and other branches do not know it."""
    for number, guest in enumerate(crowd):
        created = now - timedelta(days=400 - number % 380, minutes=number)
        branch = BRANCHES[number % 3]
        yield client_row(guest.client_id, branch, created) | {
            "name": guest.name,
            "lastname": guest.lastname,
            "phone": guest.phone,
            "email": guest.email,
            "category": _CATEGORIES[number % len(_CATEGORIES)],
            "source": ("widget", "Сотрудник")[number % 2],
            "debtor": number % 19 == 6,
        }


def client_row(client_id: int, branch: Branch, created: datetime) -> Row:
    return {
        "id": client_id,
        "name": "Test",
        "lastname": "Client",
        "middlename": None,
        "phone": "",
        "email": None,
        "category": "Новый",
        "source": "Сотрудник",
        "debtor": False,
        "company_id": branch.company_id,
        "main_company_id": PARENT_COMPANY_ID,
        "created_at": iso(created),
        "updated_at": iso(created + timedelta(hours=3)),
    }


def _guest(number: int) -> Guest:
    name, lastname, country, language, phone, email = _GUESTS[number % len(_GUESTS)]
    repeated = number // len(_GUESTS)
    own_phone = f"{phone} {repeated:04}" if repeated else phone
    own_lastname = f"{lastname} {repeated}" if repeated else lastname
    return Guest(FIRST_CLIENT_ID + number, name, own_lastname, country, language, own_phone, email)
