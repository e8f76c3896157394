"""A page printed as PDF by WeasyPrint, in a process of its own that ends with it: slow, hungry, and rightly limited.

Run as ``python -m reports.printing`` it reads pages from its input and writes a PDF of each to its output, both with
their length before them. All languages go through one process: to start it and to find the fonts costs most.
"""

import asyncio
import os
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

TIMEOUT_S = 300.0
_LENGTH = struct.Struct(">Q")
_MEMORY = 2 * 1024**3
"""Of address space: a report of forty photos takes a quarter of it."""
_NO_LIBRARIES = 3
"""Exit status: WeasyPrint cannot find Pango."""


@dataclass(frozen=True, slots=True)
class Printed:
    """``why`` says what is missing where there is no PDF: the page alone is a whole report."""

    pdf: bytes | None
    why: str | None = None


async def print_pages(pages: Sequence[str]) -> list[Printed]:
    """One for each page. Never fails: whoever made the pages goes on with them."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "reports.printing",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.defpath, "HOME": os.environ.get("HOME", "/")},
    )
    try:
        async with asyncio.timeout(TIMEOUT_S):
            output, _ = await child.communicate(b"".join(_framed(page.encode()) for page in pages))
    except TimeoutError:
        return [Printed(None, "printing took too long")] * len(pages)
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode == _NO_LIBRARIES:
        why = "WeasyPrint's libraries are missing: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        return [Printed(None, why)] * len(pages)
    pdfs = list(_unframed(output))
    if child.returncode != 0 or len(pdfs) != len(pages):
        return [Printed(None, f"printing failed (status {child.returncode})")] * len(pages)
    return [Printed(pdf) for pdf in pdfs]


def _framed(content: bytes) -> bytes:
    return _LENGTH.pack(len(content)) + content


def _unframed(stream: bytes) -> Iterator[bytes]:
    at = 0
    while at + _LENGTH.size <= len(stream):
        (length,) = _LENGTH.unpack_from(stream, at)
        at += _LENGTH.size
        yield stream[at : at + length]
        at += length


def _print(html: bytes) -> bytes:
    """Nothing is fetched: every picture lies in the page."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    page = HTML(string=html.decode(), url_fetcher=URLFetcher(allowed_protocols=("data",)))
    pdf = page.write_pdf()
    assert pdf is not None
    return pdf


def _main() -> int:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        for page in _unframed(sys.stdin.buffer.read()):
            sys.stdout.buffer.write(_framed(_print(page)))
    except OSError:  # what cffi raises for a library that is not there
        return _NO_LIBRARIES
    return 0


if __name__ == "__main__":
    raise SystemExit(_main())
