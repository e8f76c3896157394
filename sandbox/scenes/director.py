"""The director: makes people write and press, cars move, clients write and webhooks get lost, by the control API."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from sandbox.scenes.clients import Clients

Json = dict[str, Any]


class Director:
    """One connection to a sandbox at ``base_url``. Ids are Telegram's and RentProg's own."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        # The sandbox closes a connection that rested for five seconds; one that rested as long is not used again.
        self._http = httpx.AsyncClient(base_url=base_url, timeout=30, limits=httpx.Limits(keepalive_expiry=2))
        self.clients = Clients(self._get, self._call)

    async def close(self) -> None:
        await self._http.aclose()

    # -- people --------------------------------------------------------------------------------------------------

    async def start(self, person: int) -> None:
        await self._post("telegram/start", {"as": person})

    async def say(self, person: int, chat_id: int, text: str, *, thread_id: int | None = None) -> int:
        """Write into a chat; the number of the message."""
        told = await self._post(
            "telegram/send", {"as": person, "chat_id": chat_id, "thread_id": thread_id, "text": text}
        )
        return told.get("message_id") or told["message_ids"][0]

    async def post_photos(
        self, person: int, chat_id: int, photos: Sequence[bytes], *, thread_id: int | None = None, caption: str = ""
    ) -> list[int]:
        """Several photos make an album; the numbers of the messages."""
        files = [(f"photo{n}.png", photo, "image/png") for n, photo in enumerate(photos)]
        return await self._post_media(person, chat_id, files, "photo", thread_id=thread_id, caption=caption)

    async def post_file(
        self, person: int, chat_id: int, name: str, data: bytes, *, mime: str = "", thread_id: int | None = None
    ) -> int:
        """Something sent as a file, at its full size and with its metadata; the number of the message."""
        sent = await self._post_media(person, chat_id, [(name, data, mime)], "document", thread_id=thread_id)
        return sent[0]

    async def _post_media(
        self,
        person: int,
        chat_id: int,
        files: Sequence[tuple[str, bytes, str]],
        kind: str,
        *,
        thread_id: int | None = None,
        caption: str = "",
    ) -> list[int]:
        fields: dict[str, str] = {"as": str(person), "chat_id": str(chat_id), "caption": caption, "kind": kind}
        if thread_id is not None:
            fields["thread_id"] = str(thread_id)
        uploads = [("files", file) for file in files]
        answer = await self._http.post("/_sandbox/telegram/send_media", data=fields, files=uploads)
        return _json(answer)["message_ids"]

    async def press(self, person: int, chat_id: int, message: Json, label: str) -> None:
        """Press the button whose text contains ``label``."""
        for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
            for button in row:
                if label in button["text"]:
                    order = {"as": person, "chat_id": chat_id, "message_id": message["message_id"]}
                    await self._post("telegram/press", order | {"callback_data": button["callback_data"]})
                    return
        raise LookupError(f"no button {label!r} under message {message['message_id']}")

    async def delete_topic(self, chat_id: int, thread_id: int) -> None:
        await self._post("telegram/topics/delete", {"chat_id": chat_id, "message_thread_id": thread_id})

    # -- what can be seen ------------------------------------------------------------------------------------------

    async def people(self) -> list[Json]:
        return (await self._get("telegram/state"))["users"]

    async def chats(self) -> list[Json]:
        return (await self._get("telegram/state"))["chats"]

    async def topics(self, chat_id: int) -> list[Json]:
        return (await self._get(f"telegram/chats/{chat_id}"))["topics"]

    async def messages(self, chat_id: int, *, thread_id: int | None = None) -> list[Json]:
        return (await self._get(f"telegram/chats/{chat_id}/messages", thread_id=thread_id, limit=200))["messages"]

    async def telegram_calls(self, method: str | None = None, *, since: int = 0) -> list[Json]:
        """The journal of calls that the bot made."""
        calls = (await self._get("telegram/journal", since=since))["calls"]
        return [call for call in calls if method in {None, call["method"]}]

    # -- the company -----------------------------------------------------------------------------------------------

    async def company(self) -> Json:
        return await self._get("rentprog/state")

    async def act(self, path: str, **order: Any) -> Json:
        """Do something in RentProg: ``act("cars/61000/move", to_branch="tbilisi", twice=True)``."""
        return await self._post(f"rentprog/{path}", order)

    async def webhooks(self) -> list[Json]:
        return (await self._get("rentprog/webhooks"))["deliveries"]

    async def all_are_posted(self) -> bool:
        """Whether RentProg has posted, and heard or given up, whatever it had to post."""
        return not (await self._get("rentprog/webhooks"))["is_posting"]

    async def aim_webhooks(self, jarvis_url: str) -> None:
        await self._post("rentprog/webhooks/target", {"url": jarvis_url})

    async def is_up(self) -> bool:
        try:
            return (await self._http.get("/_sandbox/telegram/state")).is_success
        except httpx.TransportError:
            return False

    async def _get(self, path: str, **query: Any) -> Any:
        asked = {name: value for name, value in query.items() if value is not None}
        return _json(await self._http.get(f"/_sandbox/{path}", params=asked))

    async def _post(self, path: str, order: Mapping[str, Any]) -> Json:
        told = {name: value for name, value in order.items() if value is not None}
        return await self._call("POST", path, told)

    async def _call(self, method: str, path: str, order: Json | None) -> Any:
        return _json(await self._http.request(method, f"/_sandbox/{path}", json=order))


def _json(answer: httpx.Response) -> Any:
    if not answer.is_success:
        raise RuntimeError(f"the sandbox refused {answer.request.url.path}: {answer.status_code} {answer.text[:300]}")
    return answer.json() if answer.content else {}
