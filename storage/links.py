"""Links to objects on the local disk: signed by us, checked by whoever serves them, in pure functions."""

import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Links:
    """Where local objects are served, and the secret that signs links to them."""

    base_url: str
    secret: bytes = field(repr=False)

    def url(self, key: str, expires_at: datetime) -> str:
        """``<base_url>/<key>?expires=<epoch seconds>&signature=<hex>``."""
        expires = int(expires_at.timestamp())
        query = urlencode({"expires": expires, "signature": sign(key, expires, self.secret)})
        return f"{self.base_url.rstrip('/')}/{key}?{query}"


def sign(key: str, expires: int, secret: bytes) -> str:
    """The signature, in hex, of one object until one second since the epoch."""
    return hmac.digest(secret, f"jarvis-object\n{key}\n{expires}".encode(), "sha256").hex()


def verify(key: str, expires: int, signature: str, secret: bytes, *, now: datetime) -> bool:
    """Whether ``signature`` opens ``key`` at ``now``; compared in constant time."""
    # Both are compared as bytes: compare_digest refuses text with non-ASCII letters, which a stranger may send.
    genuine = hmac.compare_digest(sign(key, expires, secret).encode(), signature.encode("utf-8", "replace"))
    return genuine and now.astimezone(UTC).timestamp() < expires
