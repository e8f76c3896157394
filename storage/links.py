"""Links to objects on the local disk: signed by us, checked by whoever serves them."""

import hmac
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

_SECRET_BYTES = 32


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
    return is_genuine(key, expires, signature, secret) and now.astimezone(UTC).timestamp() < expires


def is_genuine(key: str, expires: int, signature: str, secret: bytes) -> bool:
    """Whether we signed this, be it expired or not."""
    # Both are compared as bytes: compare_digest refuses text with non-ASCII letters, which a stranger may send.
    return hmac.compare_digest(sign(key, expires, secret).encode(), signature.encode("utf-8", "replace"))


def kept_secret(path: Path) -> bytes:
    """The secret in a file that only its owner reads; made once, whole, and never over another process's.

    Raises ``OSError`` where the folder cannot be used.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_hex(_SECRET_BYTES).encode())
                file.flush()
                os.fsync(file.fileno())
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    secret = path.read_bytes().strip()
    if len(secret) < _SECRET_BYTES:
        raise OSError(f"{path} holds no secret: delete it and a new one is made")
    return secret
