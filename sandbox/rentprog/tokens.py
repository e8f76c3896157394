"""The credentials of both planes: a request token of four minutes, a web user's token of thirty days."""

import base64
import hashlib
import hmac
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from core.clock import Clock
from sandbox.company.branches import BY_COMPANY_ID, Branch

REQUEST_TOKEN_LIFE = timedelta(seconds=240)
WEB_TOKEN_LIFE = timedelta(days=30)

_KEY = b"invented key of the rentprog twin"
_FIRST_WEB_USER = 20000


class Plane(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass
class Tokens:
    """Issues and reads tokens that look like RentProg's JWTs; ``expire`` ends all that were issued so far."""

    clock: Clock
    issued: int = 0
    _ended: Counter[tuple[Plane, int]] = field(default_factory=Counter)
    _calls_left: dict[tuple[Plane, int], int] = field(default_factory=dict)

    def request_token(self, branch: Branch) -> tuple[str, datetime]:
        """The token and its end."""
        ends = self.clock.now() + REQUEST_TOKEN_LIFE
        return self._sign({"company_id": branch.company_id, "exp": ends.timestamp(), "jti": self._next()}), ends

    def web_token(self, branch: Branch) -> str:
        now = self.clock.now()
        return self._sign(
            {
                "sub": str(_FIRST_WEB_USER + branch.company_id),
                "scp": "user",
                "aud": None,
                "iat": int(now.timestamp()),
                "exp": int((now + WEB_TOKEN_LIFE).timestamp()),
                "jti": self._next(),
            }
        )

    def branch_of(self, plane: Plane, authorization: str) -> Branch | None:
        """The branch whose token this is, with or without the word Bearer; None when it is wrong or over."""
        claims = _claims(authorization.removeprefix("Bearer ").strip())
        if claims is None or (claims.get("scp") == "user") is not (plane is Plane.INTERNAL):
            return None
        branch = BY_COMPANY_ID[claims.get("company_id") or int(claims["sub"]) - _FIRST_WEB_USER]
        self._count_down(plane, branch.company_id)
        is_over = claims["exp"] <= self.clock.now().timestamp()
        return None if is_over or claims["jti"] <= self._ended[plane, branch.company_id] else branch

    def expire(self, plane: Plane, branch: Branch, after_calls: int = 0) -> None:
        """End the tokens now, or in the middle of somebody's work: ``after_calls`` more are still served."""
        if after_calls:
            self._calls_left[plane, branch.company_id] = after_calls
        else:
            self._ended[plane, branch.company_id] = self.issued

    def _count_down(self, plane: Plane, company_id: int) -> None:
        left = self._calls_left.pop((plane, company_id), None)
        if left is None:
            return
        if left > 0:
            self._calls_left[plane, company_id] = left - 1
        else:
            self._ended[plane, company_id] = self.issued

    def _next(self) -> int:
        self.issued += 1
        return self.issued

    def _sign(self, claims: dict[str, Any]) -> str:
        head = _part({"alg": "HS256"}) + b"." + _part(claims)
        return (head + b"." + _encoded(_signature(head))).decode()


def _claims(token: str) -> dict[str, Any] | None:
    head, _, signature = token.encode().rpartition(b".")
    if not head or not hmac.compare_digest(_encoded(_signature(head)), signature):
        return None
    body = head.partition(b".")[2]
    return json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))


def _signature(head: bytes) -> bytes:
    return hmac.new(_KEY, head, hashlib.sha256).digest()


def _part(value: dict[str, Any]) -> bytes:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
