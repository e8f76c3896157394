"""The API 1.3 of the twin: one table of routes, each with the odd answers of the real one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.umnico.account import (
    ACCOUNT_ID,
    ACCOUNT_NAME,
    BY_SA_ID,
    CHANNELS,
    LOGIN,
    MANAGER_IDS,
    MANAGERS,
    PASSWORD,
    STATUSES,
    TOKEN,
    ChannelAccount,
)
from sandbox.umnico.desk import Answer, Call, Refused
from sandbox.umnico.files import LARGEST, FileStore
from sandbox.umnico.hooks import MOST, Courier, Letter, Webhook, letter_of
from sandbox.umnico.inbox import Inbox, Lead, Message, Sent, Source
from sandbox.umnico.wire import Form, Json, Writer, customer, source_row

LONGEST_TEXT = 4096
LARGEST_PAGE = 200
ATTACHMENT_TYPES = frozenset({"photo", "doc", "video", "audio"})

Route = tuple[str, str, str, Answer]
"""Method, path, name in the journal and in faults, answer."""


@dataclass(slots=True)
class Behaviour:
    """What a person may change while the twin runs. ``unreachable`` are addresses that no channel knows."""

    history_page: int = 50
    echoes: bool = True
    echo_form: Form = field(default_factory=Form)
    history_form: Form = field(default_factory=Form)
    unreachable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Api:
    inbox: Inbox
    files: FileStore
    courier: Courier
    behaviour: Behaviour

    def routes(self) -> Iterator[Route]:
        yield "GET", "/account/me", "account", self._account
        yield "GET", "/managers", "managers", self._managers
        yield "GET", "/integrations", "integrations", self._integrations
        yield "GET", "/statuses", "statuses", self._statuses
        yield "GET", "/leads/inbox", "inbox", self._inbox
        yield "GET", "/leads/{lead:int}", "lead", self._lead
        yield "GET", "/customers/{customer:int}/", "customer", self._customer
        yield "GET", "/messaging/{lead:int}/sources", "sources", self._sources
        yield "POST", "/messaging/{lead:int}/history/{source}", "history", self._history
        yield "POST", "/messaging/{lead:int}/send", "send", self._send
        yield "POST", "/messaging/post", "post", self._post
        yield "POST", "/messaging/check-contact", "check-contact", self._check_contact
        yield "POST", "/messaging/upload", "upload", self._upload
        yield "POST", "/tags/{lead:int}/{tag}", "tag", self._tag
        yield "GET", "/webhooks", "webhooks", self._webhooks
        yield "POST", "/webhooks", "webhook.create", self._create_webhook
        yield "PUT", "/webhooks/{webhook:int}", "webhook.change", self._change_webhook
        yield "DELETE", "/webhooks/{webhook:int}", "webhook.delete", self._delete_webhook

    # -- the account ---------------------------------------------------------------------------------------------------

    async def sign_in(self, call: Call) -> Json:
        if (call.body.get("login"), call.body.get("pass")) != (LOGIN, PASSWORD):
            raise Refused(403, "Wrong login or password")
        return {"accessToken": {"token": TOKEN}, "refreshToken": {"token": f"{TOKEN}.refresh"}}

    async def _account(self, _: Call) -> Json:
        return {"id": ACCOUNT_ID, "name": ACCOUNT_NAME}

    async def _managers(self, _: Call) -> list[Json]:
        return list(MANAGERS)

    async def _integrations(self, _: Call) -> list[Json]:
        return [{"id": one.sa_id, "type": one.type, "login": one.login, "status": "active"} for one in CHANNELS]

    async def _statuses(self, _: Call) -> list[Json]:
        return list(STATUSES)

    # -- reading -------------------------------------------------------------------------------------------------------

    async def _inbox(self, call: Call) -> list[Json]:
        offset, limit = call.number("offset", 0), min(call.number("limit", 50), LARGEST_PAGE)
        return [Writer(call.origin).lead(lead) for lead in self.inbox.newest_first()[offset : offset + limit]]

    async def _lead(self, call: Call) -> Json:
        return Writer(call.origin).lead(self._asked(call))

    async def _customer(self, call: Call) -> Json:
        told = (customer(lead) for lead in self.inbox.leads.values())
        found = next((row for row in told if row["id"] == call.path["customer"]), None)
        if found is None:
            raise Refused(404, "Customer not found")
        return found

    async def _sources(self, call: Call) -> list[Json]:
        return [source_row(source) for source in self._asked(call).sources]

    async def _history(self, call: Call) -> Json | None:
        """Newest first; the cursor names the last one told, so that new messages move nothing."""
        lead = self._asked(call)
        source = lead.source(call.path["source"])
        if source is None:
            raise Refused(404, "Source not found")
        before = call.body.get("cursor")
        if before is not None and not (isinstance(before, str) and before.removeprefix("before-").isdigit()):
            raise Refused(422, "cursor is wrong")
        limit = float("inf") if before is None else int(before.removeprefix("before-"))
        older = [message for message in reversed(lead.messages) if message.source is source and message.seq < limit]
        if not older:
            return None
        page = older[: self.behaviour.history_page]
        cursor = f"before-{page[-1].seq}" if len(older) > len(page) else None
        writer = Writer(call.origin)
        return {
            "messages": [writer.message(lead, message, self.behaviour.history_form) for message in page],
            "cursor": cursor,
        }

    # -- writing -------------------------------------------------------------------------------------------------------

    async def _send(self, call: Call) -> Json:
        lead = self._asked(call)
        user_id = call.body.get("userId")
        if not isinstance(user_id, int) or user_id not in MANAGER_IDS:
            raise Refused(422, f"User {user_id} doesn't exist for this account")
        source = lead.source(str(call.body.get("source", "")))
        if source is None:
            raise Refused(422, "source is not one of this lead")
        if call.body.get("saId", source.account.sa_id) != source.account.sa_id:
            raise Refused(422, "saId does not belong to the source")
        return {"messageId": self._written(call, lead, source, user_id).id}

    async def _post(self, call: Call) -> Json:
        """Write first. It is not known as whom: the owner, here."""
        account, digits = self._channel(call), call.body.get("destination")
        if not isinstance(digits, str) or not digits.isascii() or not digits.isdigit():
            raise Refused(422, "destination must be digits")
        if account.channel == "instagram" or digits in self.behaviour.unreachable:
            raise Refused(422, "The number is not registered in this channel")
        self._content(call)
        lead = self.inbox.find(account, digits) or self.inbox.begin(account, digits, None, digits)
        self._written(call, lead, self.inbox.add_source(lead, account, digits), MANAGERS[0]["id"])
        return {"leadId": lead.id}

    async def _check_contact(self, call: Call) -> Json:
        self._channel(call)
        if str(call.body.get("chatId", "")) in {"", *self.behaviour.unreachable}:
            raise Refused(404, "Contact not found")
        return {"exists": True}

    async def _upload(self, call: Call) -> Json:
        if call.file is None or not {"source", "saId"} & call.body.keys():
            raise Refused(422, "media and one of source, saId are required")
        if len(call.file.content) > LARGEST:
            raise Refused(413, "The file is too large")
        stored = self.files.keep(call.file.name, call.file.mime, call.file.content)
        return {"type": stored.mime, "filename": stored.name, "src": call.origin + stored.path}

    async def _tag(self, call: Call) -> Json:
        lead = self._asked(call)
        if call.path["tag"] not in lead.tags:
            lead.tags.append(call.path["tag"])
        return {"tags": lead.tags}

    # -- webhooks ------------------------------------------------------------------------------------------------------

    async def _webhooks(self, _: Call) -> list[Json]:
        return [webhook.as_wire() for webhook in self.courier.webhooks.values()]

    async def _create_webhook(self, call: Call) -> Json:
        url, name = call.body.get("url"), call.body.get("name")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise Refused(422, "url is wrong")
        if any(webhook.url == url for webhook in self.courier.webhooks.values()):
            raise Refused(422, "This server already exists")
        if len(self.courier.webhooks) >= MOST:
            raise Refused(422, f"At most {MOST} webhooks are allowed")
        return self.courier.create(url, name if isinstance(name, str) else None).as_wire()

    async def _change_webhook(self, call: Call) -> Json:
        webhook = self._asked_webhook(call)
        if call.body.get("status") not in {None, 0, 1}:
            raise Refused(422, "status is wrong")
        webhook.status = call.body.get("status", webhook.status)
        webhook.failures = 0
        return webhook.as_wire()

    async def _delete_webhook(self, call: Call) -> None:
        del self.courier.webhooks[self._asked_webhook(call).id]

    # -- what the calls share ------------------------------------------------------------------------------------------

    def tell(self, origin: str, lead: Lead, message: Message, form: Form, *, is_new: bool = False) -> Letter:
        """The webhook of a message, ready to be posted."""
        return letter_of(Writer(origin).message_webhook(lead, message, form, is_new=is_new))

    def _written(self, call: Call, lead: Lead, source: Source, user_id: int) -> Message:
        """``customId`` is only repeated back: a second message with the same one is a second message."""
        if source.identifier in self.behaviour.unreachable:
            raise Refused(422, "The number is not registered in this channel")
        text, sent = self._content(call)
        custom_id = call.body.get("customId")
        message = self.inbox.write(
            lead, source, text, sent, user_id=user_id, custom_id=None if custom_id is None else str(custom_id)
        )
        if self.behaviour.echoes:
            self.courier.post(self.tell(call.origin, lead, message, self.behaviour.echo_form))
        return message

    def _content(self, call: Call) -> tuple[str, tuple[Sent, ...]]:
        told = call.body.get("message")
        if not isinstance(told, dict) or not isinstance(told.get("text"), str):
            raise Refused(422, "message.text is required")
        if len(told["text"]) > LONGEST_TEXT:
            raise Refused(422, "message.text is too long")
        attachment = told.get("attachment")
        if attachment is None:
            if not told["text"].strip():
                raise Refused(422, "message is empty")
            return told["text"], ()
        return told["text"], (self._attachment(attachment),)

    def _attachment(self, told: Any) -> Sent:
        media = told.get("media") if isinstance(told, dict) else None
        if not isinstance(media, dict) or told.get("type") not in ATTACHMENT_TYPES:
            raise Refused(422, "message.attachment is wrong")
        stored = self.files.behind(str(media.get("src", "")))
        if stored is None:
            # An address that was not uploaded before fails "sometimes" at the real one; here always.
            raise Refused(500, "Internal server error")
        return Sent(told["type"], stored)

    def _channel(self, call: Call) -> ChannelAccount:
        sa_id = str(call.body.get("saId", ""))
        account = BY_SA_ID.get(int(sa_id)) if sa_id.isascii() and sa_id.isdigit() else None
        if account is None:
            raise Refused(422, "saId is wrong")
        return account

    def _asked(self, call: Call) -> Lead:
        lead = self.inbox.leads.get(call.path["lead"])
        if lead is None:
            raise Refused(404, "Lead not found")
        return lead

    def _asked_webhook(self, call: Call) -> Webhook:
        webhook = self.courier.webhooks.get(call.path["webhook"])
        if webhook is None:
            raise Refused(404, "Webhook not found")
        return webhook
