"""The people who write to the company from outside: through which channel, under which address, in which language."""

import re
from dataclasses import dataclass

from sandbox.company.guests import Guest


@dataclass(frozen=True, slots=True)
class Correspondent:
    """``login`` is the channel's own address: digits in WhatsApp, a name elsewhere. ``client_id`` is RentProg's."""

    key: str
    name: str
    channel: str
    login: str
    language: str
    about: str
    client_id: int | None = None


_GUESTS = (
    ("mohammed", 4, "whatsapp", "Arabic, from Saudi Arabia; takes a car in Tbilisi today"),
    ("david", 3, "whatsapp", "Hebrew, from Israel; takes a car in Tbilisi today"),
    ("john", 2, "whatsapp", "English, from Great Britain; has a car and is late with it"),
    ("ayse", 6, "whatsapp", "Turkish, from Turkey; takes a car tomorrow night"),
    ("anna", 0, "whatsapp", "German, from Germany; has a car out of Tbilisi"),
    ("tamar", 13, "whatsapp", "Georgian; takes a car in Batumi tomorrow"),
)
"""Key, place in the company's list of clients, channel, what a player should know."""

_STRANGERS = (
    Correspondent("layla", "ليلى", "instagram", "layla.travels.example", "ar", "Arabic; no phone, no booking yet"),
    Correspondent("sergey", "Сергей Гость", "telegram", "sergey_guest", "ru", "Russian; unknown to the company"),
    Correspondent("emma", "Emma", "instagram", "emma.on.the.road.example", "en", "English; no phone, asks for prices"),
)
"""Nobody of RentProg's list: a channel's name is no proof of who writes."""


def correspondents(crowd: tuple[Guest, ...]) -> tuple[Correspondent, ...]:
    """Who can write in a company whose clients are ``crowd``; a small crowd lacks some."""
    known = (_of(crowd[place], key, channel, about) for key, place, channel, about in _GUESTS if place < len(crowd))
    return (*known, *_STRANGERS)


def digits(phone: str) -> str:
    """As WhatsApp names a number: country code and digits; ``00`` before it is no part of it."""
    only = re.sub(r"\D", "", phone)
    return f"995{only}" if len(only) == _GEORGIAN_LOCAL else only.removeprefix("00")


_GEORGIAN_LOCAL = 9
"""Georgians write their mobile numbers without the country's code."""


def _of(guest: Guest, key: str, channel: str, about: str) -> Correspondent:
    name = f"{guest.name} {guest.lastname}".strip()
    return Correspondent(key, name, channel, digits(guest.phone), guest.language, about, guest.client_id)
