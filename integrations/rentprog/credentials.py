"""The keys of one branch. They choose the branch; no parameter of any call does."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class RentprogCredentials:
    """``internal_token`` is the JWT of a web user; without it only the public plane can be read."""

    branch: str
    company_id: int
    company_token: str = field(repr=False)
    internal_token: str | None = field(default=None, repr=False)


def jwt_expiry(token: str | None) -> datetime | None:
    """The ``exp`` of a JWT, read without a check of its signature; None where it does not say."""
    parts = (token or "").split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return datetime.fromtimestamp(claims["exp"], UTC)
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        return None
