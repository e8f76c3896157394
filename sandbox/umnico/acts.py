"""Acts of the control API: a client writes or edits, an operator answers in Umnico's own window."""

from base64 import b64decode
from binascii import Error as Base64Error
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from sandbox.on_demand import add_on_demand
from sandbox.umnico.account import BY_CHANNEL, MANAGER_IDS
from sandbox.umnico.api import Api
from sandbox.umnico.hooks import Letter, letter_of
from sandbox.umnico.inbox import Lead, Message, Sent
from sandbox.umnico.wire import Form, new_lead_webhooks


class Act(BaseModel):
    """``webhook=false`` loses it, ``twice`` repeats it, ``delay_s`` lets younger ones pass; else see `Form`."""

    model_config = ConfigDict(extra="forbid")

    webhook: bool = True
    twice: bool = False
    delay_s: float = Field(default=0.0, ge=0)
    iso: bool = False
    flat: bool = False
    sa_in_source: bool = False
    bare: bool = False

    def form(self) -> Form:
        return Form(self.iso, self.flat, self.sa_in_source, self.bare)


class AttachmentOrder(BaseModel):
    """``type`` is the wire's word; a voice message comes as ``audio`` with an ogg inside. A ``dead`` link gives 404."""

    model_config = ConfigDict(extra="forbid")

    type: str = "photo"
    name: str = "photo.jpg"
    mime: str = "image/jpeg"
    content_base64: str = ""
    dead: bool = False


class ClientWrites(Act):
    """A lead that is known, or a channel and a login; with both the known client writes through another channel."""

    lead_id: int | None = None
    channel: Literal["whatsapp", "telegram", "instagram"] | None = None
    login: str | None = Field(default=None, min_length=1)
    name: str | None = None
    text: str = ""
    attachments: list[AttachmentOrder] = Field(default_factory=list[AttachmentOrder])


class ClientEdits(Act):
    message_id: str
    text: str


class OperatorWrites(Act):
    lead_id: int
    text: str = ""
    user_id: int = 15
    attachments: list[AttachmentOrder] = Field(default_factory=list[AttachmentOrder])


class RawBody(BaseModel):
    """A body posted to every webhook as it stands."""

    model_config = ConfigDict(extra="forbid")

    body: str


class Acts:
    def __init__(self, api: Api) -> None:
        self._api = api

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/_sandbox/umnico", tags=["umnico"])
        for path, act in (
            ("/write", self.write),
            ("/edit", self.edit),
            ("/operator", self.operator),
            ("/webhooks/raw", self.post_raw),
        ):
            add_on_demand(router, path, act, methods=["POST"])
        return router

    async def write(self, told: ClientWrites, request: Request) -> dict[str, Any]:
        sent = [self._keep(order) for order in told.attachments]
        lead, is_new = self._lead_of(told)
        account = BY_CHANNEL[told.channel] if told.channel else lead.sources[-1].account
        source = self._api.inbox.add_source(lead, account, told.login or lead.customer.login)
        message = self._api.inbox.write(lead, source, told.text, sent)
        if is_new and told.webhook:
            for body in new_lead_webhooks(lead):
                self._api.courier.post(letter_of(body))
        return self._tell(told, request, lead, message, is_new=is_new)

    async def edit(self, told: ClientEdits, request: Request) -> dict[str, Any]:
        """How the real one tells an edit is not known: the same message comes again with its new text."""
        found = self._api.inbox.message(told.message_id)
        if found is None:
            raise HTTPException(404, "no such message")
        lead, message = found
        self._api.inbox.edit(message, told.text)
        return self._tell(told, request, lead, message)

    async def operator(self, told: OperatorWrites, request: Request) -> dict[str, Any]:
        """In Umnico's own window: no ``customId``, and the echo comes like any other."""
        if told.user_id not in MANAGER_IDS:
            raise HTTPException(422, "no such manager")
        lead = self._known(told.lead_id)
        sent = [self._keep(order) for order in told.attachments]
        source = lead.messages[-1].source if lead.messages else lead.sources[-1]
        message = self._api.inbox.write(lead, source, told.text, sent, user_id=told.user_id)
        return self._tell(told, request, lead, message)

    async def post_raw(self, told: RawBody) -> dict[str, Any]:
        self._api.courier.post(Letter("raw", told.body.encode()))
        return {"posted": True}

    def _lead_of(self, told: ClientWrites) -> tuple[Lead, bool]:
        if told.lead_id is not None:
            return self._known(told.lead_id), False
        if told.channel is None or told.login is None:
            raise HTTPException(422, "lead_id, or channel and login")
        account = BY_CHANNEL[told.channel]
        known = self._api.inbox.find(account, told.login)
        if known is not None:
            return known, False
        phone = told.login if told.channel == "whatsapp" else None
        return self._api.inbox.begin(account, told.login, told.name, phone), True

    def _known(self, lead_id: int) -> Lead:
        lead = self._api.inbox.leads.get(lead_id)
        if lead is None:
            raise HTTPException(404, "no such lead")
        return lead

    def _keep(self, order: AttachmentOrder) -> Sent:
        try:
            content = b64decode(order.content_base64, validate=True)
        except Base64Error:
            raise HTTPException(422, "content_base64 is no base64") from None
        return Sent(order.type, self._api.files.keep(order.name, order.mime, content, is_dead=order.dead))

    def _tell(
        self, told: Act, request: Request, lead: Lead, message: Message, *, is_new: bool = False
    ) -> dict[str, Any]:
        origin = f"{request.url.scheme}://{request.url.netloc}"
        letter = self._api.tell(origin, lead, message, told.form(), is_new=is_new)
        letter = Letter(letter.event, letter.body, letter.lane, told.delay_s)
        for _ in range((2 if told.twice else 1) if told.webhook else 0):
            self._api.courier.post(letter)
        real_id = str(message.source.real_id)
        return {"lead_id": lead.id, "message_id": message.id, "source_real_id": real_id, "is_new": is_new}
