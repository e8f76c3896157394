"""The doctor: looks at everything an installation needs, changes nothing, and says for each what mends it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.checkup import ask_telegram
from core.clock import SystemClock
from core.errors import JarvisError, Temporary
from core.settings import BranchSettings, Settings
from db.migrate import current_revision, newest_revision
from db.queries import chats
from db.rights import APP_ROLE, as_role, faults_of_user
from db.session import Database
from integrations.http import open_http
from integrations.rentprog import RentprogApi
from orchestrator.embedded import running_postgres
from orchestrator.streams import Bell
from orchestrator.wiring import rentprog_clients
from storage.location import open_storage

PATIENCE_S = 20.0
"""For one check; the doctor must end although a system hangs."""
SKEW = timedelta(seconds=2)
EMBEDDED = "embedded, starts and stops with `jarvis up`"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``mend`` says what to do and is empty when all is well."""

    name: str
    is_well: bool
    text: str
    mend: str = ""

    def line(self) -> str:
        mark = "ok  " if self.is_well else "BAD "
        return f"{mark} {self.name}: {self.text}" + (f" -> {self.mend}" if self.mend else "")


def well(name: str, text: str) -> Finding:
    return Finding(name, is_well=True, text=text)


def ill(name: str, text: str, mend: str) -> Finding:
    return Finding(name, is_well=False, text=text, mend=mend)


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything; never raises for what it finds."""
    findings = [_summary(settings), *_admins(settings)]
    async with _database(settings) as db:
        findings += await _guarded("database", "check database_url and that Postgres runs", lambda: _postgres(db))
        findings += await _guarded("redis", "check redis_url and that Redis runs", lambda: _redis(settings))
        findings += await _guarded("storage", "check storage_url and the rights on it", lambda: _storage(settings))
        findings += await _guarded("telegram", "check telegram.token and telegram.api_url", lambda: _telegram(settings))
        async with open_http(settings.rentprog.timeout_s) as http:
            clients = rentprog_clients(settings, http)
            for branch in settings.rentprog.branches:  # one after the other: they share RentProg's limits
                findings += await _branch(branch, clients.get(branch.code), settings, db)
    return findings


async def _guarded(name: str, mend: str, look: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    """A check that cannot be made is a finding too."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await look()
    except TimeoutError:
        return [ill(name, f"no answer within {PATIENCE_S:.0f} s", mend)]
    except JarvisError as error:
        return [ill(name, str(error), mend)]


def _summary(settings: Settings) -> Finding:
    if not settings.rentprog.branches:
        return ill("settings", "no branch is set", "set rentprog.branches (JARVIS_RENTPROG__BRANCHES)")
    codes = ", ".join(branch.code for branch in settings.rentprog.branches)
    return well("settings", f"{len(settings.rentprog.branches)} branches ({codes}), home {settings.home.absolute()}")


def _admins(settings: Settings) -> list[Finding]:
    telegram = settings.telegram
    if telegram.token is not None and not telegram.admins:
        return [ill("admins", "nobody could approve the first person", "set telegram.admins (JARVIS_TELEGRAM__ADMINS)")]
    return [well("admins", f"{len(telegram.admins)} set")]


@asynccontextmanager
async def _database(settings: Settings) -> AsyncGenerator[Database | None]:
    given, embedded = settings.database_url, running_postgres(settings.home / "postgres")
    url = given.get_secret_value() if given is not None else embedded and as_role(embedded, APP_ROLE)
    db = None if url is None else Database(url, pool_size=2, application_name="jarvis-doctor")
    try:
        yield db
    finally:
        if db is not None:
            await db.close()


async def _postgres(db: Database | None) -> list[Finding]:
    if db is None:
        return [well("database", f"{EMBEDDED}, which does not run now")]
    async with db.transaction() as tx:
        row = await tx.row("SELECT clock_timestamp() AS now, current_setting('server_version') AS version")
    assert row is not None
    found = [well("database", f"PostgreSQL {row['version']} answers"), await _revision(db)]
    found.append(await _user(db))
    skew = abs(datetime.now(UTC) - row["now"])
    if skew > SKEW:
        text = f"{skew.total_seconds():.0f} s apart from the database's"
        return [*found, ill("clock", text, "let both machines follow a time server (NTP)")]
    return [*found, well("clock", "agrees with the database's")]


async def _user(db: Database) -> Finding:
    async with db.transaction() as tx:
        user, faults = await faults_of_user(tx)
    if not faults:
        return well("database user", f"{user} owns no table and can only add to the audit")
    first, *others = faults
    more = f" and {len(others)} more" if others else ""
    mend = f"connect as a member of {APP_ROLE}, name the owner in database_owner_url, then jarvis db upgrade"
    return ill("database user", f"{user} {first}{more}", mend)


