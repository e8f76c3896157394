"""All that the simulated Telegram knows: people, chats, members, topics, messages, links and open questions."""

from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

from sandbox.clock import VirtualClock
from sandbox.telegram.errors import bad_request
from sandbox.telegram.events import EventHub
from sandbox.telegram.files import FileStore
from sandbox.telegram.limits import Limiter
from sandbox.telegram.schema import flags
from sandbox.telegram.updates import UpdateQueue

Json = dict[str, Any]
ChatKind = Literal["private", "group", "supergroup"]
Role = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

ADMIN_RIGHTS = flags("ChatMemberAdministrator")
PERMISSIONS = flags("ChatPermissions")
GENERAL = 1
ICON_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
DAY_S = 24 * 3600
CALLBACK_LIFE_S = 150
DRAFT_LIFE_S = 30
# Beyond this the oldest messages of a chat are forgotten, so that a soak does not fill the memory.
KEPT_MESSAGES = 20_000
KEPT_CALLBACKS = 10_000
KEPT_EPHEMERAL = 50


@dataclass(slots=True)
class User:
    """A person or the bot; `title` is what they do in the company, for the chat page only."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    is_bot: bool = False
    title: str = ""
    is_deactivated: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class Member:
    """A user's place in a chat; `allowed` holds the rights of an administrator or what a restricted one still may."""

    user_id: int
    role: Role = "member"
    allowed: frozenset[str] = frozenset()
    until: int = 0

    @property
    def is_inside(self) -> bool:
        return self.role not in {"left", "kicked"}


@dataclass(slots=True)
class Topic:
    """A topic of a forum; General has the thread id 1 and is never deleted."""

    thread_id: int
    name: str
    icon_color: int = ICON_COLORS[0]
    icon_custom_emoji_id: str = ""
    creator_id: int = 0
    is_closed: bool = False
    is_hidden: bool = False
    is_deleted: bool = False


@dataclass(slots=True)
class Message:
    """A message as it stands now; `content` holds the fields of the Bot API that carry what was said or shown."""

    message_id: int
    chat: "Chat"
    sender_id: int
    date: int
    content: Json
    topic_id: int | None = None
    reply_to: int | None = None
    # In General a reply belongs to a thread named after the first message of the chain.
    root_id: int | None = None
    reply_markup: Json | None = None
    edit_date: int | None = None
    media_group_id: str | None = None
    is_service: bool = False
    is_protected: bool = False
    extra: Json = field(default_factory=dict)
    reactions: dict[int, list[Json]] = field(default_factory=dict)


@dataclass(slots=True)
class InviteLink:
    """A link into a chat; `used` counts who came by it."""

    url: str
    creator_id: int
    name: str = ""
    expires: int | None = None
    member_limit: int | None = None
    makes_requests: bool = False
    is_revoked: bool = False
    used: int = 0


