"""The invented company that the sandbox plays: branches, people, cars, clients, bookings, all from one seed."""

from sandbox.company.branches import BRANCHES, PARENT_COMPANY_ID, Branch
from sandbox.company.guests import Guest
from sandbox.company.people import Person
from sandbox.company.telegram import TelegramSeed, telegram_seed
from sandbox.company.world import World, big_world, company

__all__ = [
    "BRANCHES",
    "PARENT_COMPANY_ID",
    "Branch",
    "Guest",
    "Person",
    "TelegramSeed",
    "World",
    "big_world",
    "company",
    "telegram_seed",
]
