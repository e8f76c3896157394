"""A page printed as PDF by WeasyPrint, in a process of its own that ends with it: slow, hungry, and rightly limited.

Run as ``python -m reports.printing`` it reads the page from its input and writes the PDF to its output.
"""

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass

TIMEOUT_S = 120.0
_MEMORY = 2 * 1024**3
"""Of address space: a report of forty photos takes a quarter of it."""
_NO_LIBRARIES = 3
"""Exit status: WeasyPrint cannot find Pango."""


@dataclass(frozen=True, slots=True)
class Printed:
    """``why`` says what is missing where there is no PDF: the page alone is a whole report."""

    pdf: bytes | None
    why: str | None = None


async def print_page(html: str) -> Printed:
    """Never fails: whoever made the page goes on with it."""
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
            pdf, _ = await child.communicate(html.encode())
    except TimeoutError:
        return Printed(None, "printing took too long")
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode == _NO_LIBRARIES:
        return Printed(None, "WeasyPrint's libraries are missing: apt-get install libpango-1.0-0 libpangoft2-1.0-0")
    if child.returncode != 0 or not pdf.startswith(b"%PDF"):
        return Printed(None, f"printing failed (status {child.returncode})")
    return Printed(pdf)


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
        pdf = _print(sys.stdin.buffer.read())
    except OSError:  # what cffi raises for a library that is not there
        return _NO_LIBRARIES
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    raise SystemExit(_main())
