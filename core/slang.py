"""The words of the garage: what staff mean by them, and what can be told from words alone without any model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Nature = Literal["breakdown", "incident", "question", "task", "other"]
Urgency = Literal["low", "normal", "high", "urgent"]
Part = Literal[
    "engine",
    "brakes",
    "suspension",
    "wheels",
    "body",
    "glass",
    "electrics",
    "climate",
    "fluids",
    "interior",
    "documents",
    "other",
]
SHORTEST = 4
"""A text with fewer letters says nothing that somebody would have to do."""

DEFAULT_SLANG: Mapping[str, str] = {
    "прадик": "Toyota Land Cruiser Prado",
    "стаканы": "опоры амортизаторов",
    "граната": "ШРУС",
    "гитара": "рычаг подвески",
    "колодки": "тормозные колодки",
    "блины": "тормозные диски",
    "ходовка": "подвеска",
    "движок": "двигатель",
    "коробка": "коробка передач",
    "кондёр": "кондиционер",
    "кондер": "кондиционер",
    "акум": "аккумулятор",
    "аккум": "аккумулятор",
    "запаска": "запасное колесо",
    "резина": "шины",
    "докатка": "малоразмерное запасное колесо",
    "дворники": "щётки стеклоочистителя",
    "омывайка": "жидкость омывателя",
    "незамерзайка": "жидкость омывателя",
    "чек": "горит лампа неисправности двигателя (check engine)",
    "чекан": "горит лампа неисправности двигателя (check engine)",
    "масложор": "двигатель расходует масло",
    "троит": "двигатель работает с перебоями",
    "закипела": "двигатель перегрелся",
    "морда": "передняя часть машины",
    "зад": "задняя часть машины",
    "притёрли": "поцарапали о препятствие",
    "притёр": "поцарапал о препятствие",
    "лобовуха": "лобовое стекло",
    "техпас": "свидетельство о регистрации",
    "ТО": "техническое обслуживание",
    "техосмотр": "государственный осмотр",
    "мойка": "помыть машину",
    "подмена": "подменная машина для клиента",
    "выдача": "передать машину клиенту",
    "возврат": "принять машину у клиента",
}

_SMALL_TALK = {
    *("ок", "окей", "ok", "okay", "да", "нет", "yes", "no", "ага", "угу", "понял", "поняла", "понятно", "принял"),
    *("приняла", "принято", "хорошо", "спасибо", "спс", "благодарю", "пожалуйста", "пжл", "привет", "здравствуйте"),
    *("доброе", "добрый", "утро", "день", "вечер", "утра", "всем", "коллеги", "ребята", "супер", "отлично", "готово"),
    *("сделал", "сделала", "сделано", "good", "morning", "hello", "hi", "hey", "thanks", "thank", "you", "done"),
    *("great", "evening", "everybody", "all", "გამარჯობა", "მადლობა", "კარგი", "დიახ", "არა", "კი", "გასაგებია"),
    *("დილა", "მშვიდობისა", "გმადლობ", "დიდი", "большое", "огромное", "пока", "bye", "ясно", "плюс", "plus"),
}
_WORD = re.compile(r"[^\W\d_]+")


def says_nothing(text: str) -> bool:
    """Greetings, thanks, plus signs and very short texts: nobody has to do anything about them."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return sum(map(len, words)) < SHORTEST or all(word in _SMALL_TALK for word in words)


@dataclass(frozen=True, slots=True)
class Guess:
    """What words alone tell of a message."""

    nature: Nature
    part: Part
    urgency: Urgency


_INCIDENT = re.compile(
    r"\b(?:дтп|авари[яиюе]\w*|столкнул\w*|врезал\w*|угнал\w*|угон\w*|украл\w*|разбил\w*|полици\w*|пожар\w*|дым\w*"
    r"|accident|crash\w*|stolen|police|ავარი\w*|დაეჯახ\w*|პოლიცი\w*|მოიპარ\w*)",
    re.IGNORECASE,
)
_PARTS: tuple[tuple[Part, str], ...] = (
    ("brakes", r"тормоз\w*|колодк\w*|brake\w*|მუხრუჭ\w*"),
    ("suspension", r"подвеск\w*|ходов\w*|амортизат\w*|стук\w*|стучит|рычаг\w*|suspension|სავალ\w*|ამორტიზატორ\w*"),
    (
        "wheels",
        r"колес\w*|колёс\w*|шин[аыуе]\b|резин\w*|прокол\w*|спустил\w*|wheel\w*|tyre\w*|tire\w*|საბურავ\w*|ბორბ\w*",
    ),
    ("glass", r"стекл\w*|лобов\w*|трещин\w*|windscreen|windshield|glass|მინა\w*|მინის"),
    ("electrics", r"фар[аыу]\b|лампочк\w*|аккум\w*|акум\w*|не заводит\w*|генератор\w*|battery|lights?\b|აკუმულატორ\w*"),
    ("climate", r"кондиц\w*|конд[её]р\w*|печк\w*|air ?con\w*|heater|კონდიციონერ\w*"),
    ("fluids", r"масл[оау]\b|антифриз\w*|тосол\w*|омывайк\w*|теч[её]т|oil|coolant|ზეთი\w*|ანტიფრიზ\w*"),
    ("engine", r"двигател\w*|движ\w*к\w*|чек\b|check engine|троит|закипел\w*|перегре\w*|коробк\w*|engine|ძრავ\w*"),
    ("body", r"царапин\w*|поцарап\w*|вмятин\w*|бампер\w*|крыл[оа]\b|двер[ьи]\b|dent\w*|scratch\w*|bumper|ნაკაწრ\w*"),
)
_FAULT = re.compile(
    r"\b(?:сломал\w*|не работа\w*|горит|загорел\w*|стук\w*|стучит|теч[её]т|прокол\w*|спустил\w*|трещин\w*|троит"
    r"|закипел\w*|перегре\w*|не заводит\w*|поцарап\w*|царапин\w*|вмятин\w*|скрип\w*|broken|broke|leak\w*|flat|dead"
    r"|not work\w*|won'?t start|noise|dent\w*|scratch\w*|გაფუჭ\w*|არ მუშაობ\w*|გატყდა|გაჟონ\w*|ნაკაწრ\w*)",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"\b(?:нужно|надо|необходимо|помыть|помойте|заправ\w*|забрать|отвезти|перегнать|заменить|поменять|купить|проверить"
    r"|need to|please|wash|refuel|replace|bring|საჭიროა|უნდა|გარეცხ\w*|შეცვალ\w*)",
    re.IGNORECASE,
)
_URGENT = re.compile(r"\b(?:срочно|немедленно|urgent\w*|asap|სასწრაფო\w*)", re.IGNORECASE)
_UNSAFE: frozenset[Part] = frozenset({"brakes"})


def guess(text: str) -> Guess | None:
    """A breakdown, an incident or a task, where the words say so plainly; None: a person or a model has to read it."""
    if says_nothing(text) or text.rstrip().endswith("?"):
        return None
    part = _part_in(text)
    is_urgent = _URGENT.search(text) is not None
    if _INCIDENT.search(text):
        return Guess("incident", part, "urgent" if is_urgent else "high")
    if _FAULT.search(text):
        return Guess("breakdown", part, "urgent" if is_urgent else "high" if part in _UNSAFE else "normal")
    if _TASK.search(text):
        return Guess("task", part, "urgent" if is_urgent else "normal")
    return None


def _part_in(text: str) -> Part:
    for part, words in _PARTS:
        if re.search(rf"\b(?:{words})", text, re.IGNORECASE):
            return part
    return "other"
