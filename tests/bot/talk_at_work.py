"""A client's conversation shown in an employee's own group: real Postgres, a real storage, a real emulator."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from core.commands import (
    CommandBody,
    Priority,
    ShowClientMessage,
    ShowConversationCard,
    ShowSending,
)
from db.commands import Delivery
from db.queries import conversations, messages
from db.queries.conversations import Conversation
from db.queries.messages import Attachment, Message
from storage.location import open_storage
from tests.bot.outgoing_at_work import NOW, Outgoing

_numbers = count(1)


@dataclass
class Talk:
    """One conversation, the employee who holds it and the group where it is shown."""

    out: Outgoing
    chat_id: int
    person_id: UUID
    conversation: Conversation
    folder: str

    @property
    def id(self) -> UUID:
        return self.conversation.id

    # -- what there is -------------------------------------------------------------------------------------------

    async def change(self, **columns: Any) -> None:
        self.conversation = replace(self.conversation, **columns)
        async with self.out.db.transaction() as tx:
            await conversations.store(tx, self.conversation)

    async def wrote(self, original: str, **columns: Any) -> Message:
        """A message of the client, as the inbox stores it."""
        number = next(_numbers)
        given: dict[str, Any] = {"direction": "incoming", "author": "client", "delivery": "received"}
        given |= {"umnico_id": f"in-{number}", "sent_at": NOW + timedelta(seconds=number), **columns}
        message = Message(
            id=uuid4(),
            conversation_id=self.id,
            account_id=self.conversation.account_id,
            original=original,
            **given,
        )
        return await self.store(message)

    async def answered(self, original: str, **columns: Any) -> Message:
        """Words of the employee in the topic, with the row that keeps them."""
        thread_id = (await self.out.threads(self.chat_id))[0]
        sent = await self.out.telegram.act(
            "/send", person=self.out.telegram.guest, chat_id=self.chat_id, thread_id=thread_id, text=original or "…"
        )
        given: dict[str, Any] = {
            "direction": "outgoing",
            "author": "staff",
            "delivery": "pending",
            "umnico_id": None,
            "person_id": self.person_id,
            "chat_id": self.chat_id,
            "message_id": sent["message_ids"][0],
            **columns,
        }
        return await self.wrote(original, **given)

    async def store(self, message: Message) -> Message:
        async with self.out.db.transaction() as tx:
            await messages.store(tx, message)
        return message

    async def file(self, kind: str, data: bytes, *, name: str | None = None, mime: str | None = None) -> Attachment:
        """A file as the inbox keeps it."""
        storage = open_storage(f"file://{self.folder}", clock=self.out.clock)
        kept = await storage.put(data, content_type=mime or "application/octet-stream", filename=name)
        await storage.aclose()
        return Attachment(kind=kind, name=name, mime=mime, size=len(data), storage_key=kept.key)

    # -- what is shown -------------------------------------------------------------------------------------------

    async def show(self, message: Message) -> dict[str, Any]:
        body = ShowClientMessage(chat_id=self.chat_id, conversation_id=self.id, message_id=message.id)
        return await self.perform(body)

    async def show_sending(self, message: Message) -> dict[str, Any]:
        body = ShowSending(chat_id=self.chat_id, conversation_id=self.id, message_id=message.id)
        return await self.perform(body)

    async def show_card(self) -> dict[str, Any]:
        body = ShowConversationCard(chat_id=self.chat_id, conversation_id=self.id)
        return await self.perform(body, priority=Priority.CARD)

    async def perform(self, body: CommandBody, *, priority: Priority = Priority.CLIENT) -> dict[str, Any]:
        delivery = await self.out.perform(body, priority=priority)
        assert isinstance(delivery, Delivery), delivery
        return delivery.result

    async def said(self) -> list[dict[str, Any]]:
        """What stands in the group, the oldest first, without what people wrote themselves."""
        return [message for message in await self.out.said(self.chat_id) if message["from"]["is_bot"]]

    async def last(self) -> dict[str, Any]:
        return (await self.said())[-1]

    async def lines(self) -> list[str]:
        return (await self.last())["text"].splitlines()

    async def delivery_of(self, message: Message) -> str:
        (row,) = await self.out.sql("SELECT delivery FROM messages WHERE id = %(id)s", id=message.id)
        return row["delivery"]

    async def press(self, label: str) -> None:
        """Use a button of the last message up, as a press does (the handlers of presses have tests of their own)."""
        token = button(await self.last(), label)["callback_data"]
        await self.out.sql(
            "UPDATE buttons SET used_at = now(), used_by = 1 WHERE token = %(token)s RETURNING 1", token=token
        )

    async def events_behind(self, message: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """What each button of a message would record, by its label."""
        tokens = {one["text"]: one["callback_data"] for one in buttons(message) if "callback_data" in one}
        rows = await self.out.sql(
            "SELECT token, event_kind, payload, subject FROM buttons WHERE token = ANY(%(tokens)s)",
            tokens=list(tokens.values()),
        )
        by_token = {row["token"]: row for row in rows}
        return {label: by_token[token] for label, token in tokens.items()}


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for row in message.get("reply_markup", {}).get("inline_keyboard", []) for one in row]


def labels(message: dict[str, Any]) -> list[str]:
    return [one["text"] for one in buttons(message)]


def button(message: dict[str, Any], label: str) -> dict[str, Any]:
    return next(one for one in buttons(message) if label in one["text"])


async def talk_at_work(out: Outgoing, folder: str, *, language: str = "en", **columns: Any) -> Talk:
    """A conversation with Dana in the group of Nino, who holds it."""
    person_id = uuid4()
    chat_id = await out.telegram.group(title="Clients of Nino")
    await out.branch("tbilisi", language="ru")
    await out.put(
        "people",
        id=person_id,
        name="Nino",
        role="employee",
        branch="tbilisi",
        tg_user_id=out.telegram.owner,
        language=language,
        approved_at=NOW,
    )
    await out.put(
        "chats",
        chat_id=chat_id,
        purpose="personal_group",
        title="Clients of Nino",
        person_id=person_id,
        is_forum=True,
    )
    given: dict[str, Any] = {"contact_name": "Dana", "phone": "995555000111", "channel": "whatsapp", **columns}
    conversation = Conversation(
        id=conversations.id_of(7, 4100), account_id=7, lead_id=4100, branch="tbilisi", holder_id=person_id, **given
    )
    async with out.db.transaction() as tx:
        await conversations.store(tx, conversation)
        await conversations.show_at(tx, conversation.id, person_id)
    return Talk(out, chat_id, person_id, conversation, folder)
