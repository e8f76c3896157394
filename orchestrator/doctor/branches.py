"""One branch: RentProg's answer to its keys, its webhook's secret, and the forum where its cars are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.settings import BranchSettings, Settings
from db.migrate import current_revision
from db.queries import chats
from db.session import Database
from integrations.rentprog import RentprogApi
from orchestrator.doctor.diagnosis import Diagnosis, guarded, ill, well


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is to look with. ``problems``: what Telegram said of each forum, empty when it was not asked."""

    settings: Settings
    api: RentprogApi | None
    db: Database | None
    problems: Mapping[int, tuple[str, ...]]


async def look(branch: BranchSettings, sight: Sight) -> list[Diagnosis]:
    name = f"branch {branch.code}"
    mend = "check company_token and company_id of the branch, and that RentProg answers"
    found = await guarded(name, mend, lambda: _rentprog(name, sight.api))
    found += _internal_token(name, sight.api, sight.settings.monitoring.token_expiry_days)
    found.append(_webhook(branch, sight.settings))
    return [*found, *await guarded(f"{name} forum", "see the diagnosis `database`", lambda: _forum(branch, sight))]


async def _rentprog(name: str, api: RentprogApi | None) -> list[Diagnosis]:
    if api is None:
        return [ill(name, "has no company token: RentProg is not read", "set company_token of the branch")]
    await api.probe()
    return [well(name, "RentProg answers its token")]


def _internal_token(branch: str, api: RentprogApi | None, warn_days: int) -> list[Diagnosis]:
    name, expires_at = f"{branch} web token", None if api is None else api.internal_token_expires_at
    if expires_at is None:
        return []
    left, day = expires_at - datetime.now(UTC), f"{expires_at:%d.%m.%Y}"
    mend = "sign in to RentProg's web and set internal_token of the branch anew"
    if left < timedelta(days=warn_days):
        return [ill(name, f"{'ended' if left < timedelta(0) else 'ends'} on {day}", mend)]
    return [well(name, f"ends on {day}")]


def _webhook(branch: BranchSettings, settings: Settings) -> Diagnosis:
    """RentProg tells nobody which address it has; the alarm of silence is the only proof of a wrong one."""
    name = f"branch {branch.code} webhook"
    if not branch.hook_secret:
        mend = "set hook_secret of the branch, and its webhook address in RentProg"
        return ill(name, "has no secret: no webhook is accepted", mend)
    base = settings.http.public_url or "https://<your address>"
    address = f"{base.rstrip('/')}/hooks/rentprog/{branch.code}/<its hook_secret>"
    return well(name, f"RentProg cannot be asked what is registered; compare by eye with {address}")


async def _forum(branch: BranchSettings, sight: Sight) -> list[Diagnosis]:
    name = f"branch {branch.code} forum"
    if sight.db is None or await current_revision(sight.db) is None:
        return []
    async with sight.db.transaction() as tx:
        forum = await chats.forum_of(tx, branch.code)
    if forum is None:
        mend = "add the bot to the branch's forum and write /bind there"
        return [ill(name, "is not bound: cars of this branch are shown nowhere", mend)]
    return [_rights(name, forum, sight.problems.get(forum.chat_id))]


def _rights(name: str, forum: chats.Chat, said: tuple[str, ...] | None) -> Diagnosis:
    """What the database remembers first: Jarvis acts by it. Then what Telegram says at this moment."""
    if not forum.is_member:
        return ill(name, f"{forum.title}: the bot is not in it any more", "add the bot again as an administrator")
    if not forum.is_forum:
        return ill(name, f"{forum.title}: topics are switched off", "switch topics on in the group's settings")
    if forum.missing_rights:
        missing = ", ".join(forum.missing_rights)
        return ill(name, f"{forum.title}: the bot lacks {missing}", "give the bot these rights as an administrator")
    if said:
        mend = "make the bot an administrator with these rights; the next change of them is noticed by itself"
        return ill(name, f"{forum.title}: Telegram says now: {', '.join(said)}", mend)
    return well(
        name, f"{forum.title}: bound, with every right" + ("" if said is not None else ", as far as we remember")
    )
