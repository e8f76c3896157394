"""The words of a conversation's card, line by line; what nobody knows is left out."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.farewells import topic_url
from bot.places import car_name, client_name
from bot.quoting import line
from bot.texts import Texts
from core.clock import LOCAL_ZONE, local_text
from core.commands import Text
from db.queries.conversation_cards import ConversationFacts


def card_text(facts: ConversationFacts, texts: Texts, language: str) -> Text:
    title: dict[str, str | int] = {"name": client_name(facts, texts, language)}
    return Text(key="conversation-title", args=title, parts=tuple(_lines(facts)))


def _lines(facts: ConversationFacts) -> Iterator[Text]:
    zone = ZoneInfo(facts.timezone) if facts.timezone else LOCAL_ZONE
    yield from _contact(facts)
    yield from _rent(facts, zone)
    if facts.is_debtor:
        yield Text(key="conversation-debtor")
    yield from _answers(facts, zone)


def _contact(facts: ConversationFacts) -> Iterator[Text]:
    yield Text(key="conversation-channel", args={"channel": facts.channel})
    if facts.phone:
        yield Text(key="conversation-phone", args={"phone": line(facts.phone)})
    if facts.client and facts.contact_name and facts.contact_name != facts.client:
        yield Text(key="conversation-calls-themselves", args={"name": line(facts.contact_name)})
    if facts.language:
        yield Text(key="conversation-language", args={"language": facts.language})


def _rent(facts: ConversationFacts, zone: ZoneInfo) -> Iterator[Text]:
    if facts.booking_number is not None:
        yield Text(key="conversation-booking", args={"number": str(facts.booking_number)})
    car = car_name(facts)
    if car and facts.car_chat_id is not None and facts.car_thread_id is not None:
        url = topic_url(facts.car_chat_id, facts.car_thread_id)
        yield Text(key="conversation-car-topic", args={"car": line(car), "url": url})
    elif car:
        yield Text(key="conversation-car", args={"car": line(car)})
    if facts.start_at is not None or facts.end_at is not None:
        dates: dict[str, str | int] = {"start": _time(facts.start_at, zone), "end": _time(facts.end_at, zone)}
        yield Text(key="conversation-dates", args=dates)
    if facts.deposit == 0:
        yield Text(key="conversation-no-deposit")
    elif facts.deposit is not None:
        yield Text(key="conversation-deposit", args={"amount": _amount(facts.deposit)})


def _answers(facts: ConversationFacts, zone: ZoneInfo) -> Iterator[Text]:
    if facts.is_closed:
        yield Text(key="conversation-closed")
        return
    if facts.holder:
        yield Text(key="conversation-holder", args={"name": line(facts.holder)})
    else:
        yield Text(key="conversation-no-holder")
    if facts.unanswered_since is not None:
        yield Text(key="conversation-unanswered", args={"time": _time(facts.unanswered_since, zone)})
    elif facts.last_outgoing_at is not None:
        yield Text(key="conversation-answered", args={"time": _time(facts.last_outgoing_at, zone)})
    if facts.is_consult:
        yield Text(key="conversation-consult")
    if facts.session_expires_at is not None:
        yield Text(key="conversation-session", args={"time": _time(facts.session_expires_at, zone)})


def _time(moment: datetime | None, zone: ZoneInfo) -> str:
    return "—" if moment is None else local_text(moment, zone)


def _amount(amount: Decimal) -> str:
    """RentProg keeps an amount without its currency here, so none is named."""
    return f"{amount.normalize():,f}".replace(",", " ")
