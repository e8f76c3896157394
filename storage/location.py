"""Opens the store that ``JARVIS_STORAGE_URL`` names."""

from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from core.clock import Clock
from core.errors import NeedsAttention
from storage.api import DEFAULT_MAX_BYTES, Storage
from storage.bucket import Bucket, S3Credentials
from storage.links import Links
from storage.local import LocalStorage

_EXAMPLES = "file:///var/lib/jarvis/objects or s3://bucket/prefix?endpoint=https://store.example&region=eu-central-1"


def open_storage(
    url: str,
    *,
    clock: Clock,
    credentials: S3Credentials | None = None,
    links: Links | None = None,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> Storage:
    """The store at ``url``; a wrong one is ``NeedsAttention`` with one readable line.

    ``credentials`` are for ``s3://`` only, ``links`` for ``file://`` only: an S3 store signs its links itself.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStorage(_folder(parts), clock=clock, links=links, max_bytes=max_bytes)
    if parts.scheme == "s3":
        # boto3 takes tens of megabytes, which a Jarvis on one disk need not spend.
        from storage.s3 import S3Storage

        return S3Storage(_bucket(parts), credentials=credentials, max_bytes=max_bytes)
    raise _wrong(f"a scheme other than file and s3: {parts.scheme!r}")


def _folder(parts: SplitResult) -> Path:
    path = Path(unquote(parts.path))
    if parts.netloc not in {"", "localhost"} or not path.is_absolute() or parts.query:
        raise _wrong("a folder needs an absolute path and nothing else")
    return path


def _bucket(parts: SplitResult) -> Bucket:
    if "@" in parts.netloc:
        raise _wrong("credentials do not belong in it")
    options = dict(parse_qsl(parts.query))
    unknown = sorted(options.keys() - {"endpoint", "region"})
    if not parts.netloc or unknown:
        raise _wrong(f"unknown option {unknown[0]}" if unknown else "no bucket")
    return Bucket(parts.netloc, unquote(parts.path).strip("/"), options.get("endpoint"), options.get("region"))


def _wrong(what: str) -> NeedsAttention:
    """The URL itself stays out of the text: it may carry a secret put there by mistake."""
    return NeedsAttention(f"storage_url: {what}; write it like {_EXAMPLES}")
