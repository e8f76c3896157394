"""Files behind attachments: the link comes from a stranger, so it may lead only to the open internet or to Umnico."""

import asyncio
import socket
from email.message import Message
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from core.errors import Rejected, Temporary
from integrations.http import Answer, Call, HttpLink, error_of
from integrations.umnico.api import File
from integrations.umnico.refusals import SYSTEM

MOST_REDIRECTS = 3
NAME = "GET an attachment"


async def download(link: HttpLink, src: str, *, trusted_origin: str) -> File:
    """The file, after at most three redirects. Our token is never sent along."""
    url = src
    for _ in range(MOST_REDIRECTS + 1):
        await _check(url, trusted_origin)
        answer = await link.send(Call(NAME, "GET", url))
        if answer.status not in {301, 302, 303, 307, 308}:
            return _file(answer, url)
        url = urljoin(url, answer.headers.get("location", ""))
    raise Rejected(f"{SYSTEM}: {NAME}: too many redirects")


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


async def _check(url: str, trusted_origin: str) -> None:
    """A name is resolved here and again by the client: one that changes meanwhile is not caught (NOTES.md)."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Rejected(f"{SYSTEM}: {NAME}: the link cannot be read") from None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise Rejected(f"{SYSTEM}: {NAME}: the link is not one of the web")
    if origin_of(url) == trusted_origin:
        return
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise Rejected(f"{SYSTEM}: {NAME}: the link cannot be read") from None
    except OSError:
        raise Temporary(f"{SYSTEM}: {NAME}: the name is not known") from None
    if not all(ip_address(address[4][0]).is_global for address in found):
        raise Rejected(f"{SYSTEM}: {NAME}: the link leads into a private network")


def _file(answer: Answer, url: str) -> File:
    if answer.status in {401, 403, 404, 410}:
        raise Rejected(f"{SYSTEM}: {NAME}: the link is dead (status {answer.status})")
    if error := error_of(answer, SYSTEM, NAME):
        raise error
    told = Message()
    told["Content-Type"] = answer.headers.get("content-type", "application/octet-stream")
    told["Content-Disposition"] = answer.headers.get("content-disposition", "attachment")
    name = told.get_filename() or urlsplit(url).path.rpartition("/")[2] or "file"
    return File(answer.body, name.replace("/", "_").replace("\x00", "")[-200:], told.get_content_type())
