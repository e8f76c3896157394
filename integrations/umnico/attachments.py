"""Attachments as they come (flat or nested) and as they are sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from integrations.umnico.wire_json import mapping, word


class AttachmentKind(StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    DOCUMENT = "document"
    OTHER = "other"


_KINDS: Mapping[str, AttachmentKind] = {
    "photo": AttachmentKind.PHOTO,
    "image": AttachmentKind.PHOTO,
    "sticker": AttachmentKind.PHOTO,
    "video": AttachmentKind.VIDEO,
    "voice": AttachmentKind.VOICE,
    "ptt": AttachmentKind.VOICE,
    "audio": AttachmentKind.AUDIO,
    "doc": AttachmentKind.DOCUMENT,
    "document": AttachmentKind.DOCUMENT,
    "file": AttachmentKind.DOCUMENT,
}
_WIRE_TYPES: Mapping[AttachmentKind, str] = {
    AttachmentKind.PHOTO: "photo",
    AttachmentKind.VIDEO: "video",
    AttachmentKind.VOICE: "audio",
    AttachmentKind.AUDIO: "audio",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """``src`` may be a link that soon dies, or None where the wire told none; the name is the client's own text."""

    kind: AttachmentKind
    src: str | None = field(repr=False)
    filename: str | None = field(default=None, repr=False)
    mime: str | None = None
    wire_type: str | None = None


@dataclass(frozen=True, slots=True)
class UploadedMedia:
    """A file that Umnico has taken: it may be sent to any number of leads."""

    kind: AttachmentKind
    src: str = field(repr=False)
    filename: str = field(repr=False)
    mime: str

    def as_wire(self) -> dict[str, Any]:
        media = {"type": self.mime, "filename": self.filename, "src": self.src}
        return {"type": _WIRE_TYPES.get(self.kind, "doc"), "media": media}


def read_attachments(raw: Any) -> tuple[Attachment, ...]:
    """In their order; an entry that is no object is an attachment of which nothing is known."""
    entries = raw if isinstance(raw, list) else [raw] if isinstance(raw, dict) and raw else []
    return tuple(_read(mapping(entry)) for entry in entries)


def kind_of(mime: str) -> AttachmentKind:
    """What a file of ours is sent as."""
    family = mime.partition("/")[0]
    known = {"image": AttachmentKind.PHOTO, "video": AttachmentKind.VIDEO, "audio": AttachmentKind.AUDIO}
    return known.get(family, AttachmentKind.DOCUMENT)


def _read(entry: Mapping[str, Any]) -> Attachment:
    """Nested ``{type, media: {type, filename, src}}`` or flat ``{type, url | link | src, name}``."""
    media = mapping(entry.get("media"))
    wire_type = word(entry.get("type"))
    mime = _mime(media.get("type"), media.get("mime"), entry.get("mime"), entry.get("mimeType"), entry.get("type"))
    places = [inner.get(name) for inner in (media, entry) for name in ("src", "url", "link", "path")]
    return Attachment(
        kind=_KINDS.get((wire_type or "").lower()) or (kind_of(mime) if mime else AttachmentKind.OTHER),
        src=next((place for place in places if isinstance(place, str) and place.strip()), None),
        filename=word(media.get("filename"), media.get("name"), entry.get("name"), entry.get("filename")),
        mime=mime,
        wire_type=wire_type,
    )


def _mime(*candidates: Any) -> str | None:
    return next((told for told in candidates if isinstance(told, str) and "/" in told), None)
