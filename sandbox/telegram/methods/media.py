"""Files of a call: uploaded with it, named by an earlier file id, or fetched from a URL."""

import mimetypes
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import httpx

from sandbox.telegram.errors import bad_request, entity_too_large
from sandbox.telegram.files import MEGABYTE, UPLOAD_LIMIT
from sandbox.telegram.methods.call import Call
from sandbox.telegram.methods.text import caption_content
from sandbox.telegram.validation import Upload

Json = dict[str, Any]

ATTACH = "attach://"
# What the sender tells about a file of each kind.
DETAILS = {
    "photo": (),
    "document": (),
    "video": ("duration", "width", "height", "start_timestamp"),
    "voice": ("duration",),
    "audio": ("duration", "performer", "title"),
}
URL_LIMIT = {"photo": 5 * MEGABYTE}
OTHER_URL_LIMIT = 20 * MEGABYTE
DOCUMENTS_BY_URL = {"application/pdf", "application/zip", "image/gif"}


async def media_content(call: Call, kind: str, owner: str, fields: Json) -> Json:
    """The content of a message with one file; `fields` are those of the method or of an InputMedia."""
    value = fields["media"] if "media" in fields else fields[kind]
    details = {name: fields[name] for name in DETAILS[kind] if name in fields}
    if "thumbnail" in fields and kind != "photo":
        details["thumbnail"] = call.state.files.keep_thumbnail(_upload(call, fields["thumbnail"]).data)
    content: Json = {kind: await _file(call, kind, value, details)}
    if fields.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return content | caption_content(call.state, owner, fields)


async def _file(call: Call, kind: str, value: str, details: Json) -> Any:
    files = call.state.files
    if value.startswith(ATTACH):
        upload = _upload(call, value)
    elif "://" in value:
        upload = await _fetched(kind, value)
    else:
        known = files.by_id(value)
        if known.kind != kind:
            raise bad_request(f"can't use file of type {known.kind.title()} as {kind.title()}")
        return files.with_details(known, details)
    return files.keep(kind, upload.data, upload.file_name, upload.mime_type, details).wire


def _upload(call: Call, value: str) -> Upload:
    found = call.uploads.get(value.removeprefix(ATTACH))
    if found is None:
        raise bad_request("file must be non-empty")
    if len(found.data) > UPLOAD_LIMIT:
        raise entity_too_large()
    if not found.data:
        raise bad_request("file must be non-empty")
    return found


async def _fetched(kind: str, url: str) -> Upload:
    """The server fetches the file itself, with less patience and lower limits than for uploads."""
    limit = URL_LIMIT.get(kind, OTHER_URL_LIMIT)
    data = bytearray()
    try:
        async with (
            httpx.AsyncClient(timeout=20, follow_redirects=True) as client,
            client.stream("GET", url) as response,
        ):
            response.raise_for_status()
            async for part in response.aiter_bytes():
                data += part
                if len(data) > limit:
                    raise bad_request("file is too big")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise bad_request("failed to get HTTP URL content") from error
    mime = response.headers.get("content-type", "").split(";")[0] or "application/octet-stream"
    if kind == "document" and mime not in DOCUMENTS_BY_URL:
        raise bad_request("wrong type of the web page content")
    name = PurePosixPath(urlsplit(url).path).name or f"file{mimetypes.guess_extension(mime) or ''}"
    return Upload(name, mime, bytes(data))