async def _revision(db: Database) -> Finding:
    revision = await current_revision(db)
    if revision == newest_revision():
        return well("schema", f"stands at revision {revision}")
    return ill("schema", f"stands at revision {revision}, this version wants {newest_revision()}", "jarvis db upgrade")


async def _redis(settings: Settings) -> list[Finding]:
    if settings.redis_url is None:
        return [well("redis", EMBEDDED)]
    bell = Bell(settings.redis_url.get_secret_value())
    try:
        if not await bell.ping():
            raise Temporary("does not answer; work goes on by polling, only later")
    finally:
        await bell.close()
    return [well("redis", "answers")]


async def _storage(settings: Settings) -> list[Finding]:
    """Write, read back and remove a small object."""
    url = settings.storage_url or (settings.home.absolute() / "storage").as_uri()
    storage = open_storage(url, clock=SystemClock())
    try:
        kept = await storage.put(b"jarvis doctor", content_type="text/plain")
        await storage.get(kept.key)
        await storage.delete(kept.key)
    finally:
        await storage.aclose()
    return [well("storage", f"can be written: {url.partition('?')[0]}")]


async def _telegram(settings: Settings) -> list[Finding]:
    if settings.telegram.token is None:
        return [ill("telegram", "no token is set: nobody can talk to Jarvis", "set JARVIS_TELEGRAM__TOKEN")]
    signs = await ask_telegram(settings)
    found = [well("telegram", f"the token is that of @{signs.username}")]
    if settings.telegram.mode == "polling" and signs.webhook_url:
        text = f"a webhook is registered, so polling hears nothing ({signs.waiting_updates} updates wait)"
        return [*found, ill("webhook", text, "`jarvis up` removes it; see that no other program sets it again")]
    return found


async def _branch(
    branch: BranchSettings, api: RentprogApi | None, settings: Settings, db: Database | None
) -> list[Finding]:
    name = f"branch {branch.code}"
    mend = "check company_token and company_id of the branch, and that RentProg answers"
    found = await _guarded(name, mend, lambda: _rentprog(name, api))
    if not branch.hook_secret:
        mend = "set hook_secret of the branch, and its webhook address in RentProg"
        found.append(ill(f"{name} webhook", "has no secret: no webhook is accepted", mend))
    found += _internal_token(name, api, settings.monitoring.token_expiry_days)
    return [*found, *await _guarded(f"{name} forum", "see the finding `database`", lambda: _forum(branch, db))]


async def _rentprog(name: str, api: RentprogApi | None) -> list[Finding]:
    if api is None:
        return [ill(name, "has no company token: RentProg is not read", "set company_token of the branch")]
    await api.probe()
    return [well(name, "RentProg answers its token")]


def _internal_token(branch: str, api: RentprogApi | None, warn_days: int) -> list[Finding]:
    name, expires_at = f"{branch} web token", None if api is None else api.internal_token_expires_at
    if expires_at is None:
        return []
    left, day = expires_at - datetime.now(UTC), f"{expires_at:%d.%m.%Y}"
    mend = "sign in to RentProg's web and set internal_token of the branch anew"
    if left < timedelta(days=warn_days):
        return [ill(name, f"{'ended' if left < timedelta(0) else 'ends'} on {day}", mend)]
    return [well(name, f"ends on {day}")]


async def _forum(branch: BranchSettings, db: Database | None) -> list[Finding]:
    name = f"branch {branch.code} forum"
    if db is None or await current_revision(db) is None:
        return []
    async with db.transaction() as tx:
        forum = await chats.forum_of(tx, branch.code)
    if forum is None:
        mend = "add the bot to the branch's forum and write /bind there"
        return [ill(name, "is not bound: cars of this branch are shown nowhere", mend)]
    return [_rights(name, forum)]


def _rights(name: str, forum: chats.Chat) -> Finding:
    if not forum.is_member:
        return ill(name, f"{forum.title}: the bot is not in it any more", "add the bot again as an administrator")
    if not forum.is_forum:
        return ill(name, f"{forum.title}: topics are switched off", "switch topics on in the group's settings")
    if forum.missing_rights:
        missing = ", ".join(forum.missing_rights)
        return ill(name, f"{forum.title}: the bot lacks {missing}", "give the bot these rights as an administrator")
    return well(name, f"{forum.title}: bound, with every right")
