"""Who may look: one access token, sessions signed with it, and a word against forged forms.

Nothing is stored: a session is a signed expiry in a cookie, and another token ends every session at once.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from core.clock import Clock
from core.settings import MIN_WEB_TOKEN, Settings, WrongSettings

TOKEN_FILE = "web-token"  # noqa: S105 - the name of a file
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """An admitted caller. ``csrf`` must come back with every change; None for a bearer, whom no page can forge."""

    csrf: str | None


class Gate:
    """Admits holders of the token, and gives them sessions that end after ``lifetime``."""

    def __init__(self, token: str, *, lifetime: timedelta, clock: Clock) -> None:
        self._token = token.encode()
        self._key = hashlib.sha256(b"jarvis panel session\0" + self._token).digest()
        self._clock = clock
        self.lifetime = lifetime

    def admits(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._token)

    def new_session(self) -> str:
        """The value of a session's cookie."""
        ends = int((self._clock.now() + self.lifetime).timestamp())
        content = f"{ends}.{secrets.token_urlsafe(18)}"
        return f"{content}.{self._sign('session', content)}"

    def session(self, cookie: str) -> Session | None:
        """None for a cookie that we did not sign, or whose time is over."""
        content, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign("session", content).encode()):
            return None
        ends = int(content.partition(".")[0])
        return Session(self._sign("csrf", content)) if self._clock.now().timestamp() < ends else None

    def _sign(self, purpose: str, content: str) -> str:
        return hmac.new(self._key, f"{purpose}:{content}".encode(), hashlib.sha256).hexdigest()


def is_genuine(session: Session, csrf: str) -> bool:
    """Whether a change was really asked for by this session's own page."""
    return session.csrf is None or hmac.compare_digest(csrf.encode(), session.csrf.encode())


def login_link(settings: Settings, base_url: str) -> str:
    """The address that opens the panel for whoever holds it: print it where only the owner looks."""
    return f"{base_url.rstrip('/')}/login?token={quote(access_token(settings), safe='')}"


def access_token(settings: Settings) -> str:
    """The token of the settings, else the one of JARVIS_HOME/web-token, which is made when it is missing."""
    if settings.web.token is not None:
        return settings.web.token.get_secret_value()
    path = settings.home / TOKEN_FILE
    try:
        if not path.exists():
            _write_once(settings)
        token = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise WrongSettings(f"web.token (JARVIS_WEB__TOKEN) is not set and {path} cannot be used: {error}") from None
    if len(token) < MIN_WEB_TOKEN:
        raise WrongSettings(f"{path} holds no token of the panel: delete it and a new one is made")
    return token


def _write_once(settings: Settings) -> None:
    """Whole or not at all, and never over another process's token."""
    settings.home.mkdir(parents=True, exist_ok=True)
    path = settings.home / TOKEN_FILE
    draft = path.with_name(f"{TOKEN_FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(TOKEN_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
