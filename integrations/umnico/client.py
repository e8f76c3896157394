"""The client of Umnico's API 1.3 for one account: a `UmnicoApi` over HTTP."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from core.clock import Clock
from core.errors import AnswerLost, Broken, Rejected, Temporary
from integrations.http import Answer, Call, CallKind, HttpLink, Pace, Patience, RateBudget, Timer, Upload
from integrations.umnico import answers
from integrations.umnico.api import (
    Account,
    ChannelAccount,
    File,
    FirstMessage,
    HistoryPage,
    InboxPage,
    Operator,
    Outgoing,
    Source,
    Webhook,
)
from integrations.umnico.attachments import UploadedMedia, kind_of
from integrations.umnico.downloads import download, origin_of
from integrations.umnico.models import Place
from integrations.umnico.phones import phone_digits
from integrations.umnico.pieces import LONGEST_TEXT
from integrations.umnico.refusals import SYSTEM, Refused, refusal
from integrations.umnico.wire_json import BadJsonError, read_json

NO_CONTENT = 204


def budget_for(per_minute: int, *, timer: Timer | None = None) -> RateBudget:
    """One account's budget: so many reads, writes and checks of contacts a minute. The vendor documents no limit."""
    return RateBudget({kind: Pace(per_minute) for kind in (CallKind.GET, CallKind.WRITE, CallKind.SEARCH)}, timer)


