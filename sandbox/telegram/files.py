"""The files that went through the chats: kept in memory up to a total, found by their id."""

import mimetypes
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.images import grey_png, picture_size

MEGABYTE = 1 << 20
DOWNLOAD_LIMIT = 20 * MEGABYTE
PHOTO_LIMIT = 10 * MEGABYTE
UPLOAD_LIMIT = 50 * MEGABYTE
KEPT_BYTES = 256 * MEGABYTE
THUMBNAIL_SIDE = 90
UNKNOWN_MIME = "application/octet-stream"

# The first letters of a file id tell its kind, as on the real server.
PREFIX = {"photo": "AgAC", "video": "BAAC", "document": "BQAC", "voice": "AwAC", "audio": "CQAC", "thumbnail": "AAMC"}
FOLDER = {"photo": "photos", "video": "videos", "document": "documents", "voice": "voice", "audio": "music"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file; `wire` is the object that stands for it in messages."""

    kind: str
    file_id: str
    unique_id: str
    path: str
    file_name: str
    mime_type: str
    data: bytes
    wire: Any = None


class FileStore:
    """Files by id and by download path; when they grow too many, the oldest bytes go first."""

    def __init__(self, dice: Random, kept_bytes: int = KEPT_BYTES) -> None:
        self._dice = dice
        self._kept_bytes = kept_bytes
        self._bytes = 0
        self._count = 0
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def by_id(self, file_id: str) -> StoredFile:
        found = self._by_id.get(file_id)
        if found is None:
            known = any(file_id.startswith(prefix) for prefix in PREFIX.values())
            raise bad_request("invalid file_id" if known else "wrong file identifier/HTTP URL specified")
        return found

    def by_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def keep(self, kind: str, data: bytes, file_name: str, mime_type: str, details: dict[str, Any]) -> StoredFile:
        """A new file of that kind, with the object that a message shows for it."""
        if kind == "photo":
            return self._keep_photo(data, file_name)
        is_named = mime_type not in {"", UNKNOWN_MIME}
        mime = mime_type if is_named else mimetypes.guess_type(file_name)[0] or UNKNOWN_MIME
        stored = self._store(kind, data, file_name, mime)
        return self._with_wire(stored, _wire(stored, details))

    def with_details(self, stored: StoredFile, details: dict[str, Any]) -> Any:
        """The object for a file that is sent again, with the details of this sending."""
        return stored.wire if stored.kind == "photo" else {**stored.wire, **details}

    def _keep_photo(self, data: bytes, file_name: str) -> StoredFile:
        width, height = _photo_size(data)
        stored = self._store("photo", data, file_name, "image/jpeg")
        scale = THUMBNAIL_SIDE / max(width, height)
        small_size = max(1, round(width * scale)), max(1, round(height * scale))
        small = self._store("thumbnail", grey_png(*small_size), "thumbnail.png", "image/png")
        sizes = [_photo_wire(small, *small_size), _photo_wire(stored, width, height)]
        self._with_wire(small, sizes)
        return self._with_wire(stored, sizes)

    def keep_thumbnail(self, data: bytes) -> dict[str, Any]:
        """The PhotoSize of a thumbnail that came with a file."""
        size = picture_size(data)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        return _photo_wire(self._store("thumbnail", data, "thumbnail.jpg", "image/jpeg"), *size)

    def _store(self, kind: str, data: bytes, file_name: str, mime_type: str) -> StoredFile:
        self._count += 1
        secret = "".join(self._dice.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", k=60))
        suffix = file_name[file_name.rfind(".") :] if "." in file_name else ".jpg" if kind == "photo" else ""
        stored = StoredFile(
            kind=kind,
            file_id=PREFIX[kind] + secret,
            unique_id=f"AQAD{secret[:12]}",
            path=f"{FOLDER.get(kind, 'thumbnails')}/file_{self._count}{suffix}",
            file_name=file_name,
            mime_type=mime_type,
            data=data,
        )
        self._remember(stored)
        self._bytes += len(data)
        self._forget_oldest()
        return stored

    def _with_wire(self, stored: StoredFile, wire: Any) -> StoredFile:
        finished = replace(stored, wire=wire)
        self._remember(finished)
        return finished

    def _remember(self, stored: StoredFile) -> None:
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored

    def _forget_oldest(self) -> None:
        """Drop the oldest files; messages keep pointing at them, a download says that they are gone."""
        for stored in tuple(self._by_id.values()):
            if self._bytes <= self._kept_bytes:
                return
            self._bytes -= len(stored.data)
            del self._by_id[stored.file_id]
            del self._by_path[stored.path]


def _photo_size(data: bytes) -> tuple[int, int]:
    if len(data) > PHOTO_LIMIT:
        raise bad_request("file is too big")
    size = picture_size(data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _photo_wire(stored: StoredFile, width: int, height: int) -> dict[str, Any]:
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "width": width,
        "height": height,
        "file_size": len(stored.data),
    }


def _wire(stored: StoredFile, details: dict[str, Any]) -> dict[str, Any]:
    """The Document, Video, Voice or Audio; what the sender told wins over the zeros that the schema requires."""
    needed = {"video": ("width", "height", "duration"), "voice": ("duration",), "audio": ("duration",)}
    wire: dict[str, Any] = {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "mime_type": stored.mime_type,
        "file_size": len(stored.data),
    }
    wire |= dict.fromkeys(needed.get(stored.kind, ()), 0)
    if stored.kind != "voice":
        wire["file_name"] = stored.file_name
    return wire | details
