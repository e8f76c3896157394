"""The control API of the simulated Telegram: look at everything, act as a person, order faults, move the clock."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, UploadFile
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from sandbox.faults import Fault, FaultQueue
from sandbox.journal import Journal
from sandbox.telegram import groups, orders, people
from sandbox.telegram.bot_api import SYSTEM
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.events import Event
from sandbox.telegram.page_view import (
    mark_read,
    page_chat,
    page_chat_row,
    page_message,
    page_state,
    page_topic,
    page_user,
)
from sandbox.telegram.people import Whereabouts
from sandbox.telegram.state import Chat, Message, TelegramState, User
from sandbox.telegram.validation import Upload

Json = dict[str, Any]

PREFIX = "/_sandbox/telegram"
HEARTBEAT_S = 15.0
# The browser shows these where they stand; everything else is only ever downloaded.
SHOWN_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif", "video/", "audio/")

Viewer = Annotated[int | None, Query(alias="as")]


@dataclass(frozen=True, slots=True)
class Control:
    """Everything that a test, the demo or the chat page may do to the simulated Telegram."""

    state: TelegramState
    faults: FaultQueue
    journal: Journal
    plant: Callable[[TelegramState], None]
    is_strict: bool

    def router(self) -> APIRouter:
        router = APIRouter(prefix=PREFIX, include_in_schema=False)
        for path, answer in self._reads().items():
            router.add_api_route(path, answer, methods=["GET"])
        for path, act in {**self._acts_of_people(), **self._acts_on_groups(), **self._acts_on_the_sandbox()}.items():
            router.add_api_route(path, act, methods=["POST"])
        router.add_api_route("/faults", self.clear_faults, methods=["DELETE"])
        return router

    def _reads(self) -> dict[str, Callable[..., Any]]:
        return {
            "/state": self.look,
            "/chats/{chat_id}": self.look_at_chat,
            "/chats/{chat_id}/messages": self.read_messages,
            "/callbacks/{query_id}": self.look_at_callback,
            "/events": self.stream_events,
            "/files/{file_id}": self.show_file,
            "/journal": self.read_journal,
            "/faults": self.look_at_faults,
        }

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

    def _acts_on_the_sandbox(self) -> dict[str, Callable[..., Any]]:
        return {
            "/faults": self.add_fault,
            "/clock": self.advance_clock,
            "/limits": self.set_limits,
            "/modes": self.set_modes,
            "/reset": self.reset,
        }

    async def look(self, viewer: Viewer = None) -> Json:
        return page_state(self.state, viewer)

    async def look_at_chat(self, chat_id: int, viewer: Viewer = None) -> Json:
        return page_chat(self.state, self._visible(chat_id, viewer), viewer)

    async def read_messages(
        self,
        chat_id: int,
        viewer: Viewer = None,
        thread_id: int | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        before: int | None = None,
    ) -> Json:
        """The newest `limit` messages before the given one, oldest first; thread 0 is General."""
        chat = self._visible(chat_id, viewer)
        found: list[Message] = []
        for message in reversed(chat.messages.values()):
            is_in_thread = thread_id is None or (message.topic_id or 0) == thread_id
            if is_in_thread and (before is None or message.message_id < before):
                found.append(message)
            if len(found) == limit:
                break
        if viewer is not None:
            mark_read(self.state, chat, viewer, found)
        return {"messages": [page_message(self.state, message) for message in reversed(found)]}

    async def look_at_callback(self, query_id: str) -> Json:
        query = self.state.callbacks.get(query_id)
        if query is None:
            raise bad_request("callback query not found")
        shown: Json = {"callback_query_id": query.id, "user_id": query.user_id, "answered": query.answer is not None}
        return shown | (query.answer or {})

    async def stream_events(self, viewer: Viewer = None) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._event_lines(viewer), media_type="text/event-stream", headers=headers)

    async def _event_lines(self, viewer: int | None) -> AsyncIterator[str]:
        with self.state.events.subscribe(lambda event: self._concerns(event, viewer)) as subscriber:
            yield ": connected\n\n"
            async for event in subscriber.events(HEARTBEAT_S):
                yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n" if event else ": still here\n\n"

    def _concerns(self, event: Event, viewer: int | None) -> bool:
        """A person sees what happens in their chats, and answers that are meant for them."""
        if viewer is None or event["type"] == "reset":
            return True
        chat = self.state.chats.get(event["chat_id"])
        # A chat event also tells somebody who was just put out.
        is_there = chat is not None and (chat.has(viewer) or (event["type"] == "chat" and viewer in chat.members))
        return is_there and event.get("user_id", viewer) == viewer

    async def show_file(self, file_id: str) -> Response:
        stored = self.state.files.by_id(file_id)
        is_shown = stored.mime_type.startswith(SHOWN_TYPES)
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        if not is_shown:
            headers["Content-Disposition"] = "attachment"
        return Response(stored.data, media_type=stored.mime_type, headers=headers)

    async def read_journal(self, since: int = 0) -> Json:
        return {"calls": [entry.as_json() for entry in self.journal.since(since, SYSTEM)]}

    async def look_at_faults(self) -> Json:
        return {
            "faults": [
                {"method": fault.operation, "chat_id": fault.destination, "times": fault.times}
                for fault in self.faults.waiting(SYSTEM)
            ]
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

    async def add_fault(self, order: orders.FaultOrder) -> Json:
        destination = None if order.chat_id is None else str(order.chat_id)
        details = order.model_dump(exclude={"method", "chat_id"})
        if order.retry_after is not None and order.error_code is None:
            details["error_code"] = 429
        self.faults.add(Fault(SYSTEM, order.method, destination, **details))
        return {"ok": True}

    async def clear_faults(self) -> Json:
        self.faults.clear(SYSTEM)
        return {"ok": True}

    async def advance_clock(self, order: orders.ClockOrder) -> Json:
        self.state.clock.advance(order.advance_s)
        self.state.updates.wake()
        return {"now": self.state.clock.now().isoformat()}

    async def set_limits(self, order: orders.LimitsOrder) -> Json:
        self.state.limiter.is_enabled = order.enabled
        return {"enabled": order.enabled}

    async def set_modes(self, order: orders.ModesOrder) -> Json:
        for name, wanted in order.model_dump(exclude_none=True).items():
            setattr(self.state, name, wanted)
        return {
            "topics_in_private": self.state.topics_in_private,
            "reads_all_group_messages": self.state.reads_all_group_messages,
        }

    async def reset(self) -> Json:
        """Back to the beginning: the journal goes on, the bot's webhook and polls stay."""
        self.state.empty()
        self.plant(self.state)
        self.faults.clear(SYSTEM)
        self.state.limiter.is_enabled = self.is_strict
        self.state.events.publish({"type": "reset"})
        return {"ok": True}

    def _visible(self, chat_id: int, viewer: int | None) -> Chat:
        chat = self.state.chat(chat_id)
        if viewer is not None and not chat.has(viewer):
            raise ApiError(403, "Forbidden: the person is not in this chat")
        return chat

    def _row(self, chat: Chat) -> Json:
        return page_chat_row(self.state, chat, None)


def _kind_of(file: UploadFile) -> str:
    mime = file.content_type or ""
    if mime in {"image/jpeg", "image/png", "image/webp"}:
        return "photo"
    if mime.startswith("video/"):
        return "video"
    return "voice" if mime == "audio/ogg" else "document"
