"""A personal group with the topic of one client, as staff find it."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from core.ids import new_id
from db.queries import chats, conversations
from db.queries.conversations import Conversation

ACCOUNT = 100500


@dataclass(frozen=True)
class Room:
    """The group of ``owner_id`` (a person's id) and the topic of a conversation in it."""

    stage: Any
    chat_id: int
    thread_id: int
    owner_id: UUID
    conversation: Conversation

    async def say(self, who: Any, text: str) -> int:
        """Said in the topic; the circle turns."""
        message_id = await self.stage.say(who.telegram_id, text, chat_id=self.chat_id, thread_id=self.thread_id)
        await self.stage.turn()
        return message_id

    async def told(self, who: Any, text: str) -> str:
        """The newest answer of the bot after it was said."""
        await self.say(who, text)
        return str((await self.stage.last(self.chat_id))["text"])

    async def answers(self) -> list[dict[str, Any]]:
        return await self.stage.events("conversation.answered")

    async def steered(self) -> list[dict[str, Any]]:
        return [event["payload"] for event in await self.stage.events("conversation.steered")]

    async def change(self, **told: Any) -> None:
        async with self.stage.db.transaction() as tx:
            now = await conversations.lock(tx, self.conversation.id)
            assert now is not None
            await conversations.store(tx, replace(now, **told))


async def person_id(stage: Any, who: Any) -> UUID:
    [row] = await stage.rows("SELECT id FROM people WHERE tg_user_id = %s", who.telegram_id)
    return row["id"]


async def group_of(stage: Any, *members: Any, **details: Any) -> int:
    """A forum of these people in Telegram that is nobody's yet."""
    body = {"title": "Clients", "members": [one.telegram_id for one in members], "is_forum": True} | details
    return int((await stage.post("/chats", **body))["id"])


async def room_of(stage: Any, owner: Any, *others: Any) -> Room:
    """Everybody is hired; the group is bound to ``owner``, who holds the conversation."""
    for one in (owner, *others):
        await stage.hire(one)
    owner_id = await person_id(stage, owner)
    chat_id = await group_of(stage, owner, *others)
    made = Conversation(
        id=conversations.id_of(ACCOUNT, 777),
        account_id=ACCOUNT,
        lead_id=777,
        channel="whatsapp",
        branch="tbilisi",
        holder_id=owner_id,
    )
    topic = await stage.post("/topics/create", **{"as": owner.telegram_id, "chat_id": chat_id, "name": "Anna"})
    thread_id = int(topic["message_thread_id"])
    async with stage.db.transaction() as tx:
        await chats.bind_group(
            tx, chat_id, title="Clients", person_id=owner_id, purpose="personal_group", bound_by="test"
        )
        await conversations.store(tx, made)
        await tx.run(
            """INSERT INTO topics (id, chat_id, entity, version, state, thread_id, name, live_at)
               VALUES (%s, %s, %s, 1, 'live', %s, 'Anna', now())""",
            (new_id(), chat_id, made.entity, thread_id),
        )
    return Room(stage, chat_id, thread_id, owner_id, made)
