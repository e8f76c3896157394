"""What is said in the scene of the clients, in both languages, and the rules by which the model says it.

The clients write on the day of the scene: the dates they ask for are told by whoever plays it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
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


ARAB_ASKS = Line(
    "mohammed", "صباح الخير، هل سيارتي جاهزة اليوم الساعة 9:30؟", "Доброе утро, моя машина будет готова сегодня в 9:30?"
)
ARAB_IS_ANSWERED = Line(
    "mohammed", "да всё готво, ждём вас в 9:30", "نعم، كل شيء جاهز، ننتظركم الساعة 9:30.", is_of_client=False
)
HEBREW_SPEAKS = Line("david", "אני אאחר ב-20 דקות, אגיע ב-9:50", "Я опоздаю на 20 минут, приеду в 9:50", is_spoken=True)
HEBREW_SHOWS = Line("david", "זה היה על הפגוש כבר אתמול", "Это было на бампере уже вчера")
HEBREW_IS_ANSWERED = Line("david", "спасибо, видим, записали", "תודה, אנחנו רואים, רשמנו.", is_of_client=False)
ENGLISH_THANKS = Line("john", "Thank you, see you at 18:00!", "Спасибо, увидимся в 18:00!")
ENGLISH_IN_THE_OUTAGE = Line(
    "john", "Is anybody there? I am at the parking already.", "Есть кто-нибудь? Я уже на парковке."
)
LINES = (
    *(ARAB_ASKS, ARAB_IS_ANSWERED, HEBREW_SPEAKS, HEBREW_SHOWS, HEBREW_IS_ANSWERED),
    *(ENGLISH_THANKS, ENGLISH_IN_THE_OUTAGE),
)


def price_question(start: datetime, end: datetime) -> Line:
    """The English client asks for a price; ``start`` and ``end`` are local times of the branch."""
    days = f"{start:%d.%m.%Y} to {end:%d.%m.%Y}, {start:%H:%M}"
    dates = f"{start:%d.%m.%Y} по {end:%d.%m.%Y}, {start:%H:%M}"
    return Line("john", f"How much is a Nissan Rogue from {days}?", f"Сколько стоит Nissan Rogue с {dates}?")


def scene_script(start: datetime, end: datetime, *, car: int) -> Json:
    """The body of ``PUT /_sandbox/llm/script``: the lines of the scene first, then what the model says every day.

    ``car`` is RentProg's number of the car whose price the drafter looks up.
    """
    question = price_question(start, end)
    everyday = script_named("everyday")
    lines = [_translation(line) for line in (*LINES, question)]
    return everyday | {"scene": SCENE, "rules": [*lines, *_priced(question, start, end, car), *everyday["rules"]]}


def _translation(line: Line) -> Json:
    """The message stands last in what the translator is shown; names and phones are hidden before it."""
    shown = rf"<message>\s*{re.escape(line.said)}\s*</message>"
    return {
        "name": f"{line.client}: {line.said[:40]}",
        "when": {"user": shown},
        "answer": {"object": {"translation": line.read}},
    }


def _priced(question: Line, start: datetime, end: datetime, car: int) -> Iterator[Json]:
    """Availability, then the price, then the draft with the tools' own figures."""
    dates = {"start": f"{start:%Y-%m-%dT%H:%M}", "end": f"{end:%Y-%m-%dT%H:%M}"}
    asked = {"user": re.escape(question.said), "offers": "my_bookings"}
    calls = (("availability", dates | {"words": "Rogue"}), ("price", dates | {"car": car}))
    for place, (tool, arguments) in enumerate(calls):
        call = {"name": tool, "arguments": arguments}
        yield {"name": f"john: {tool}", "when": asked | {"tool_results": place}, "answer": {"tool_calls": [call]}}
    draft = {
        "kind": "answer",
        "intent": "price",
        "used": ["availability-1", "price-2"],
        "score": 0.9,
        "staff_text": "Nissan Rogue, дней: ${tool.price.days}, всего ${tool.price.total}.",
        "client_text": "Nissan Rogue, days: ${tool.price.days}, in all ${tool.price.total}.",
    }
    yield {"name": "john: the draft", "when": asked | {"tool_results": len(calls)}, "answer": {"object": draft}}
