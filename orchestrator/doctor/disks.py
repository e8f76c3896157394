"""The storage, whether it can be written, and the room that is left on our disks."""

import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.clock import SystemClock
from core.settings import Settings
from orchestrator.doctor.diagnosis import Diagnosis, ill, well
from storage.location import open_storage

LEAST_BYTES = 1_000_000_000
LEAST_SHARE = 0.05


async def storage(settings: Settings) -> list[Diagnosis]:
    """Write, read back and remove a small object."""
    url = _url(settings)
    objects = open_storage(url, clock=SystemClock())
    try:
        kept = await objects.put(b"jarvis doctor", content_type="text/plain")
        await objects.get(kept.key)
        await objects.delete(kept.key)
    finally:
        await objects.aclose()
    return [well("storage", f"can be written: {url.partition('?')[0]}")]


def space(settings: Settings) -> list[Diagnosis]:
    """Of the disks of JARVIS_HOME and of a storage in a folder; a Postgres elsewhere tells nobody about its disk."""
    folders = {"home": settings.home.absolute()}
    parts = urlsplit(_url(settings))
    if parts.scheme == "file":
        folders["storage"] = Path(unquote(parts.path))
    return [room_on(name, *_usage(folder)) for name, folder in folders.items()]


def room_on(name: str, total: int, free: int) -> Diagnosis:
    text = f"{free / 1e9:.1f} GB of {total / 1e9:.1f} GB are free"
    if free < LEAST_BYTES or free < LEAST_SHARE * total:
        return ill(f"disk of {name}", text, "make room or a bigger disk; `docker system df` and old backups first")
    return well(f"disk of {name}", text)


def _usage(folder: Path) -> tuple[int, int]:
    """Total and free bytes; of a folder that does not exist yet those of where it will be."""
    existing = next(place for place in (folder, *folder.parents) if place.is_dir())
    usage = shutil.disk_usage(existing)
    return usage.total, usage.free


def _url(settings: Settings) -> str:
    return settings.storage_url or (settings.home.absolute() / "storage").as_uri()
