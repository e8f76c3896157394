"""The echo translator: without a rule the model gives the text back, marked as a translation, in any demanded shape."""

import json
import re
from dataclasses import dataclass
from typing import Any

from sandbox.llm.answers import Answer, CallOrder
from sandbox.llm.asked import Asked, Json
from sandbox.llm.schema_values import fitting_part, value_for

_TAGGED = re.compile(r"<(text|message|original|source|input)\b[^>]*>\s*(.*?)\s*</\1>", re.DOTALL | re.IGNORECASE)
_JSON_KEYS = ("text", "message", "original", "source", "content")
_TARGET_WORD = re.compile(r"\b(?:in)?to\s+(russian|english|georgian|arabic|hebrew|turkish)\b", re.IGNORECASE)
_TARGET_CODE = re.compile(
    r"(?:target|translated?_to|into|to)(?:[_ ]language)?[\"'`]?\s*[:=]?\s*[\"'`]?\b(ru|en|ka|ar|he|tr|de|fr)\b",
    re.IGNORECASE,
)
_CODES = {"russian": "ru", "english": "en", "georgian": "ka", "arabic": "ar", "hebrew": "he", "turkish": "tr"}
_SCRIPTS = (
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_TEXT_FIELDS = (
    "translation",
    "translated",
    "text",
    "reply",
    "draft",
    "answer",
    "message",
    "summary",
    "title",
    "result",
)
_TARGET_FIELDS = ("target", "translated_to", "to_language")
_SOME_DAY = {"date": "2026-06-01", "date-time": "2026-06-01T09:00:00Z", "time": "09:00:00Z"}
_NO_FIELDS = ("error", "why", "reason", "note", "question", "warning")


def echo(asked: Asked) -> Answer:
    """An answer every caller can take: the demanded object, a forced tool call, or the marked text."""
    speaker = Echo(source_text(asked.last_user_text), target_language(asked))
    if asked.schema is not None:
        return Answer(object=value_for(asked.schema, speaker))
    if asked.must_call and asked.tools:
        tool = asked.output_tool or next(iter(asked.tools))
        return Answer(tool_calls=[CallOrder(name=tool, arguments=value_for(asked.tools[tool], speaker))])
    if asked.wants_json:
        return Answer(object={"text": speaker.said})
    return Answer(text=speaker.said)


def source_text(prompt: str) -> str:
    """The text that the prompt is about: inside its last tag, under a known key of its JSON, or the whole prompt."""
    tagged = _TAGGED.findall(prompt)
    if tagged:
        return tagged[-1][1]
    try:
        told: Any = json.loads(prompt)
    except ValueError:
        return prompt
    found = [told[key] for key in _JSON_KEYS if isinstance(told.get(key), str)] if isinstance(told, dict) else []
    return found[0] if found else prompt


def language_of(text: str) -> str:
    """By its letters; Latin counts as English."""
    return next((code for code, letters in _SCRIPTS if letters.search(text)), "en")


def target_language(asked: Asked) -> str:
    """What the prompt asks for; Russian, the language of the staff, when it says nothing."""
    for text in (asked.last_user_text, asked.system):
        word, code = _TARGET_WORD.search(text), _TARGET_CODE.search(text)
        if word:
            return _CODES[word[1].lower()]
        if code:
            return code[1].lower()
    return "ru"


@dataclass(frozen=True, slots=True)
class Echo:
    """Chooses values for a schema as a polite translator would."""

    source: str
    target: str

    @property
    def said(self) -> str:
        """Numbers, links and names stay letter by letter, so that checks of locked words pass."""
        return f"[{self.target}] {self.source}"

    def string(self, name: str, schema: Json) -> str:
        if "language" in name or name in _TARGET_FIELDS:
            return self.target if any(word in name for word in _TARGET_FIELDS) else language_of(self.source)
        if fitting := fitting_part(self.source, schema):
            return fitting
        if schema.get("format") in _SOME_DAY:
            return _SOME_DAY[schema["format"]]
        if any(word in name for word in _NO_FIELDS):
            return ""
        return self.said

    def number(self, name: str, schema: Json) -> float:
        del schema
        return 0.9 if "confidence" in name or "probability" in name else 0

    def boolean(self, name: str) -> bool:
        del name
        return False

    def one_of(self, name: str, options: list[Any]) -> Any:
        if "language" in name or name in _TARGET_FIELDS:
            wanted = self.string(name, {})
            return wanted if wanted in options else options[0]
        harmless = [option for option in options if option in {"other", "none", "unknown", "normal"}]
        return harmless[0] if harmless else options[0]

    def wants(self, name: str) -> bool:
        return any(word in name for word in _TEXT_FIELDS)
