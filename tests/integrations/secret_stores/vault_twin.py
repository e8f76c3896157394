"""A Vault over real HTTP: KV version 2, tokens that end, AppRole, and the troubles of a real one."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

TOKEN = "hvs.invented-token"
ROLE_ID = "invented-role"
SECRET_ID = "invented-secret-id"

Answer = tuple[int, dict[str, Any] | None]


@dataclass
class Vault:
    """``secrets`` by mount and path; None is one whose newest version was deleted."""

    secrets: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    tokens: dict[str, float] = field(default_factory=lambda: {TOKEN: time.monotonic() + 3600})
    may_renew: bool = True
    sealed_for: int = 0
    """How many calls still find it sealed."""
    active_node: str | None = None
    calls: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, method: str, path: str, token: str, body: dict[str, Any]) -> Answer:
        self.calls.append(f"{method} {path}")
        if self.sealed_for > 0:
            self.sealed_for -= 1
            return 503, {"errors": ["Vault is sealed"]}
        if self.active_node is not None:
            return 307, None
        if (method, path) == ("POST", "auth/approle/login"):
            return self._login(body)
        if self.tokens.get(token, 0) < time.monotonic():
            return 403, {"errors": ["2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"]}
        return self._with_token(method, path, token)

    def _login(self, body: dict[str, Any]) -> Answer:
        if body != {"role_id": ROLE_ID, "secret_id": SECRET_ID}:
            return 400, {"errors": ["invalid role or secret ID"]}
        token = f"hvs.invented-login-{len(self.calls)}"
        self.tokens[token] = time.monotonic() + 1200
        return 200, told(auth={"client_token": token, "lease_duration": 1200, "renewable": True, "num_uses": 0})

    def _with_token(self, method: str, path: str, token: str) -> Answer:
        match method, path.partition("/data/"):
            case "POST", ("auth/token/revoke-self", _, _):
                del self.tokens[token]
                return 204, None
            case "POST", ("auth/token/renew-self", _, _):
                return self._renew(token)
            case "GET", (mount, _, name) if f"{mount}/{name}" in self.secrets:
                return self._secret(self.secrets[f"{mount}/{name}"])
            case "GET", ("secret", "/data/", _):
                return 404, {"errors": []}
            case "GET", ("forbidden", _, _):
                return 403, {"errors": ["1 error occurred:\n\t* permission denied\n\n"]}
            case _:
                return 404, {"errors": [f'no handler for route "{path}". route entry not found.']}

    def _renew(self, token: str) -> Answer:
        if not self.may_renew:
            return 400, {"errors": ["lease is not renewable"]}
        self.tokens[token] = time.monotonic() + 3600
        return 200, told(auth={"client_token": token, "lease_duration": 3600, "renewable": True})

    def _secret(self, data: dict[str, Any] | None) -> Answer:
        deleted = "" if data is not None else "2026-11-20T04:00:00.123456789Z"
        metadata = {
            "created_time": "2026-11-19T04:00:00.123456789Z",
            "custom_metadata": None,
            "deletion_time": deleted,
            "destroyed": False,
            "version": 3,
        }
        return (404 if data is None else 200), told(data={"data": data, "metadata": metadata})


def told(**parts: Any) -> dict[str, Any]:
    """The envelope that every answer of Vault comes in."""
    envelope = {"request_id": "00000000-0000-0000-0000-000000000000", "lease_id": "", "renewable": False}
    return envelope | {"lease_duration": 0, "data": None, "wrap_info": None, "warnings": None, "auth": None} | parts


@contextmanager
def vault_at_work() -> Iterator[Vault]:
    vault = Vault()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(vault))
    vault.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield vault
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(vault: Vault) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._do("GET")

        def do_POST(self) -> None:
            self._do("POST")

        def _do(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.removeprefix("/v1/")
            status, answer = vault.answer(
                method, path, self.headers.get("X-Vault-Token", ""), json.loads(body or b"{}")
            )
            text = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Location", f"{vault.active_node}{self.path}")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nobody reads it."""

    return Handler
