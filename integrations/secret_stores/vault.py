"""HashiCorp Vault: one secret of the KV engine, version 2, by a token or an AppRole."""

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx

from core.errors import Broken, NeedsAttention, Temporary
from core.settings import SecretsSettings
from integrations.secret_stores.patience import persist

CONNECT_S = 3.0
ANSWER_S = 5.0
LARGEST_ANSWER = 4 * 1024 * 1024
"""Vault itself keeps no larger secret than about one megabyte."""
_PASSING = {408, 412, 429, 472, 473}
"""Besides 5xx: standby nodes and nodes that catch up say these for a moment."""


class VaultStore:
    """Settings as keys of one secret, by dotted names (``telegram.token``) or as sections inside each other."""

    def __init__(self, where: SecretsSettings) -> None:
        assert where.vault_url is not None
        self._where = where
        self._url = where.vault_url.rstrip("/")
        self._data = f"{where.vault_mount}/data/{where.vault_path}"

    @property
    def name(self) -> str:
        return f"Vault {self._url} {self._data}"

    def read(self) -> dict[str, str]:
        """The newest version of the secret."""
        return persist(self._ask, patience_s=self._where.patience_s)

    def _ask(self) -> dict[str, str]:
        with httpx.Client(timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S), follow_redirects=False) as http:
            if self._where.vault_token is not None:
                token = self._where.vault_token.get_secret_value()
                found = self._secret(http, token)
                self._tell(http, token, "renew-self")
                return found
            token = self._login(http)
            try:
                return self._secret(http, token)
            finally:
                self._tell(http, token, "revoke-self")

    def _login(self, http: httpx.Client) -> str:
        assert self._where.vault_secret_id is not None
        proof = {"role_id": self._where.vault_role_id, "secret_id": self._where.vault_secret_id.get_secret_value()}
        status, answer = self._call(http, "POST", "auth/approle/login", body=proof)
        token = _inside(answer, "auth", "client_token")
        if status != 200 or not isinstance(token, str):
            raise NeedsAttention(f"{self.name}: the AppRole is refused ({status}); check role_id and secret_id")
        return token

    def _secret(self, http: httpx.Client, token: str) -> dict[str, str]:
        status, answer = self._call(http, "GET", self._data, token=token)
        if status == 403:
            raise NeedsAttention(
                f"{self.name}: refused (403); the token has ended, or its policy does not allow reading"
            )
        if status == 404:
            raise NeedsAttention(f"{self.name}: nothing is there (404), or its newest version is deleted")
        data = _inside(answer, "data", "data")
        if status != 200 or not isinstance(data, dict):
            raise NeedsAttention(f"{self.name}: no secret of KV version 2 ({status}); check vault_url and vault_mount")
        return {str(name): _text(value) for name, value in data.items() if value is not None}

    def _tell(self, http: httpx.Client, token: str, what: str) -> None:
        """Live longer, or end now. Not every token may; what matters has been read, so a refusal changes nothing."""
        try:
            self._call(http, "POST", f"auth/token/{what}", token=token)
        except (Temporary, NeedsAttention):
            return

    def _call(
        self,
        http: httpx.Client,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> tuple[int, Any]:
        """Status and JSON. What passes is ``Temporary``. Addresses and errors of the library are told by class only."""
        headers = {"X-Vault-Request": "true"} | ({} if token is None else {"X-Vault-Token": token})
        try:
            with http.stream(method, f"{self._url}/v1/{path}", headers=headers, json=body) as response:
                text = _read(response, self.name)
        except httpx.InvalidURL:
            raise NeedsAttention(f"{self.name}: secrets.vault_url is no address") from None
        except httpx.RequestError as error:
            raise Temporary(f"{self.name}: does not answer ({type(error).__name__})") from None
        status = response.status_code
        if status in _PASSING or status >= 500:
            why = "sealed, or in maintenance" if status == 503 else "not able to answer now"
            raise Temporary(f"{self.name}: {why} ({status})")
        if 300 <= status < 400:
            raise NeedsAttention(
                f"{self.name}: answers elsewhere ({status}); name the active node in secrets.vault_url"
            )
        try:
            return status, json.loads(text or b"{}")
        except ValueError:
            return status, {}


def _read(response: httpx.Response, name: str) -> bytes:
    """The whole answer, also from a server that drips, within one deadline and one limit."""
    deadline = time.monotonic() + ANSWER_S
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise Broken(f"{name}: the answer is larger than {LARGEST_ANSWER} bytes")
        if time.monotonic() > deadline:
            raise Temporary(f"{name}: does not answer in time")
    return bytes(body)


def _inside(answer: Any, *names: str) -> Any:
    for name in names:
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def _text(value: Any) -> str:
    """As a variable would hold it: sections and lists are JSON."""
    return value if isinstance(value, str) else json.dumps(value)
