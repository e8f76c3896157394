"""The pure rules: what deserves a draft, when a draft is held, and what may leave at night by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from agents.reading_tools import Fact, unfounded
from agents.reply_drafter.answer import DraftAnswer
from agents.reply_drafter.context import Context, is_answer
from core.locked import Difference, Kind, compare, find, reordered
from core.settings import NightSettings

MAX_CHARS = 1200
"""Of one text; a longer one is held."""
NIGHT_INTENTS = frozenset({"faq", "availability", "address_hours", "basic_terms"})
NIGHT_TOOLS = frozenset({"availability", "branch_hours_and_address"})
"""What is the same for every client and is no price: an answer made of anything else waits for a person."""
_BENT_SCRIPTS = (("\u0400", "\u04ff"), ("\u10a0", "\u10ff"))
"""Cyrillic and Georgian: their words end in many ways."""


def why_not(context: Context, *, is_late: bool) -> str | None:
    """Why there is nothing to draft, before any model is asked; ``is_late``: only a translation came.

    A newer message of the client with words in it has a run of its own, which answers all of them.
    """
    conversation, question = context.conversation, context.question
    if question.direction != "incoming":
        return "not a client's message"
    if conversation.state == "closed" or conversation.is_consult:
        return "closed" if conversation.state == "closed" else "consult mode"
    if not has_words(question.words):
        return "no words"
    if any(is_answer(message) for message in context.newer):
        return "answered already"
    if any(message.direction == "incoming" and has_words(message.words) for message in context.newer):
        return "the client wrote more"
    return "drafted already" if is_late and context.is_drafted else None


def has_words(text: str) -> bool:
    """Two letters somewhere: a sticker, a smile or a bare "?" asks nothing that tools can answer."""
    return sum(letter.isalpha() for letter in text) >= 2


@dataclass(frozen=True, slots=True)
class Languages:
    staff: str
    client: str


def why_held(answer: DraftAnswer, facts: Sequence[Fact], languages: Languages) -> str | None:
    """Why a person must not simply send it; None when every figure is one that a named tool's answer holds."""
    if not answer.client_text.strip() or not answer.staff_text.strip():
        return "a text is empty"
    if max(len(answer.client_text), len(answer.staff_text)) > MAX_CHARS:
        return f"longer than {MAX_CHARS} characters"
    if strange := sorted(set(answer.used) - {fact.id for fact in facts}):
        return f"no tool said {_quoted(strange)}"
    used = [fact for fact in facts if fact.id in answer.used]
    texts = ((answer.client_text, languages.client), (answer.staff_text, languages.staff))
    claims = [entity.text for text, language in texts for entity in unfounded(text, used, language)]
    if claims:
        return f"no tool said {_quoted(dict.fromkeys(claims))}"
    if moved := _amounts_moved(texts, used):
        return f"amounts in another order than the tool's: {'; '.join(map(str, moved[:3]))}"
    differences = compare(
        answer.staff_text,
        answer.client_text,
        original_language=languages.staff,
        translated_language=languages.client,
    )
    return f"the two texts differ: {'; '.join(map(str, differences[:3]))}" if differences else None


def _amounts_moved(texts: Sequence[tuple[str, str]], used: Sequence[Fact]) -> list[Difference]:
    """Two amounts that changed places are both a tool's, and yet each is said of the wrong thing."""
    return [
        difference
        for fact in used
        for text, language in texts
        for difference in reordered(fact.text, text, Kind.MONEY, original_language="en", other_language=language)
    ]


def _quoted(texts: Sequence[str] | dict[str, None]) -> str:
    return ", ".join(f'"{text[:60]}"' for text in list(texts)[:5])


@dataclass(frozen=True, slots=True)
class Night:
    """One night by the branch's wall clock; ``begun`` is None in the daytime."""

    begun: datetime | None

    @classmethod
    def at(cls, now: datetime, settings: NightSettings, zone: ZoneInfo) -> "Night":
        """``window_from`` belongs to the night, ``window_until`` to the day; equal ones: it is always night."""
        begins, ends = time.fromisoformat(settings.window_from), time.fromisoformat(settings.window_until)
        local = now.astimezone(zone)
        clock = local.time()
        is_night = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
        if not is_night:
            return cls(None)
        day = local.date() if clock >= begins else local.date() - timedelta(days=1)
        return cls(datetime.combine(day, begins, zone))

    @property
    def is_on(self) -> bool:
        return self.begun is not None


@dataclass(frozen=True, slots=True)
class NightCase:
    """What the rules of the night look at, read under the conversation's lock."""

    asked: str
    has_booking: bool
    replies: int
    last_reply_at: datetime | None
    now: datetime


def why_not_by_itself(  # noqa: PLR0911 - one line for each rule, in the order in which people read them
    answer: DraftAnswer, used: Sequence[Fact], case: NightCase, settings: NightSettings
) -> str | None:
    """Why an answer of the night waits for a person; None when it may leave by itself.

    There is no CRM yet, so no stage to compare with ``night.allowed_stages`` (a new lead, a lead taken to work). The
    safe reading: whoever has a booking is past these stages, so their conversation is never answered by itself.
    """
    if settings.mode != "live":
        return f"mode {settings.mode}"
    if case.has_booking:
        return "the client has a booking"
    if answer.intent not in NIGHT_INTENTS:
        return f"intent {answer.intent}"
    if not used or {fact.tool for fact in used} - NIGHT_TOOLS:
        return "made of more than free cars and hours" if used else "no source"
    if answer.score < settings.min_score:
        return f"score {answer.score:.2f} below {settings.min_score:.2f}"
    texts = (case.asked, answer.client_text, answer.staff_text)
    if word := next((word for text in texts for word in stop_words(text, settings.stop_words)), None):
        return f"stop word {word}"
    if any(entity.kind in {Kind.MONEY, Kind.PERCENT} for text in texts for entity in find(text)):
        return "money"
    if all(entity.is_optional for entity in find(answer.client_text)):
        return "it names no fact"
    if case.replies >= settings.max_replies:
        return f"{case.replies} replies this night"
    gap = timedelta(minutes=settings.min_gap_minutes)
    if case.last_reply_at is not None and case.now - case.last_reply_at < gap:
        return "too soon after the last reply"
    return None


def stop_words(text: str, words: Sequence[str]) -> list[str]:
    """Those that stand in the text, also inside longer words and with other endings: rather one too many."""
    folded = text.casefold()
    return [word for word in words if _stem(word.casefold()) in folded]


def _stem(word: str) -> str:
    is_bent = any(first <= word[-1] <= last for first, last in _BENT_SCRIPTS)
    return word[:-1] if is_bent and len(word) > 3 else word
