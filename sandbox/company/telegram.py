"""The company's people and chats as a Telegram emulator needs them: plain values, nothing of Jarvis in them."""

from dataclasses import dataclass

from core.roles import Role
from sandbox.company.branches import BRANCHES, Branch
from sandbox.company.people import Person

BOT_TOKEN = "7000000001:SANDBOX-jarvis-company-bot-token-00"  # noqa: S105 - invented, only the emulator accepts it
BOT_ID = 7_000_000_001
BOT_USERNAME = "jarvis_sandbox_bot"

HEADQUARTERS_CHAT_ID = -1_002_000_001_000
ALERTS_CHAT_ID = -1_002_000_001_900
FIRST_PERSONAL_CHAT_ID = -1_002_000_003_000
"""Personal groups go down from it in the order of the staff."""

FORUM_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_restrict_members",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
"""What the bot needs of a forum; the chat is in nobody's configuration until staff bind it to its branch."""


@dataclass(frozen=True, slots=True)
class TelegramPerson:
    id: int
    first_name: str
    last_name: str
    username: str | None
    language_code: str


@dataclass(frozen=True, slots=True)
class TelegramChat:
    """``admins`` are members too; the bot is an administrator with ``bot_rights``."""

    id: int
    title: str
    is_forum: bool
    members: tuple[int, ...]
    admins: tuple[int, ...]
    bot_rights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TelegramSeed:
    bot_token: str
    bot_id: int
    bot_username: str
    people: tuple[TelegramPerson, ...]
    chats: tuple[TelegramChat, ...]


def telegram_seed(people: tuple[Person, ...]) -> TelegramSeed:
    """One forum a branch, one for headquarters, the chat of alerts, and a group of their own for each."""
    return TelegramSeed(
        bot_token=BOT_TOKEN,
        bot_id=BOT_ID,
        bot_username=BOT_USERNAME,
        people=tuple(
            TelegramPerson(person.telegram_id, person.first_name, person.last_name, person.username, person.language)
            for person in people
        ),
        chats=(
            *(_branch_forum(branch, people) for branch in BRANCHES),
            _leaders_chat(HEADQUARTERS_CHAT_ID, "Headquarters", people, is_forum=True),
            _leaders_chat(ALERTS_CHAT_ID, "Alerts", people, is_forum=False),
            *(_personal_forum(person, people) for person in people if person.role is not Role.ADMIN),
        ),
    )


def forum_id(branch: Branch) -> int:
    return HEADQUARTERS_CHAT_ID - branch.company_id


def personal_chat_id(person: Person, people: tuple[Person, ...]) -> int:
    return FIRST_PERSONAL_CHAT_ID - people.index(person)


def _personal_forum(person: Person, people: tuple[Person, ...]) -> TelegramChat:
    """Nobody but its owner and the bot; it is nobody's until the owner says ``/bind me`` there."""
    own = (person.telegram_id,)
    title = f"{person.first_name} | clients"
    return TelegramChat(
        personal_chat_id(person, people), title, is_forum=True, members=own, admins=own, bot_rights=FORUM_RIGHTS
    )


def _branch_forum(branch: Branch, people: tuple[Person, ...]) -> TelegramChat:
    staff = tuple(p.telegram_id for p in people if p.branch == branch.code)
    heads = tuple(p.telegram_id for p in people if p.branch == branch.code and p.role is Role.BRANCH_HEAD)
    leaders = _leaders(people)
    return TelegramChat(
        id=forum_id(branch),
        title=f"Branch {branch.title}",
        is_forum=True,
        members=staff + leaders,
        admins=heads + leaders,
        bot_rights=FORUM_RIGHTS,
    )


def _leaders_chat(chat_id: int, title: str, people: tuple[Person, ...], *, is_forum: bool) -> TelegramChat:
    heads = tuple(p.telegram_id for p in people if p.role is Role.BRANCH_HEAD)
    leaders = _leaders(people)
    return TelegramChat(chat_id, title, is_forum, heads + leaders, leaders, FORUM_RIGHTS)


def _leaders(people: tuple[Person, ...]) -> tuple[int, ...]:
    return tuple(p.telegram_id for p in people if p.branch is None)
