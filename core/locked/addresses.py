"""Addresses: links, e-mails, handles, phones, and our own placeholders; they stay letter for letter."""

import re
from collections.abc import Sequence

from core.locked.entity import Kind, Reading
from core.locked.sheet import Sheet

PLACEHOLDER = re.compile(r"⟦[^⟦⟧\s]{0,40}⟧")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
PHONE = re.compile(r"(?:(?<![\w.,/:-])|(?<=:)(?=\+))(?:\+|00)?\(?\d(?:[ ().-]{0,3}\d){6,16}(?!\w|[-.,:/]\d)")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"⟦⟧\ue000]{1,2000}", re.IGNORECASE)
_BARE_LINK = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|ge|ru|io|me|info|travel|co|il|de|tr|app|ae)"
    r"(?![\w-])(?:/[^\s<>\"⟦⟧\ue000]{0,2000})?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@])@[A-Za-z0-9_.]{2,40}")
_CLOSING = ".,;:!?)]}'*_"


def take_addresses(sheet: Sheet) -> None:
    sheet.take(Kind.PLACEHOLDER, PLACEHOLDER, lambda match: [("placeholder", match[0])])
    sheet.take(Kind.LINK, _LINK, _link)
    sheet.take(Kind.EMAIL, EMAIL, lambda match: [("email", match[0].rstrip(".").casefold())])
    sheet.take(Kind.LINK, _BARE_LINK, _link)
    sheet.take(Kind.HANDLE, _HANDLE, lambda match: [("handle", match[0].rstrip(".").casefold())])


def take_phones(sheet: Sheet) -> None:
    sheet.take(Kind.PHONE, PHONE, _phone)


def is_phone(text: str) -> bool:
    """A plus sign with seven digits or more; nine digits in several groups; or eleven and more in a row."""
    digits = sum(character.isdigit() for character in text)
    if text.startswith(("+", "00")):
        return digits >= 7
    if "." in text or digits < 9:
        return False
    groups = re.findall(r"\d+", text)
    is_amount = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    return (len(groups) > 1 and not (is_amount and digits > 9)) or (len(groups) == 1 and 9 <= digits <= 15)


def _phone(match: re.Match[str]) -> Sequence[Reading]:
    if not is_phone(match[0]):
        return ()
    digits = re.sub(r"\D", "", match[0])
    return [("phone", digits.removeprefix("00"))]


def _link(match: re.Match[str]) -> Sequence[Reading]:
    """The address without its protocol; the host has no case, the path has."""
    address = re.sub(r"^https?://(?:www\.)?|^www\.", "", match[0].rstrip(_CLOSING), flags=re.IGNORECASE)
    host, slash, path = address.partition("/")
    return [("link", host.casefold(), (slash + path).rstrip("/"))]
