"""The twelve people who work in the invented company, and their users in RentProg."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.roles import Role
from sandbox.company.branches import BATUMI, BRANCHES, KUTAISI, SERVICE_CENTER, TBILISI, Branch
from sandbox.company.notation import iso
from sandbox.company.table import Row

FIRST_TELEGRAM_ID = 5_200_000_001
"""Above 2^31, as the ids of new Telegram accounts are."""

GEL, USD, EUR = 39, 1, 3


@dataclass(frozen=True, slots=True)
class Person:
    """``rentprog_ids`` maps a branch's code to the user id there; the director has one id with four cash boxes."""

    telegram_id: int
    first_name: str
    last_name: str
    username: str | None
    language: str
    role: Role
    branch: str | None
    rentprog_ids: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def _everywhere(first_id: int, step: int) -> dict[str, int]:
    return {branch.code: first_id + number * step for number, branch in enumerate(BRANCHES)}


_STAFF: tuple[tuple[str, str, str | None, str, Role, Branch | None, dict[str, int]], ...] = (
    ("Иван", "Петров", "ivan_tbs", "ru", Role.EMPLOYEE, TBILISI, {"tbilisi": 15001}),
    ("Nino", "Example-Beridze", None, "ka", Role.EMPLOYEE, TBILISI, {"tbilisi": 15002}),
    ("Oleg", "Sample", "oleg_night", "en", Role.EMPLOYEE, TBILISI, {"tbilisi": 15003, "kutaisi": 15103}),
    ("ნინო", "მაგალითიძე", "nino_head", "ka", Role.BRANCH_HEAD, TBILISI, {"tbilisi": 15004}),
    ("Дато", "Примерадзе", "dato_kut", "ru", Role.EMPLOYEE, KUTAISI, {"kutaisi": 15005}),
    ("გიორგი", "ნიმუშაძე", None, "ka", Role.BRANCH_HEAD, KUTAISI, {"kutaisi": 15006}),
    ("Лела", "Образцова", "lela_bat", "ru", Role.EMPLOYEE, BATUMI, {"batumi": 15007}),
    ("Марк", "Тестов", "mark_head", "ru", Role.BRANCH_HEAD, BATUMI, {"batumi": 15008}),
    ("Зура", "Мастеров", None, "ru", Role.EMPLOYEE, SERVICE_CENTER, {"service-center": 15009}),
    ("Анна", "Дивизионова", "anna_division", "ru", Role.DIVISION_HEAD, None, _everywhere(15010, 100)),
    ("Viktor", "Director", "viktor_ceo", "en", Role.DIRECTOR, None, _everywhere(14001, 0)),
    ("Ada", "Admin", "ada_ops", "en", Role.ADMIN, None, {}),
)
"""The workshop has no head: an escalation there skips a step."""


def staff() -> tuple[Person, ...]:
    return tuple(
        Person(FIRST_TELEGRAM_ID + number * 1013, first, last, username, language, role, branch and branch.code, ids)
        for number, (first, last, username, language, role, branch, ids) in enumerate(_STAFF)
    )


def users_of(branch: Branch, people: tuple[Person, ...], now: datetime) -> list[Row]:
    """The branch's RentProg users: its staff, and one who left and never had Telegram."""
    present = [person for person in people if branch.code in person.rentprog_ids]
    return [
        *(_user(person, branch, number, now) for number, person in enumerate(present)),
        _former_user(15900 + branch.company_id - 1000),
    ]


def _user(person: Person, branch: Branch, number: int, now: datetime) -> Row:
    user_id = person.rentprog_ids[branch.code]
    gel = round(120.1 * (number + 1) + branch.company_id - 1000.2, 2)
    return {
        "id": user_id,
        "name": person.name if person.role is not Role.DIRECTOR else f"CEO {person.name}",
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": f"staff{user_id}@example.invalid",
        "phone": None if number % 2 else f"+995 (555) 00-{user_id % 100:02}-{number:02}",
        "role": "manager" if person.role in (Role.EMPLOYEE, Role.BRANCH_HEAD) else "admin",
        "active": True,
        "last_activity": iso(now - timedelta(minutes=7 * number + 1)),
        "last_login": iso(now - timedelta(hours=5 + number)),
        "account": {"id": user_id - 8000 + branch.company_id, "cash": gel},
        "currency_accounts": [
            {"currency_id": GEL, "cash": gel},
            {"currency_id": USD, "cash": 20 * number},
            {"currency_id": EUR, "cash": 40 if number else 0},
        ],
    }


def _former_user(user_id: int) -> Row:
    return {
        "id": user_id,
        "name": "Former Staff",
        "first_name": "Former",
        "last_name": "Staff",
        "email": f"staff{user_id}@example.invalid",
        "phone": "null",
        "role": "manager",
        "active": False,
        "last_activity": None,
        "last_login": None,
        "account": {"id": user_id - 8000, "cash": 0},
        "currency_accounts": [],
    }
