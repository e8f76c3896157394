"""What is kept beside an object's content, in one ASCII form that a disk file and S3 headers both carry."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from core.errors import Broken
from storage.api import StoredObject
from storage.keys import key_of

FILENAME_LENGTH = 120
FIELDS_BYTES = 1800
"""S3 takes 2 KB of names and values; the rest is left to stores that count their prefix too."""

_FILENAME_FIELD = "filename"
_FIELD_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
_CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Description:
    """Content type, name and further fields of one object, already checked."""

    content_type: str
    filename: str | None
    metadata: Mapping[str, str]

    def fields(self) -> dict[str, str]:
        """Name and metadata in percent-encoded ASCII."""
        named = {} if self.filename is None else {_FILENAME_FIELD: self.filename}
        return {name: quote(value) for name, value in {**self.metadata, **named}.items()}

    def of(self, sha256: str, size: int) -> StoredObject:
        return StoredObject(
            key=key_of(sha256),
            sha256=sha256,
            size=size,
            content_type=self.content_type,
            filename=self.filename,
            metadata=self.metadata,
        )


def describe(content_type: str, filename: str | None, metadata: Mapping[str, str] | None) -> Description:
    """Check what the caller says of a content: a wrong field is our bug, a wild file name is cleaned."""
    if not _CONTENT_TYPE.fullmatch(content_type):
        raise Broken(f"not a content type: {content_type[:100]!r}")
    wrong = [name for name in metadata or {} if name == _FILENAME_FIELD or not _FIELD_NAME.fullmatch(name)]
    if wrong:
        raise Broken(f"not a name of metadata: {wrong[0]!r}")
    description = Description(content_type, _clean(filename), dict(metadata or {}))
    size = sum(len(name) + len(value) for name, value in description.fields().items())
    if size > FIELDS_BYTES:
        raise Broken(f"{size} bytes of metadata, at most {FIELDS_BYTES} fit")
    return description


def described(content_type: str, fields: Mapping[str, str]) -> Description:
    """The description that ``Description.fields`` wrote."""
    values = {name: unquote(value) for name, value in fields.items()}
    filename = values.pop(_FILENAME_FIELD, None)
    return Description(content_type, filename, values)


def _clean(filename: str | None) -> str | None:
    """The last part of the name without control and direction characters; None when nothing is left."""
    last = re.split(r"[/\\]", filename or "")[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip(" .")
    return visible[-FILENAME_LENGTH:] or None
