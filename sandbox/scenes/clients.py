"""The director's verbs for clients: they write, send photos, speak; their messengers break; the model has a script."""

from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from sandbox.llm.scripts import script_named
from sandbox.llm.voice import voice

Json = dict[str, Any]
Call = Callable[..., Awaitable[Any]]


class Clients:
    """``client`` is the key of a correspondent (``david``) or any address of a channel. Part of the director."""

    def __init__(self, read: Call, write: Call) -> None:
        self._read = read
        self._write = write

    # -- what clients do -------------------------------------------------------------------------------------------

    async def writes(
        self, client: str, text: str, channel: str | None = None, *, attachments: Sequence[Json] = (), **act: Any
    ) -> Json:
        """The lead's and the message's id. ``act`` is how the webhook goes: ``twice``, ``webhook=False``, ``bare``."""
        who = await self._who(client, channel)
        return await self._write("POST", "umnico/write", {**who, "text": text, "attachments": list(attachments), **act})

    async def sends_photos(self, client: str, photos: Sequence[bytes], text: str = "", **act: Any) -> list[Json]:
        """Several photos come as so many messages close together, the words under the first."""
        told = []
        for number, photo in enumerate(photos):
            sent = attachment("photo", f"photo{number + 1}.png", "image/png", photo)
            told.append(await self.writes(client, text if number == 0 else "", attachments=[sent], **act))
        return told

    async def sends_album(self, client: str, photos: Sequence[bytes], text: str = "", **act: Any) -> Json:
        """Several photos in one message, under one text."""
        files = [attachment("photo", f"photo{n}.png", "image/png", photo) for n, photo in enumerate(photos, start=1)]
        return await self.writes(client, text, attachments=files, **act)

    async def speaks(self, client: str, text: str, *, seconds: int = 3, **act: Any) -> Json:
        """A voice message with nothing but these words in it."""
        sent = attachment("audio", "voice.ogg", "audio/ogg", voice(text, seconds=seconds))
        return await self.writes(client, "", attachments=[sent], **act)

    async def edits(self, message_id: str, text: str) -> Json:
        return await self._write("POST", "umnico/edit", {"message_id": message_id, "text": text})

    async def operator_writes(self, client: str, text: str) -> Json:
        """Somebody of the company answers in Umnico's own window, behind Jarvis's back."""
        screen = await self.screen(client)
        return await self._write("POST", "umnico/operator", {"lead_id": screen["lead_id"], "text": text})

    async def correspondents(self) -> list[Json]:
        """Who may write: key, name, channel, address, language, and RentProg's number where they are a client."""
        return await self._read("correspondents")

    # -- what clients see --------------------------------------------------------------------------------------------

    async def screen(self, client: str) -> Json:
        """The client's own screen: ``lead_id`` and what they ``saw``; without a lead it is empty."""
        login = (await self._who(client, None))["login"]
        screens: list[Json] = await self._read("umnico/clients")
        return next((screen for screen in screens if screen["login"] == login), {"lead_id": None, "saw": []})

    async def messages(self, client: str) -> list[Json]:
        """What reached the client from the company, oldest first."""
        return [message for message in (await self.screen(client))["saw"] if message["from"] == "company"]

    async def umnico_calls(self, operation: str | None = None, *, since: int = 0) -> list[Json]:
        """The journal of calls that Jarvis made to Umnico."""
        calls: list[Json] = await self._read("umnico/journal", since=since)
        return [call for call in calls if operation in {None, call["method"]}]

    async def webhooks(self) -> list[Json]:
        """The webhooks that are registered: ``status`` is 1 while one is on."""
        return (await self._read("umnico/state"))["webhooks"]

    async def all_is_told(self) -> bool:
        return not (await self._read("umnico/webhooks"))["is_posting"]

    # -- what goes wrong with Umnico -----------------------------------------------------------------------------------

    async def switch_hook_off(self) -> None:
        """As Umnico does after failures in a row; what clients write from now on is told to nobody."""
        await self._write("POST", "umnico/hooks/off", {})

    async def refuse_send(self, *, times: int = 1, status: int = 422, words: str = "The client blocked us") -> None:
        await self._umnico_fault(operation="send", times=times, status=status, body={"message": words})

    async def lose_answer_of_send(self, *, times: int = 1) -> None:
        """The client gets the message, and we never hear of it."""
        await self._umnico_fault(operation="send", times=times, drop=True, effect=True)

    async def umnico_down(self, *, times: int = 100) -> None:
        await self._umnico_fault(times=times, status=503)

    async def umnico_up(self) -> None:
        await self._write("DELETE", "umnico/faults", None)

    async def let_links_die(self) -> None:
        await self._write("POST", "umnico/links/expire", {})

    async def _umnico_fault(self, **fault: Any) -> None:
        await self._write("POST", "umnico/faults", fault)

    # -- the model -----------------------------------------------------------------------------------------------------

    async def follow_script(self, script: str | Json) -> None:
        """The model plays this scene from now on: a script by its name, or one made for the day (`lines.py`)."""
        await self._write("PUT", "llm/script", script_named(script) if isinstance(script, str) else script)

    async def model_says(self, rule: Mapping[str, Any]) -> None:
        """One rule more, before all others."""
        await self._write("POST", "llm/rules", {"rule": dict(rule)})

    async def model_down(self, *, times: int = 10_000, status: int = 503) -> None:
        await self._write("POST", "llm/faults", {"times": times, "status": status})

    async def model_up(self) -> None:
        await self._write("DELETE", "llm/faults", None)

    async def model_calls(self, *, since: int = 0) -> list[Json]:
        return (await self._read("llm/journal", since=since))["calls"]

    async def _who(self, client: str, channel: str | None) -> Json:
        known = await self.correspondents()
        found = next((one for one in known if one["key"] == client), None)
        if found is None:
            return {"channel": channel or "whatsapp", "login": client}
        return {"channel": channel or found["channel"], "login": found["login"], "name": found["name"]}


def attachment(kind: str, name: str, mime: str, content: bytes) -> Json:
    return {"type": kind, "name": name, "mime": mime, "content_base64": b64encode(content).decode()}
