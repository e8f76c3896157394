"""A tokenizer for a Ruby hash in `inspect` notation, the usual form of RentProg's webhook payload.

Replacing text until it is JSON breaks real values (failure G29), and guessing a part of a broken payload is worse than
refusing it: whatever the grammar does not know raises `BadPayloadError`.
"""

import re
from decimal import Decimal
from typing import Any

from integrations.rentprog.wire_json import LONGEST_INTEGER, Parsed

DEEPEST = 50

_SPACE = re.compile(r"[ \t\r\n\f\v]*")
_PLAIN_TEXT = re.compile(r'[^"\\]*')
_WORD = re.compile(r"[A-Za-z_\u0080-\U0010ffff][A-Za-z0-9_\u0080-\U0010ffff]*")
_SYMBOL = re.compile(rf"(?:@{{1,2}}|\$)?{_WORD.pattern}(?:[?!]|=(?![=~>]))?")
_KEY_NAME = re.compile(rf"{_WORD.pattern}[?!]?:")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][+-]?[0-9]+)?(?![\w.])")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)(?![\w.])")
_BYTES = re.compile(r"(?:\\x[0-9A-Fa-f]{2}|\\[0-7]{1,3})+")
_ONE_BYTE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|([0-7]{1,3}))")
_UNICODE = re.compile(r"\\u(?:([0-9A-Fa-f]{4})|\{[ \t]*([0-9A-Fa-f]{1,6}(?:[ \t]+[0-9A-Fa-f]{1,6})*)[ \t]*\})")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_WORDS = {"nil": None, "true": True, "false": False}

# Nearly every pair of a real payload is `"key"=>scalar` or `"key"=>[scalar, scalar]`: each is read with one match.
# Whatever does not fit (escapes, symbols, floats, nesting) goes the long way, which is the grammar.
_S = r"[ \t\r\n\f\v]*"
_EASY = r'"[^"\\]*"|-?(?:0|[1-9][0-9]{0,17})(?![\w.])|(?:nil|true|false)(?![A-Za-z0-9_\u0080-\U0010ffff])'
_EASY_PAIR = re.compile(rf'"([^"\\]*)"{_S}=>{_S}(?:({_EASY})|\[{_S}({_EASY}){_S},{_S}({_EASY}){_S}\]){_S}([,}}]){_S}')


class BadPayloadError(ValueError):
    """The text is not a hash of the known grammar; the message says where and why, without the text itself."""


def parse_hash(source: str) -> Parsed:
    """One hash and nothing after it. Of duplicate keys the last one wins; they are counted."""
    reader = _Reader(source)
    reader.skip_space()
    if not reader.sees("{"):
        raise reader.error("not a hash")
    value = reader.hash(depth=1)
    reader.skip_space()
    if reader.at < len(source):
        raise reader.error("text after the end")
    return Parsed(value, reader.duplicate_keys)