class UmnicoClient:
    """See `UmnicoApi` for what the methods promise."""

    def __init__(
        self,
        token: str,
        account_id: int,
        *,
        base_url: str,
        budget: RateBudget,
        http: httpx.AsyncClient,
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        """``base_url`` ends in the version: ``https://api.umnico.com/v1.3``."""
        self.account_id = account_id
        self._token = token
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._link = HttpLink(SYSTEM, http=http, budget=budget, clock=clock, patience=patience)
        # Files lie on other servers: their 429 must not hold the calls to Umnico.
        self._files = HttpLink(SYSTEM, http=http, budget=RateBudget({}, budget.timer), clock=clock, patience=patience)

    # -- the account ---------------------------------------------------------------------------------------------------

    async def account(self) -> Account:
        return answers.read_account(await self._get("/account/me"))

    async def operators(self) -> tuple[Operator, ...]:
        return answers.read_operators(await self._get("/managers"))

    async def channel_accounts(self) -> tuple[ChannelAccount, ...]:
        return answers.read_channel_accounts(await self._get("/integrations"))

    # -- what was written ----------------------------------------------------------------------------------------------

    async def inbox_page(self, *, offset: int = 0, limit: int = 50) -> InboxPage:
        asked = {"offset": offset, "limit": limit, "source_types": "message"}
        told = await self._get("/leads/inbox", params=asked)
        return answers.read_inbox(told, account_id=self.account_id, offset=offset, now=self._clock.now())

    async def sources(self, lead_id: int) -> tuple[Source, ...]:
        return answers.read_sources(await self._get(f"/messaging/{lead_id}/sources", name="/messaging/{lead}/sources"))

    async def history_page(self, lead_id: int, source_real_id: str, *, cursor: str | None = None) -> HistoryPage:
        told = await self._request(
            "POST",
            f"/messaging/{lead_id}/history/{_part(source_real_id)}",
            name="/messaging/{lead}/history/{source}",
            kind=CallKind.GET,
            json={} if cursor is None else {"cursor": cursor},
        )
        place = Place(self.account_id, lead_id, source_real_id=source_real_id)
        return answers.read_history(told, place, now=self._clock.now())

    async def download(self, src: str) -> File:
        return await download(self._files, src, trusted_origin=origin_of(self._base_url))

    # -- what we write -------------------------------------------------------------------------------------------------

    async def send(self, lead_id: int, message: Outgoing) -> str | None:
        body: dict[str, Any] = {
            "message": _content(message.text, message.attachment),
            "source": message.source_real_id,
            "userId": message.operator_id,
            "customId": message.custom_id,
        }
        if message.sa_id is not None:
            body["saId"] = message.sa_id
        told = await self._write("POST", f"/messaging/{lead_id}/send", body, name="/messaging/{lead}/send")
        return answers.sent_message_id(told)

    async def write_first(self, message: FirstMessage) -> int:
        digits = phone_digits(message.phone)
        if digits is None:
            raise Rejected("a first message needs a phone number with its country code")
        body = {
            "message": _content(message.text, message.attachment),
            "destination": digits,
            "saId": message.sa_id,
            "customId": message.custom_id,
        }
        return answers.begun_lead(await self._write("POST", "/messaging/post", body))

    async def upload(self, file: File, *, sa_id: int) -> UploadedMedia:
        upload = Upload("media", file.filename, file.content, file.mime, beside={"saId": str(sa_id)})
        told = await self._request("POST", "/messaging/upload", kind=CallKind.WRITE, upload=upload)
        return UploadedMedia(kind_of(file.mime), answers.uploaded_src(told), file.filename, file.mime)

    async def is_reachable(self, sa_id: int, chat_id: str) -> bool:
        asked = {"saId": sa_id, "chatId": chat_id}
        try:
            await self._request("POST", "/messaging/check-contact", kind=CallKind.SEARCH, json=asked)
        except Refused:
            return False
        return True

    async def add_tag(self, lead_id: int, tag: str) -> None:
        await self._request("POST", f"/tags/{lead_id}/{_part(tag)}", name="/tags/{lead}/{tag}", kind=CallKind.WRITE)

    # -- webhooks ------------------------------------------------------------------------------------------------------

    async def webhooks(self) -> tuple[Webhook, ...]:
        return answers.read_webhooks(await self._get("/webhooks"))

    async def create_webhook(self, url: str, name: str) -> Webhook:
        """Not repeated blindly: a second one with the same address would be refused anyway."""
        return answers.read_webhook(await self._write("POST", "/webhooks", {"url": url, "name": name}))

    async def switch_on_webhook(self, webhook_id: int) -> None:
        path = f"/webhooks/{webhook_id}"
        await self._request("PUT", path, name="/webhooks/{id}", kind=CallKind.WRITE, json={"status": 1})

    # -- the wire ------------------------------------------------------------------------------------------------------

    async def _get(self, path: str, *, name: str | None = None, params: Mapping[str, str | int] | None = None) -> Any:
        return await self._request("GET", path, name=name, kind=CallKind.GET, params=params)

    async def _write(self, method: str, path: str, body: Mapping[str, Any], *, name: str | None = None) -> Any:
        """A write that must not happen twice by itself."""
        return await self._request(method, path, name=name, kind=CallKind.WRITE, json=body, is_repeatable=False)

    async def _request(
        self,
        method: str,
        path: str,
        *,
        kind: CallKind,
        name: str | None = None,
        params: Mapping[str, str | int] | None = None,
        json: Any = None,
        upload: Upload | None = None,
        is_repeatable: bool = True,
    ) -> Any:
        """The JSON of the answer; None where Umnico says that there is nothing."""
        call = Call(
            f"{method} {name or path}",
            method,
            self._base_url + path,
            kind,
            params=params,
            headers={"Accept": "application/json", "Authorization": f"Bearer {self._token}"},
            json=json,
            upload=upload,
            is_repeatable=is_repeatable,
        )
        answer = await self._link.send(call)
        if error := refusal(answer, call.name):
            raise error
        return _json_of(answer, call)


def _json_of(answer: Answer, call: Call) -> Any:
    is_empty = not answer.body.strip()
    if answer.status == NO_CONTENT or (is_empty and call.kind is not CallKind.GET):
        return None
    if is_empty:
        # An empty page would end a history or an inbox in silence: only 204 says that there is nothing.
        raise _unreadable(call, "the answer is empty")
    if answer.is_html:
        raise _unreadable(call, "a web page came instead of JSON")
    try:
        return read_json(answer.body)
    except BadJsonError as error:
        raise _unreadable(call, str(error)) from None


def _unreadable(call: Call, why: str) -> Temporary:
    """An answer of 2xx that nobody can read: what it answers may have happened, so a write is not tried again."""
    text = f"{SYSTEM}: {call.name}: {why}"
    return Temporary(text) if call.is_repeatable else AnswerLost(text)


def _content(text: str, attachment: UploadedMedia | None) -> dict[str, Any]:
    """``text`` is always there: without it WhatsApp refuses an attachment with 422."""
    if len(text) > LONGEST_TEXT:
        raise Broken(f"{SYSTEM}: a text of {len(text)} characters was not cut into pieces")
    if attachment is None:
        if not text.strip():
            raise Rejected("an empty message cannot be sent")
        return {"text": text}
    return {"text": text, "attachment": attachment.as_wire()}


def _part(text: str) -> str:
    """One part of a path: a tag or an id with a slash in it must not become another path."""
    return quote(text, safe="")
