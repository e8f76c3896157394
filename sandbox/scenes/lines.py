"""What is said in the scene of the clients, in both languages, and the rules by which the model says it.

The scene is played at any hour, so the times that people name are given: those of their own bookings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sandbox.llm.scripts import script_named

Json = dict[str, Any]
SCENE = "a-client-writes"


@dataclass(frozen=True, slots=True)
class Line:
    """``said`` by one side, ``read`` by the other. ``client`` is the key of a correspondent."""

    client: str
    said: str
    read: str
    is_of_client: bool = True
    is_spoken: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """Local times of the branch: two hand-overs of today, and the dates of a rent that is asked for."""

    arab: datetime
    hebrew: datetime
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Lines:
    """In the order of the scene."""

    arab_asks: Line
    arab_is_answered: Line
    hebrew_speaks: Line
    hebrew_shows: Line
    hebrew_is_answered: Line
    price_question: Line
    english_in_the_outage: Line
    english_is_answered: Line
    english_thanks: Line
    turk_asks: Line
    turk_is_answered: Line

    def all(self) -> tuple[Line, ...]:
        return tuple(getattr(self, field.name) for field in fields(self))


def scene_lines(at: Times) -> Lines:
    arab, hebrew = f"{at.arab:%H:%M}", f"{at.hebrew:%H:%M}"
    days = f"{at.start:%d.%m.%Y} to {at.end:%d.%m.%Y}, {at.start:%H:%M}"
    dates = f"{at.start:%d.%m.%Y} по {at.end:%d.%m.%Y}, {at.start:%H:%M}"
    return Lines(
        arab_asks=Line(
            "mohammed",
            f"مرحبا، هل ستكون سيارتي جاهزة الساعة {arab}؟",
            f"Здравствуйте, моя машина будет готова в {arab}?",
        ),
        arab_is_answered=_answer(
            "mohammed",
            f"да всё готво, тачка помыта, ждём к {arab}",
            f"نعم، كل شيء جاهز والسيارة نظيفة، ننتظركم الساعة {arab}.",
        ),
        hebrew_speaks=Line(
            "david", f"אני אאחר ב-20 דקות, לא ב-{hebrew}", f"Я опоздаю на 20 минут, не к {hebrew}", is_spoken=True
        ),
        hebrew_shows=Line("david", "זו המכונית שהזמנתי, נכון?", "Это машина, которую я забронировал, верно?"),
        hebrew_is_answered=_answer(
            "david",
            f"ага она самая, на {hebrew} + 20 мин ок",
            f"כן, זו המכונית שלכם. {hebrew} ועוד 20 דקות זה בסדר.",
        ),
        price_question=Line(
            "john", f"How much is a Nissan Rogue from {days}?", f"Сколько стоит Nissan Rogue с {dates}?"
        ),
        english_in_the_outage=Line(
            "john", "I am at the parking already. Is anybody there?", "Я уже на парковке. Есть кто-нибудь?"
        ),
        english_is_answered=_answer("john", "уже идем, 5 мин", "We are on our way and will be with you in 5 minutes."),
        english_thanks=Line("john", "Thank you, I can see you!", "Спасибо, я вас вижу!"),
        turk_asks=Line(
            "ayse",
            "Merhaba, arabayı havalimanında teslim alabilir miyim?",
            "Здравствуйте, можно получить машину в аэропорту?",
        ),
        turk_is_answered=_answer(
            "ayse", "Добрый день! Да, можно, встретим вас там", "Merhaba! Evet, mümkün, sizi orada karşılayacağız."
        ),
    )


def _answer(client: str, said: str, read: str) -> Line:
    return Line(client, said, read, is_of_client=False)


def scene_script(at: Times, *, car: int) -> Json:
    """The body of ``PUT /_sandbox/llm/script``: the lines of the scene first, then what the model says every day.

    ``car`` is RentProg's number of the car whose price the drafter looks up.
    """
    said = scene_lines(at)
    everyday = script_named("everyday")
    drafts = (*_own_booking(said.arab_asks, at), *_priced(said.price_question, at, car))
    return everyday | {"scene": SCENE, "rules": [*map(_translation, said.all()), *drafts, *everyday["rules"]]}


def _translation(line: Line) -> Json:
    """The message stands last in what the translator is shown; names and phones are hidden before it."""
    shown = rf"<message>\s*{re.escape(line.said)}\s*</message>"
    return {
        "name": f"{line.client}: {line.said[:40]}",
        "when": {"user": shown},
        "answer": {"object": {"translation": line.read}},
    }


def _own_booking(question: Line, at: Times) -> Iterator[Json]:
    """The draft of the night: the time is the client's booking's own, or code holds the draft."""
    asked = _asks(question)
    yield {
        "name": f"{question.client}: my_bookings",
        "when": asked | {"tool_results": 0},
        "answer": {"tool_calls": [{"name": "my_bookings", "arguments": {}}]},
    }
    number, time = "${tool.my_bookings.bookings.0.number}", f"{at.arab:%H:%M}"
    draft = {
        "kind": "answer",
        "intent": "own_booking",
        "used": ["my_bookings-1"],
        "score": 0.9,
        "staff_text": f"По вашей брони {number} выдача в {time}. Коллега подтвердит, когда офис откроется.",
        "client_text": f"حسب حجزكم رقم {number} التسليم الساعة {time}. سيؤكد لكم زميلنا عند افتتاح المكتب.",
    }
    yield {
        "name": f"{question.client}: the draft",
        "when": asked | {"tool_results": 1},
        "answer": {"object": draft},
    }


def _priced(question: Line, at: Times, car: int) -> Iterator[Json]:
    """Availability, then the price, then the draft with the tools' own figures."""
    dates = {"start": f"{at.start:%Y-%m-%dT%H:%M}", "end": f"{at.end:%Y-%m-%dT%H:%M}"}
    asked = _asks(question)
    calls = (("availability", dates | {"words": "Rogue"}), ("price", dates | {"car": car}))
    for place, (tool, arguments) in enumerate(calls):
        call = {"name": tool, "arguments": arguments}
        yield {
            "name": f"{question.client}: {tool}",
            "when": asked | {"tool_results": place},
            "answer": {"tool_calls": [call]},
        }
    draft = {
        "kind": "answer",
        "intent": "price",
        "used": ["availability-1", "price-2"],
        "score": 0.9,
        "staff_text": "Nissan Rogue свободен, дней: ${tool.price.days}, всего ${tool.price.total}.",
        "client_text": "A Nissan Rogue is free, days: ${tool.price.days}, in all ${tool.price.total}.",
    }
    yield {
        "name": f"{question.client}: the draft",
        "when": asked | {"tool_results": len(calls)},
        "answer": {"object": draft},
    }


def _asks(question: Line) -> Json:
    """The drafter is shown the whole talk: only where the question is its last word is it asked now."""
    last = rf'{re.escape(question.said)}", "files": \[[^\]]*\]\}}\]\s*$'
    return {"user": last, "offers": "my_bookings"}
