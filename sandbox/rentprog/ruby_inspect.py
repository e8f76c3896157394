"""What Ruby's ``inspect`` writes of a hash: the text in which RentProg sends the payload of a webhook."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any


class RubyStyle(StrEnum):
    """How keys are written: ``"k"=>v``, ``"k" => v``, ``:k=>v``, ``k: v``."""

    RUBY = "ruby"
    RUBY34 = "ruby34"
    SYMBOLS = "symbols"
    SYMBOLS34 = "symbols34"


_WORDS = {None: "nil", True: "true", False: "false"}
_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t",
    "\a": "\\a", "\b": "\\b", "\x1b": "\\e", "\f": "\\f", "\v": "\\v", "\x7f": "\\x7F",
}  # fmt: skip
_INTERPOLATION = re.compile(r"#(?=[{$@])")
_PLAIN_SYMBOL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*[?!]?\Z")


def inspect(value: Any, style: RubyStyle = RubyStyle.RUBY) -> str:
    """Raises TypeError for what a RentProg row never holds."""
    match value:
        case None | bool():
            return _WORDS[value]
        case int():
            return str(value)
        case float():
            return _float(value)
        case str():
            return _string(value)
        case list() | tuple():
            return f"[{', '.join(inspect(item, style) for item in value)}]"
        case dict():
            write = _PAIRS[style]
            return "{" + ", ".join(write(str(key), inspect(item, style)) for key, item in value.items()) + "}"
        case _:
            raise TypeError(f"no Ruby notation for {type(value).__name__}")


def _string(text: str) -> str:
    """Cyrillic and other printable letters stay plain; ``#`` is escaped only where it would interpolate."""
    escaped = "".join(_character(character) for character in text)
    return f'"{_INTERPOLATION.sub(lambda _: chr(92) + "#", escaped)}"'


def _character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\u{{{code:X}}}"


def _float(number: float) -> str:
    """``763.0``, ``1.0e+20``: Ruby keeps a digit behind the point of the mantissa."""
    text = repr(number)
    mantissa, exponent, power = text.partition("e")
    return f"{mantissa}.0e{power}" if exponent and "." not in mantissa else text


def _symbol(name: str) -> str:
    return f":{name}" if _PLAIN_SYMBOL.match(name) else f":{_string(name)}"


def _label(name: str) -> str:
    return f"{name}:" if _PLAIN_SYMBOL.match(name) else f"{_string(name)}:"


_PAIRS: dict[RubyStyle, Callable[[str, str], str]] = {
    RubyStyle.RUBY: lambda key, value: f"{_string(key)}=>{value}",
    RubyStyle.RUBY34: lambda key, value: f"{_string(key)} => {value}",
    RubyStyle.SYMBOLS: lambda key, value: f"{_symbol(key)}=>{value}",
    RubyStyle.SYMBOLS34: lambda key, value: f"{_label(key)} {value}",
}
