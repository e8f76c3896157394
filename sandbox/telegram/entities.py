"""HTML markup into text and entities, as strictly as the Bot API, and the entities that it finds by itself."""

import html
import re
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.errors import ApiError, bad_request

Entity = dict[str, Any]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]+));?")
START_TAG = re.compile(r"<([^\s>]*)")
END_OF_TAG = re.compile(r"\s*>")
ATTRIBUTE = re.compile(r"\s*([^\s=>]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9._-]+))?")
FOUND_BY_ITSELF = (
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z]\w{2,31}\b")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
    ("url", re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+\.[A-Za-z]{2,}\b")),
)


def utf16_length(text: str) -> int:
    """Offsets and lengths of entities count UTF-16 code units: an emoji beyond the basic plane takes two."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def parse(text: str, parse_mode: str | None, given: list[Entity] | None) -> tuple[str, list[Entity]]:
    """The plain text and its entities, from markup or from a list, trimmed as the server trims."""
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, entities = _HtmlParser(text).parse()
    else:
        entities = _checked(text, given or [])
    text, entities = _trim(text, entities)
    return text, sorted(entities + _find(text, entities), key=lambda one: (one["offset"], -one["length"]))


@dataclass(slots=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int


class _HtmlParser:
    """One pass over the text; every complaint names the byte where the server would see it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0
        self._text: list[str] = []
        self._length = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self._position < len(self._source):
            character = self._source[self._position]
            if character == "<":
                self._tag()
            elif character == "&":
                self._reference()
            else:
                self._put(character)
                self._position += 1
        if self._open:
            raise _broken(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        # Outside <pre> a language has no place in the entity.
        return "".join(self._text), [_without_language(one) for one in self._entities]

    def _put(self, characters: str) -> None:
        self._text.append(characters)
        self._length += utf16_length(characters)

    def _reference(self) -> None:
        """A reference that is none of the known ones stays as it is written."""
        found = REFERENCE.match(self._source, self._position)
        decoded = _decode(found) if found else None
        if found is None or decoded is None:
            self._put("&")
            self._position += 1
            return
        self._put(decoded)
        self._position = found.end()

    def _tag(self) -> None:
        begin = self._position
        if self._source.startswith("</", begin):
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        found = START_TAG.match(self._source, begin)
        name = found[1].lower() if found else ""
        position = begin + 1 + len(name)
        if position >= len(self._source):
            raise _broken(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if name not in TAGS:
            raise _broken(f'Unsupported start tag "{name}" at byte offset {self._byte(begin)}')
        attributes: dict[str, str] = {}
        while not END_OF_TAG.match(self._source, position):
            attribute = ATTRIBUTE.match(self._source, position)
            if attribute is None:
                raise _broken(f"Unclosed start tag at byte offset {self._byte(begin)}")
            attributes[attribute[1].lower()] = _unquoted(attribute[2] or "")
            position = attribute.end()
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _broken(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self._open.append(_OpenTag(name, attributes, self._length))
        self._position = self._source.index(">", position) + 1

    def _end_tag(self, begin: int) -> None:
        if not self._open:
            raise _broken(f"Unexpected end tag at byte offset {self._byte(begin)}")
        end = self._source.find(">", begin)
        if end < 0:
            raise _broken(f"Unclosed end tag at byte offset {self._byte(begin)}")
        name = self._source[begin + 2 : end].strip().lower()
        tag = self._open.pop()
        if name not in {"", tag.name}:
            raise _broken(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{tag.name}>", found "</{name}>"'
            )
        self._close(tag)
        self._position = end + 1

    def _close(self, tag: _OpenTag) -> None:
        length = self._length - tag.offset
        made = _entity(tag, "".join(self._text), length)
        if length and made is not None:
            self._merge(made)

    def _merge(self, made: Entity) -> None:
        """`<pre><code class="language-x">` is one entity with a language, not two."""
        last = self._entities[-1] if self._entities else None
        same_place = last is not None and (last["offset"], last["length"]) == (made["offset"], made["length"])
        if last is not None and same_place and made["type"] == "pre" and last["type"] == "code":
            self._entities.pop()
            made |= {"language": last["language"]} if "language" in last else {}
        self._entities.append(made)

    def _byte(self, position: int) -> int:
        return len(self._source[:position].encode())


def _without_language(entity: Entity) -> Entity:
    return {key: value for key, value in entity.items() if entity["type"] == "pre" or key != "language"}


def _unquoted(value: str) -> str:
    return html.unescape(value[1:-1] if value[:1] in {'"', "'"} else value)


def _decode(found: re.Match[str]) -> str | None:
    decimal, hexadecimal, name = found.groups()
    if name:
        return NAMED.get(name)
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code <= 0xDFFF else None


def _entity(tag: _OpenTag, text: str, length: int) -> Entity | None:
    """The entity of a closed tag; a link without a usable address is plain text."""
    made: Entity = {"type": TAGS[tag.name], "offset": tag.offset, "length": length}
    if tag.name == "a":
        address = tag.attributes.get("href") or _tail(text, length)
        return made | {"url": address} if "." in address or "://" in address else None
    if tag.name == "blockquote" and "expandable" in tag.attributes:
        return made | {"type": "expandable_blockquote"}
    if tag.name == "tg-emoji":
        return made | {"custom_emoji_id": tag.attributes.get("emoji-id", "")}
    if tag.name == "tg-time":
        return made | {"unix_time": int(tag.attributes.get("unix", "0") or 0)}
    language = tag.attributes.get("class", "")
    if tag.name in {"code", "pre"} and language.startswith("language-"):
        return made | {"language": language.removeprefix("language-")}
    return made


def _tail(text: str, length: int) -> str:
    return text.encode("utf-16-le")[-2 * length :].decode("utf-16-le") if length else ""


def _broken(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _checked(text: str, given: list[Entity]) -> list[Entity]:
    size = utf16_length(text)
    for entity in given:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > size:
            raise bad_request("entity is out of the text")
    return [dict(entity) for entity in given]


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """White space at both ends goes away and the entities move with the text."""
    stripped = text.lstrip()
    shift = utf16_length(text) - utf16_length(stripped)
    stripped = stripped.rstrip()
    size = utf16_length(stripped)
    moved = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] + entity["length"] - shift, size)
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return stripped, moved


def _find(text: str, known: list[Entity]) -> list[Entity]:
    """Commands, mentions, tags and addresses that nobody marked, outside code and links."""
    found: list[Entity] = []
    if not any(mark in text for mark in "/@#"):
        return found
    for kind, pattern in FOUND_BY_ITSELF:
        for match in pattern.finditer(text):
            offset = utf16_length(text[: match.start()])
            entity = {"type": kind, "offset": offset, "length": utf16_length(match[0])}
            if not any(_overlap(entity, other) for other in found) and not _is_literal(entity, known):
                found.append(entity)
    return found


def _is_literal(entity: Entity, known: list[Entity]) -> bool:
    return any(other["type"] in {"code", "pre", "text_link"} and _overlap(entity, other) for other in known)


def _overlap(one: Entity, other: Entity) -> bool:
    return one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"]
