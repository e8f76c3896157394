"""The acts of the control API: what people do in their chats, and what happens to groups and their members."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import File, Form, UploadFile

from sandbox.telegram import groups, orders, people
from sandbox.telegram.errors import bad_request
from sandbox.telegram.page_view import page_chat_row, page_message, page_topic, page_user
from sandbox.telegram.people import Whereabouts
from sandbox.telegram.state import Chat, TelegramState, User
from sandbox.telegram.validation import Upload

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Acts:
    """Each is posted to its path and reaches the bot as it would from the real service."""

    state: TelegramState

    def routes(self) -> dict[str, Callable[..., Any]]:
        return {**self._acts_of_people(), **self._acts_on_groups()}

    def _acts_of_people(self) -> dict[str, Callable[..., Any]]:
        return {
            "/send": self.send,
            "/send_media": self.send_media,
            "/edit": self.edit,
            "/press": self.press,
            "/react": self.react,
            "/start": self.start,
            "/block": self.block,
            "/join": self.join,
            "/drafts/stop": self.stop_draft,
            "/web_app": self.open_web_app,
            "/topics/create": self.create_topic,
            "/topics/delete": self.delete_topic,
            "/topics/close": self.close_topic,
            "/topics/reopen": self.reopen_topic,
        }

    def _acts_on_groups(self) -> dict[str, Callable[..., Any]]:
        return {
            "/users": self.add_user,
            "/users/{user_id}/deactivate": self.deactivate_user,
            "/chats": self.create_chat,
            "/chats/{chat_id}/forum": self.set_forum_mode,
            "/chats/{chat_id}/title": self.rename_chat,
            "/chats/{chat_id}/migrate": self.migrate_chat,
            "/chats/{chat_id}/delete": self.delete_chat,
            "/members/add": self.add_member,
            "/members/promote": self.promote_member,
            "/members/kick": self.kick_member,
        }

    async def send(self, order: orders.SendOrder) -> Json:
        where = Whereabouts(order.person, order.chat_id, order.thread_id, order.reply_to_message_id)
        content = {"location": order.location.model_dump()} if order.location else {"text": order.text}
        self.state.user(order.person)
        return {"message_ids": [people.say(self.state, where, content).message_id]}

    async def send_media(
        self,
        *,
        person: Annotated[int, Form(alias="as")],
        chat_id: Annotated[int, Form()],
        files: Annotated[list[UploadFile], File()],
        thread_id: Annotated[int | None, Form()] = None,
        caption: Annotated[str, Form()] = "",
        kind: Annotated[str | None, Form(pattern="^(photo|document|video|voice)$")] = None,
        reply_to_message_id: Annotated[int | None, Form()] = None,
    ) -> Json:
        self.state.user(person)
        where = Whereabouts(person, chat_id, thread_id, reply_to_message_id)
        uploads = [
            (kind or _kind_of(file), Upload(file.filename or "file", file.content_type or "", await file.read()))
            for file in files
        ]
        return {"message_ids": [message.message_id for message in people.show(self.state, where, uploads, caption)]}

    async def edit(self, order: orders.EditOrder) -> Json:
        message = people.edit(self.state, order.person, order.chat_id, order.message_id, order.text)
        return page_message(self.state, message)

    async def press(self, order: orders.PressOrder) -> Json:
        query = people.press(self.state, order.person, order.chat_id, order.message_id, order.callback_data)
        return {"callback_query_id": query.id}

    async def react(self, order: orders.ReactOrder) -> Json:
        people.react(self.state, order.person, order.chat_id, order.message_id, order.emoji)
        return {"ok": True}

    async def start(self, order: orders.StartOrder) -> Json:
        self.state.user(order.person)
        text = f"/start {order.payload}".strip()
        message = people.say(self.state, Whereabouts(order.person, order.person), {"text": text})
        return {"chat_id": order.person, "message_ids": [message.message_id]}

    async def block(self, order: orders.BlockOrder) -> Json:
        people.block_bot(self.state, self.state.user(order.person).id, is_blocked=order.is_blocked)
        return {"ok": True}

    async def join(self, order: orders.JoinOrder) -> Json:
        return {"is_inside": people.ask_to_join(self.state, self.state.user(order.person).id, order.invite_link)}

    async def stop_draft(self, order: orders.StopDraftOrder) -> Json:
        people.stop_draft(self.state, order.person, order.draft_id)
        return {"ok": True}

    async def open_web_app(self, order: orders.PersonOrder) -> Json:
        query_id = self.state.token()
        self.state.web_app_queries[query_id] = self.state.user(order.person).id
        return {"web_app_query_id": query_id}

    async def create_topic(self, order: orders.NewTopicOrder) -> Json:
        return page_topic(people.open_topic(self.state, order.person, order.chat_id, order.name))

    async def delete_topic(self, order: orders.TopicOrder) -> Json:
        people.remove_topic(self.state, order.chat_id, order.message_thread_id)
        return {"ok": True}

    async def close_topic(self, order: orders.TopicOrder) -> Json:
        people.close_topic(self.state, order.person, order.chat_id, order.message_thread_id, is_closed=True)
        return {"ok": True}

    async def reopen_topic(self, order: orders.TopicOrder) -> Json:
        people.close_topic(self.state, order.person, order.chat_id, order.message_thread_id, is_closed=False)
        return {"ok": True}

    async def add_user(self, order: orders.NewUserOrder) -> Json:
        user = User(**order.model_dump(exclude={"id"}), id=order.id or self.state.new_user_id())
        if user.id in self.state.users:
            raise bad_request("there is such a user already")
        self.state.users[user.id] = user
        return page_user(user)

    async def deactivate_user(self, user_id: int) -> Json:
        self.state.user(user_id).is_deactivated = True
        return {"ok": True}

    async def create_chat(self, order: orders.NewChatOrder) -> Json:
        kind = "group" if order.type == "group" else "supergroup"
        chat = groups.create_group(self.state, order.title, order.members, kind=kind, is_forum=order.is_forum)
        if order.with_bot:
            rights = orders.granted(order.bot_rights)
            groups.add_member(self.state, chat, self.state.bot.id)
            if rights != []:
                groups.promote_member(self.state, chat, self.state.bot.id, rights)
        return self._row(chat)

    async def set_forum_mode(self, chat_id: int, order: orders.ForumOrder) -> Json:
        chat = self.state.chat(chat_id)
        groups.set_forum_mode(self.state, chat, is_forum=order.is_forum)
        return self._row(chat)

    async def rename_chat(self, chat_id: int, order: orders.TitleOrder) -> Json:
        chat = self.state.chat(chat_id)
        groups.rename(self.state, chat, order.title)
        return self._row(chat)

    async def migrate_chat(self, chat_id: int) -> Json:
        return self._row(groups.migrate(self.state, self.state.chat(chat_id)))

    async def delete_chat(self, chat_id: int) -> Json:
        groups.delete_group(self.state, self.state.chat(chat_id))
        return {"ok": True}

    async def add_member(self, order: orders.MemberOrder) -> Json:
        chat = self.state.chat(order.chat_id)
        groups.add_member(self.state, chat, order.user_id)
        if order.rights:
            groups.promote_member(self.state, chat, order.user_id, orders.granted(order.rights))
        return self._row(chat)

    async def promote_member(self, order: orders.MemberOrder) -> Json:
        chat = self.state.chat(order.chat_id)
        groups.promote_member(self.state, chat, order.user_id, orders.granted(order.rights))
        return self._row(chat)

    async def kick_member(self, order: orders.MemberOrder) -> Json:
        chat = self.state.chat(order.chat_id)
        groups.kick_member(self.state, chat, order.user_id)
        return self._row(chat)

    def _row(self, chat: Chat) -> Json:
        return page_chat_row(self.state, chat, None)


def _kind_of(file: UploadFile) -> str:
    mime = file.content_type or ""
    if mime in {"image/jpeg", "image/png", "image/webp"}:
        return "photo"
    if mime.startswith("video/"):
        return "video"
    return "voice" if mime == "audio/ogg" else "document"
