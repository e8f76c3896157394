"""Fetching weights from an address that the caller gave: over https only, within a size and a time."""

from pathlib import Path

import httpx

from core.errors import Rejected, Temporary
from cv.training.fetching import LARGEST_MB

TIMEOUT_S = 60.0
CHUNK = 1 << 20


def fetch(address: str, target: Path) -> None:
    url = httpx.URL(address)
    if url.scheme != "https":
        raise Rejected(f"{address}: only https")
    size = 0
    try:
        with (
            httpx.Client(follow_redirects=True, timeout=TIMEOUT_S, event_hooks={"request": [_only_https]}) as client,
            client.stream("GET", url) as answer,
            target.open("wb") as file,
        ):
            if not answer.is_success:
                raise Rejected(f"{address}: answered {answer.status_code}")
            for chunk in answer.iter_bytes(CHUNK):
                size += len(chunk)
                if size > LARGEST_MB * 1_000_000:
                    raise Rejected(f"{address}: over {LARGEST_MB} MB")
                file.write(chunk)
    except httpx.HTTPError as error:
        raise Temporary(f"{address}: {type(error).__name__}") from None


def _only_https(request: httpx.Request) -> None:
    """Also where a redirect leads."""
    if request.url.scheme != "https":
        raise Rejected(f"{request.url}: only https")