@dataclass(slots=True)
class CallbackQuery:
    """A press on a button: who, where, what, and the answer once there is one."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    pressed_at: int
    answer: Json | None = None


@dataclass(slots=True)
class Draft:
    """A message that the bot is still writing; people see it for half a minute."""

    draft_id: int
    text: str
    shown_at: int
    can_stop: bool
    topic_id: int | None


@dataclass(slots=True)
class Chat:
    """A private chat with the bot (its id is the user's), a basic group or a supergroup."""

    id: int
    kind: ChatKind
    title: str = ""
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    general: Topic = field(default_factory=lambda: Topic(GENERAL, "General"))
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0
    permissions: frozenset[str] = frozenset(PERMISSIONS) - {"can_change_info", "can_pin_messages", "can_manage_topics"}
    invite_links: dict[str, InviteLink] = field(default_factory=dict)
    join_requests: dict[int, str] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    drafts: dict[int, Draft] = field(default_factory=dict)
    ephemeral: dict[int, Message] = field(default_factory=dict)
    last_ephemeral_id: int = 0
    migrated_to: int | None = None
    is_deleted: bool = False

    def members_inside(self) -> list[Member]:
        return [member for member in self.members.values() if member.is_inside]

    def has(self, user_id: int) -> bool:
        member = self.members.get(user_id)
        return member is not None and member.is_inside

    def may(self, user_id: int, right: str) -> bool:
        """Whether the user has an administrator's right here, or a member the permission of that name."""
        member = self.members.get(user_id)
        if member is None or not member.is_inside:
            return False
        if member.role == "creator" or self.kind == "private":
            return True
        if member.role in {"administrator", "restricted"}:
            return right in member.allowed
        return right in self.permissions

    def topic(self, thread_id: int) -> Topic:
        """The topic, or the refusal that the methods about topics give for a missing one."""
        topic = self.topics.get(thread_id)
        if topic is None:
            raise bad_request("TOPIC_ID_INVALID")
        if topic.is_deleted:
            raise bad_request("TOPIC_DELETED")
        return topic


class TelegramState:
    """One simulated Telegram with one bot."""

    def __init__(self, bot: User, clock: VirtualClock, dice_seed: int) -> None:
        self.bot = bot
        self.clock = clock
        self.dice = Random(dice_seed)
        self.topics_in_private = False
        self.reads_all_group_messages = False
        self.limiter = Limiter(clock)
        self.events = EventHub()
        self.updates = UpdateQueue(clock, first_id=self.dice.randrange(10**8, 10**9))
        self.empty()

    def empty(self) -> None:
        """Forget everything but the bot; open polls and pages stay connected."""
        self.updates.drop()
        self.files = FileStore(self.dice)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.callbacks: dict[str, CallbackQuery] = {}
        self.web_app_queries: dict[str, int] = {}
        self.inline_messages: dict[str, tuple[int, int]] = {}
        self.commands: dict[str, list[Json]] = {}
        self.menu_buttons: dict[int | None, Json] = {}
        self.read_marks: dict[tuple[int, int, int], int] = {}
        self._private_message_id = 0

    def now(self) -> int:
        return self.clock.timestamp()

    def next_message_id(self, chat: Chat) -> int:
        """Supergroups count for themselves, private chats and basic groups share the bot's own count.

        The first message of a supergroup tells of its creation and has the number of General.
        """
        if chat.kind == "supergroup":
            chat.last_message_id = max(chat.last_message_id, GENERAL) + 1
        else:
            self._private_message_id += 1
            chat.last_message_id = self._private_message_id
        return chat.last_message_id

    def user(self, user_id: int) -> User:
        found = self.users.get(user_id)
        if found is None:
            raise bad_request("user not found")
        return found

    def chat(self, chat_id: int) -> Chat:
        """The chat as people see it."""
        found = self.chats.get(chat_id)
        if found is None:
            raise bad_request("chat not found")
        return found

    def chats_of(self, user_id: int) -> list[Chat]:
        return [chat for chat in self.chats.values() if chat.has(user_id) and chat.migrated_to is None]

    def open_private_chat(self, user_id: int) -> Chat:
        """The chat of a person with the bot, made at the first word."""
        if user_id not in self.chats:
            members = {user_id: Member(user_id, "creator"), self.bot.id: Member(self.bot.id)}
            self.chats[user_id] = Chat(user_id, "private", self.bot.full_name, members=members)
        return self.chats[user_id]

    def takes_topics(self, chat: Chat) -> bool:
        return self.topics_in_private if chat.kind == "private" else chat.is_forum

    def new_supergroup_id(self) -> int:
        """Like the real ones: -100 and more digits than 32 bits hold."""
        return self._free(lambda: -1_000_000_000_000 - self.dice.randrange(2_200_000_000, 3_900_000_000))

    def new_user_id(self) -> int:
        return self._free(lambda: self.dice.randrange(5_000_000_000, 8_000_000_000))

    def _free(self, throw: Any) -> int:
        while (number := throw()) in self.chats or number in self.users:
            pass
        return number

    def token(self, length: int = 22) -> str:
        """Letters and digits that mean nothing."""
        return "".join(self.dice.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", k=length))
