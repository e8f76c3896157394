"""The two API planes of RentProg: they share the host, not the credentials."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.clock import Clock
from core.errors import Broken, JarvisError, NeedsAttention, Temporary
from integrations.http import Answer, Call, CallKind, HttpLink, error_of
from integrations.rentprog.credentials import RentprogCredentials, jwt_expiry
from integrations.rentprog.dates import iso_datetime
from integrations.rentprog.values import BadValueError
from integrations.rentprog.wire_json import BadJsonError, parse_answer

REFRESH_EARLY = timedelta(seconds=3)
DEEPEST_ANSWER = 60
BROWSER = {
    "Accept": "application/json",
    "Origin": "https://web.rentprog.ru",
    "Referer": "https://web.rentprog.ru/",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
}
"""RentProg's internal plane answers 403 without these."""


class Plane(Protocol):
    """How a plane is called, and what its refusals mean."""

    @property
    def url(self) -> str: ...

    async def headers(self) -> Mapping[str, str]: ...

    def forget(self, headers: Mapping[str, str]) -> bool:
        """Drops the credential that was refused; True if another try with a new one makes sense."""
        ...

    def refusal(self, answer: Answer, name: str) -> JarvisError | None:
        """The error that this answer means; None if it carries what was asked for."""
        ...


class PublicPlane:
    """The company token buys request tokens of about four minutes; many callers share one (failure G13)."""

    def __init__(self, url: str, credentials: RentprogCredentials, link: HttpLink, clock: Clock) -> None:
        self.url = url
        self._credentials = credentials
        self._link = link
        self._clock = clock
        self._token: str | None = None
        self._fresh_until: datetime | None = None
        self._exchange = asyncio.Lock()

    async def headers(self) -> Mapping[str, str]:
        async with self._exchange:
            if self._token is None or self._fresh_until is None or self._clock.now() >= self._fresh_until:
                self._token, self._fresh_until = await self._buy_token()
            return {"Accept": "application/json", "Authorization": f"Bearer {self._token}"}

    def forget(self, headers: Mapping[str, str]) -> bool:
        """Only the refused token is dropped: another caller may have bought a new one already."""
        if headers.get("Authorization") == f"Bearer {self._token}":
            self._token = None
        return True

    def refusal(self, answer: Answer, name: str) -> JarvisError | None:
        if answer.status == 200 and answer.is_html:
            return Temporary(f"RentProg: {name}: a web page came instead of JSON")
        return error_of(answer, "RentProg", name)

    async def _buy_token(self) -> tuple[str, datetime]:
        name = "GET /get_token"
        answer = await self._link.send(
            Call(
                name,
                "GET",
                f"{self.url}/get_token",
                CallKind.TOKEN,
                params={"company_token": self._credentials.company_token},
            )
        )
        if 400 <= answer.status < 500:
            branch = self._credentials.branch
            raise NeedsAttention(f"RentProg refuses the company token of {branch} (status {answer.status})")
        if error := self.refusal(answer, name):
            raise error
        body = read_json(answer, name)
        try:
            token, until = body["token"], iso_datetime(body["exp"])
        except (TypeError, KeyError, BadValueError):
            token, until = None, None
        if not isinstance(token, str) or not token or until is None:
            raise Broken(f"RentProg: {name}: no token or no end of its life in the answer")
        return token, until - REFRESH_EARLY


class InternalPlane:
    """RentProg's own web client: the JWT of a web user, and the headers of a browser."""

    def __init__(self, url: str, credentials: RentprogCredentials) -> None:
        self.url = url
        self._branch = credentials.branch
        self._token = credentials.internal_token
        self.expires_at = jwt_expiry(credentials.internal_token)

    @property
    def is_configured(self) -> bool:
        return self._token is not None

    async def headers(self) -> Mapping[str, str]:
        if self._token is None:
            raise NeedsAttention(f"RentProg's internal plane has no token for {self._branch}")
        return {**BROWSER, "Authorization": f"Bearer {self._token}"}

    def forget(self, headers: Mapping[str, str]) -> bool:
        """There is no other token: a person must sign in."""
        del headers
        return False

    def refusal(self, answer: Answer, name: str) -> JarvisError | None:
        if answer.status == 401 or (answer.status == 200 and answer.is_html):
            return NeedsAttention(f"RentProg: {name}: the web user of {self._branch} must sign in again")
        if answer.status == 403:
            return NeedsAttention(
                f"RentProg: {name}: status 403 for {self._branch}: look first for missing Origin and Referer headers "
                "(a proxy may strip them), then at the rights of the web user"
            )
        return error_of(answer, "RentProg", name)


def read_json(answer: Answer, name: str) -> Any:
    """A body cut off on the way is a passing trouble."""
    try:
        return parse_answer(answer.body, deepest=DEEPEST_ANSWER)
    except BadJsonError as error:
        raise Temporary(f"RentProg: {name}: {error}") from None