class _Reader:
    """Walks once over the text; every step either moves on or raises, so the time is linear."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.duplicate_keys = 0

    def error(self, reason: str) -> BadPayloadError:
        return BadPayloadError(f"{reason} at character {self.at}")

    def sees(self, token: str) -> bool:
        return self.source.startswith(token, self.at)

    def skip_space(self) -> None:
        match = _SPACE.match(self.source, self.at)
        self.at = match.end() if match else self.at

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.source, self.at)
        if match:
            self.at = match.end()
        return match

    def expect(self, token: str) -> None:
        if not self.sees(token):
            raise self.error(f"{token} expected")
        self.at += len(token)

    def value(self, depth: int) -> Any:
        if self.sees("{"):
            return self.hash(depth + 1)
        if self.sees("["):
            return self.array(depth + 1)
        if self.sees('"'):
            return self.string()
        if self.sees(":"):
            return self.symbol()
        return self.scalar()

    def hash(self, depth: int) -> dict[str, Any]:
        self.open("{", depth)
        result: dict[str, Any] = {}
        if self.closes("}"):
            return result
        while True:
            if easy := self.take(_EASY_PAIR):
                key, value, old, new, after = easy.groups()
                is_last = after == "}"
                value = [_easy(old), _easy(new)] if value is None else _easy(value)
            else:
                key = self.key()
                self.skip_space()
                value = self.value(depth)
                is_last = self.ends("}")
            self.duplicate_keys += key in result
            result[key] = value
            if is_last:
                return result

    def array(self, depth: int) -> list[Any]:
        self.open("[", depth)
        result: list[Any] = []
        if self.closes("]"):
            return result
        while True:
            result.append(self.value(depth))
            if self.ends("]"):
                return result

    def open(self, bracket: str, depth: int) -> None:
        if depth > DEEPEST:
            raise self.error(f"nested deeper than {DEEPEST}")
        self.expect(bracket)
        self.skip_space()

    def closes(self, bracket: str) -> bool:
        closed = self.sees(bracket)
        self.at += closed
        return closed

    def ends(self, bracket: str) -> bool:
        """After an element: the end, or a comma and another element."""
        self.skip_space()
        if self.closes(bracket):
            return True
        self.expect(",")
        self.skip_space()
        return False

    def key(self) -> str:
        """``"key" =>``, ``:key =>``, ``key:``, ``"odd key":``; all mean the same name."""
        if self.sees('"'):
            name = self.string()
            if self.closes(":"):
                return name
        elif self.sees(":"):
            name = self.symbol()
        elif match := self.take(_KEY_NAME):
            return match[0].removesuffix(":")
        else:
            raise self.error("key expected")
        self.skip_space()
        self.expect("=>")
        return name

    def symbol(self) -> str:
        self.expect(":")
        if self.sees('"'):
            return self.string()
        match = self.take(_SYMBOL)
        if match is None:
            raise self.error("symbol expected")
        return match[0]

    def scalar(self) -> Any:
        if match := self.take(_FLOAT):
            return self.decimal(match[0])
        if match := self.take(_INTEGER):
            return int(match[0]) if len(match[0]) <= LONGEST_INTEGER else Decimal(match[0])
        match = _WORD.match(self.source, self.at)
        if match is None or match[0] not in _WORDS:
            raise self.error("value expected")
        self.at = match.end()
        return _WORDS[match[0]]

    def decimal(self, number: str) -> Decimal:
        try:
            return Decimal(number)
        except ArithmeticError:
            raise self.error("exponent out of range") from None

    def string(self) -> str:
        self.expect('"')
        parts: list[str] = []
        while True:
            if plain := self.take(_PLAIN_TEXT):
                parts.append(plain[0])
            if self.closes('"'):
                return "".join(parts)
            parts.append(self.escape())

    def escape(self) -> str:
        if match := self.take(_BYTES):
            return self.bytes_as_text(match[0])
        if match := self.take(_UNICODE):
            return "".join(self.character(code) for code in (match[1] or match[2]).split())
        escaped = self.source[self.at + 1 : self.at + 2]
        if not escaped or escaped in "xu":
            raise self.error("string without an end" if not escaped else "bad escape")
        self.at += 2
        return _CONTROLS.get(escaped, escaped)

    def bytes_as_text(self, run: str) -> str:
        """A run of raw bytes is UTF-8."""
        try:
            codes = [int(hexa, 16) if hexa else int(octal, 8) for hexa, octal in _ONE_BYTE.findall(run)]
            return bytes(codes).decode()
        except ValueError:
            raise self.error("bytes that are not UTF-8") from None

    def character(self, code: str) -> str:
        number = int(code, 16)
        if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            raise self.error("no such character")
        return chr(number)


def _easy(text: str) -> Any:
    """A scalar that needs no reader: a plain string, a small integer, nil, true or false."""
    if text[0] == '"':
        return text[1:-1]
    return _WORDS[text] if text in _WORDS else int(text)
