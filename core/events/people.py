"""People who ask to be let in, the chats they bind, and the files they post."""

from typing import ClassVar
from uuid import UUID

from core.events.conversations import StaffAnswered, StaffWrote
from core.events.envelope import EventBody
from core.events.inspections import PhotoGiven


class AccessRequested(EventBody):
    """Somebody unknown wrote ``/start``; a manager decides."""

    kind: ClassVar[str] = "access.requested"
    tg_user_id: int
    name: str
    username: str | None
    language: str


class AccessDecided(EventBody):
    """A manager pressed a button under the request. ``role`` of None means refused."""

    kind: ClassVar[str] = "access.decided"
    tg_user_id: int
    name: str
    username: str | None
    language: str
    role: str | None
    branch: str | None


class RoleDecided(EventBody):
    """A manager pressed a button in the list of people. ``role`` of None means: works here no more."""

    kind: ClassVar[str] = "role.decided"
    person_id: UUID
    tg_user_id: int
    role: str | None


class StaffLinked(EventBody):
    """``/link_rentprog``: a person says which user of RentProg they are."""

    kind: ClassVar[str] = "staff.linked"
    person_id: UUID
    branch: str
    rentprog_id: int


class ForumBound(EventBody):
    """``/bind``: this forum now belongs to a branch. Rights were checked by the bot just before."""

    kind: ClassVar[str] = "forum.bound"
    chat_id: int
    title: str
    branch: str


class ChatChanged(EventBody):
    """Our membership or rights in a chat changed (``my_chat_member``), or the chat was migrated or lost its topics."""

    kind: ClassVar[str] = "chat.changed"
    chat_id: int
    title: str
    is_member: bool
    is_forum: bool
    missing_rights: tuple[str, ...] = ()


class MediaPosted(EventBody):
    """A person put a photo, video or file into a branch forum. Telegram's file id and what came with it."""

    kind: ClassVar[str] = "media.posted"
    chat_id: int
    thread_id: int | None
    message_id: int
    media_group_id: str | None
    person_id: UUID | None
    tg_user_id: int
    file_id: str
    file_unique_id: str
    file_name: str | None
    mime_type: str | None
    size: int | None
    media_kind: str
    words: StaffAnswered | PhotoGiven | StaffWrote | None = None
    """Where the file belongs to words of staff (a client's topic, a voice message, an inspection)."""


class MediaStored(EventBody):
    """The bytes are safe under ``storage_key``; only now may the message in the forum be deleted."""

    kind: ClassVar[str] = "media.stored"
    media_id: UUID
    storage_key: str
    chat_id: int
    thread_id: int | None
    message_id: int
    media_group_id: str | None
    tg_user_id: int
