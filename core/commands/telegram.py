"""What the bot does in Telegram."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from core.commands.envelope import CommandBody, Repeat
from core.commands.texts import Button, Text
from core.events.conversations import StaffAnswered, StaffWrote
from core.events.inspections import PhotoGiven


def chat_destination(chat_id: int) -> str:
    """The queue of one Telegram chat: all topics of a forum share its budget."""
    return f"telegram:{chat_id}"


class TelegramCommand(CommandBody):
    system: ClassVar[str] = "telegram"
    chat_id: int


class SendMessage(TelegramCommand):
    """A text into a chat, into the topic of ``entity`` when given (opened when missing), else to ``thread_id``."""

    kind: ClassVar[str] = "telegram.send_message"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    text: Text
    language: str | None = None
    entity: str | None = None
    thread_id: int | None = None
    reply_to: int | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    is_silent: bool = False


class ShowCarCard(TelegramCommand):
    """Bring the pinned card of a car up to date; the state is read when it is performed, so the newest one shows."""

    kind: ClassVar[str] = "telegram.show_car_card"
    repeat: ClassVar[Repeat] = Repeat.SAFE
    car_id: UUID


class CloseTopic(TelegramCommand):
    """Say why in the topic of ``entity`` and close it; nothing happens where no topic is open."""

    kind: ClassVar[str] = "telegram.close_topic"
    repeat: ClassVar[Repeat] = Repeat.SAFE
    entity: str
    farewell: Text
    link_chat_id: int | None = None
    """When set, a link to the topic of the same entity in that chat follows the farewell."""


class KeepMedia(TelegramCommand):
    """Download a file that a person posted and put it into storage; ends in ``media.stored``, or in ``words``."""

    kind: ClassVar[str] = "telegram.keep_media"
    repeat: ClassVar[Repeat] = Repeat.SAFE
    thread_id: int | None
    message_id: int
    media_group_id: str | None
    tg_user_id: int
    person_id: UUID | None
    file_id: str
    file_unique_id: str
    file_name: str | None
    mime_type: str | None
    size: int | None
    media_kind: str
    words: StaffAnswered | PhotoGiven | StaffWrote | None = None
    """What staff said with the file: recorded with it, in place of ``media.stored``."""


class DeleteMessages(TelegramCommand):
    kind: ClassVar[str] = "telegram.delete_messages"
    repeat: ClassVar[Repeat] = Repeat.SAFE
    message_ids: tuple[int, ...]


class EditMessage(TelegramCommand):
    """Replace the text of a known message and take its buttons away (a decided request, for example)."""

    kind: ClassVar[str] = "telegram.edit_message"
    repeat: ClassVar[Repeat] = Repeat.SAFE
    message_id: int
    text: Text
    language: str | None = None


class TellAlarm(TelegramCommand):
    """Say an open alarm with its count of that moment. One that was cleared, or opened anew since, is not said."""

    kind: ClassVar[str] = "telegram.tell_alarm"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    key: str
    opened_at: datetime


class ShowClientMessage(TelegramCommand):
    """One client message is one message in the topic: sent once, edited when its translation or its text changes.

    The state is read when it is performed, so the newest one shows.
    """

    kind: ClassVar[str] = "telegram.show_client_message"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    conversation_id: UUID
    message_id: UUID


class ShowSending(TelegramCommand):
    """Under what staff wrote: what the client gets, and how far it is, with buttons where a person must act."""

    kind: ClassVar[str] = "telegram.show_sending"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    conversation_id: UUID
    message_id: UUID


class ShowConversationCard(TelegramCommand):
    """Bring the pinned card and the topic's name of a conversation up to date."""

    kind: ClassVar[str] = "telegram.show_conversation_card"
    repeat: ClassVar[Repeat] = Repeat.SAFE
    conversation_id: UUID


class ShowDraft(TelegramCommand):
    kind: ClassVar[str] = "telegram.show_draft"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    conversation_id: UUID
    draft_id: UUID


class ShowTaskCard(TelegramCommand):
    """Bring a task's card up to date: in a topic of its own in a group of tasks, else as an answer to ``reply_to``.

    ``is_group``: the chat is, or is about to become, its assignee's group of tasks.
    """

    kind: ClassVar[str] = "telegram.show_task_card"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    task_id: UUID
    thread_id: int | None = None
    reply_to: int | None = None
    is_group: bool = False


class ShowApproval(TelegramCommand):
    """The card of an approval: exactly what would be done, for whom, until when."""

    kind: ClassVar[str] = "telegram.show_approval"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    approval_id: UUID


class ShowForm(TelegramCommand):
    """Bring the form of an inspection up to date in the private chat of whoever does it: the step that is asked."""

    kind: ClassVar[str] = "telegram.show_form"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    inspection_id: UUID
    is_new: bool = False
    """Send it anew below what was said since; else the last one is edited."""


class ShowInspection(TelegramCommand):
    """The card of an inspection in a topic of its car, edited as it goes on."""

    kind: ClassVar[str] = "telegram.show_inspection"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    inspection_id: UUID


class ShowFinding(TelegramCommand):
    """One finding in the car's topic: the picture with its mark, and buttons for the person who decides."""

    kind: ClassVar[str] = "telegram.show_finding"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    inspection_id: UUID
    finding_id: UUID


class ShowMileage(TelegramCommand):
    """The question which mileage of an inspection is right, with buttons; once it is answered, who answered what."""

    kind: ClassVar[str] = "telegram.show_mileage"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    inspection_id: UUID


class ShowPairs(TelegramCommand):
    """The registered pairs before and after as albums, for eyes that look for what the machine missed."""

    kind: ClassVar[str] = "telegram.show_pairs"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    inspection_id: UUID
    thread_id: int | None = None


class ArchiveInspection(TelegramCommand):
    """All material of an inspection into the archive chat, which people only read."""

    kind: ClassVar[str] = "telegram.archive_inspection"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    inspection_id: UUID
