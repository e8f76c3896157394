"""The control API of the simulated Telegram: look at everything, order faults, move the clock."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from sandbox.faults import Fault, FaultQueue
from sandbox.journal import Journal
from sandbox.on_demand import add_on_demand
from sandbox.telegram import orders
from sandbox.telegram.acts import Acts
from sandbox.telegram.bot_api import SYSTEM
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.events import Event
from sandbox.telegram.page_view import (
    mark_read,
    page_chat,
    page_message,
    page_state,
)
from sandbox.telegram.state import Chat, Message, TelegramState

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
            add_on_demand(router, path, answer, methods=["GET"])
        for path, act in {**Acts(self.state).routes(), **self._acts_on_the_sandbox()}.items():
            add_on_demand(router, path, act, methods=["POST"])
        add_on_demand(router, "/faults", self.clear_faults, methods=["DELETE"])
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
