"""Systems that are away while a story goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def away(folder: Path) -> Iterator[None]:
    """A storage that cannot be written: a file stands where its folder was."""
    safe = folder.with_name("away")
    folder.rename(safe)
    folder.write_bytes(b"no folder")
    try:
        yield
    finally:
        folder.unlink()
        safe.rename(folder)
