"""Sends what staff say to clients through Umnico: each piece at most once, and never in silence.

Before a piece leaves, its row says so. What is left in doubt by a lost answer or a crash is looked up in the history
of the lead by its id; what is not found there is never sent again by itself.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.clock import Clock
from core.commands import Command, SendToClient, lead_destination, text_hash
from core.errors import AnswerLost, Broken, JarvisError, Rejected, Temporary
from core.events import MessageNotSent, MessageSent, NewEvent
from core.log import get_logger
from core.settings import Settings
from db.commands import Delivery
from db.queries import conversations, messages
from db.queries.conversations import Conversation
from db.queries.messages import Attachment, Message, Sending
from db.session import Database, Tx
from integrations.umnico import File, Outgoing, Refused, UmnicoApi, UploadedMedia, walk
from orchestrator.command_alarms import command_alarm
from orchestrator.umnico_parts import Part, parts_of
from storage.api import Storage

log = get_logger(__name__)

TIME_S = 50.0
"""Shorter than the deliverer's own limit, so that the last try can still be told."""
SETTLING = timedelta(seconds=20)
"""So long a piece whose answer was lost may take to show in the history."""
LONGEST_WAIT = timedelta(minutes=30)
"""So long a message follows Umnico's own wishes to wait, which count as no tries; then its people are told."""
CLOCKS_DIFFER = timedelta(hours=1)


class NotSentError(Rejected):
    """It does not leave. Its text is a word that the texts for people explain (``not-sent-…``)."""


@dataclass(frozen=True, slots=True)
class _Way:
    """To whom and how. The lead comes from the conversation's own row and from nowhere else."""

    lead_id: int
    source_real_id: str
    sa_id: int | None


class UmnicoPerformer:
    """Performs the commands of the system ``umnico``. ``Temporary`` is tried again; the last try is told to staff."""

    def __init__(
        self, db: Database, umnico: UmnicoApi | None, storage: Storage | None, settings: Settings, clock: Clock
    ) -> None:
        self._db = db
        self._umnico = umnico
        self._storage = storage
        self._settings = settings
        self._clock = clock

    async def perform(self, command: Command) -> Delivery:
        body = command.body
        if not isinstance(body, SendToClient):
            raise Broken(f"Umnico performs no {body.kind}")
        try:
            async with asyncio.timeout(TIME_S):
                return await self._send(command, body)
        except Rejected as refusal:
            return self._not_sent(body, _why(refusal))
        except TimeoutError:
            return self._later(command, body, Temporary(f"Umnico: not sent within {TIME_S:.0f} s"))
        except Temporary as error:
            return self._later(command, body, error)
        except Broken as error:
            log.exception("a message to a client cannot be sent")
            return self._not_sent(body, "broken", alarm=self._alarm(command, error))

    # -- the story -----------------------------------------------------------------------------------------------------

    async def _send(self, command: Command, body: SendToClient) -> Delivery:
        conversation, message = await self._read(command, body)
        if message.delivery != "pending":
            return Delivery({"skipped": message.delivery})
        umnico, operator_id = self._desk()
        if text_hash(message.client_words) != body.text_hash:
            raise NotSentError("changed")
        parts = parts_of(message)
        if not parts:
            raise NotSentError("nothing")
        sending = await self._settled(umnico, conversation, message, command, body)
        way = await self._way(umnico, conversation, parts)
        while not sending.is_whole:
            number = sending.sent
            media = await self._uploaded(umnico, parts[number].file, way)
            sending = await self._begun(body, replace(sending, pieces=len(parts), source_real_id=way.source_real_id))
            if sending.sent > number:
                continue  # its echo came meanwhile
            told = Outgoing(
                source_real_id=way.source_real_id,
                operator_id=operator_id,
                custom_id=messages.piece_id_of(message.id, body.attempt, number),
                sa_id=way.sa_id,
                text=parts[number].text,
                attachment=media,
            )
            umnico_id = await self._one(umnico, body, way, told)
            sending = sending.arrived(number, umnico_id)
            if not sending.is_whole:
                await self._write(body, sending)
        return self._sent(body, sending)

    async def _one(self, umnico: UmnicoApi, body: SendToClient, way: _Way, told: Outgoing) -> str | None:
        """After ``AnswerLost`` the piece stays in doubt; after any other word it surely did not arrive."""
        try:
            return await umnico.send(way.lead_id, told)
        except AnswerLost:
            raise
        except JarvisError:
            await self._take_back(body)
            raise

    def _desk(self) -> tuple[UmnicoApi, int]:
        umnico = self._settings.umnico
        if self._umnico is None or not umnico.may_send or umnico.manager_id is None:
            raise NotSentError("off")
        return self._umnico, umnico.manager_id

    async def _way(self, umnico: UmnicoApi, conversation: Conversation, parts: Sequence[Part]) -> _Way:
        """The source of the client's last message; where none is known, the only one that there is."""
        source, sa_id = conversation.source_real_id, conversation.sa_id
        if source is None or (sa_id is None and any(part.file is not None for part in parts)):
            known = [one for one in await umnico.sources(conversation.lead_id) if one.takes_messages]
            fitting = [one for one in known if source in {None, one.real_id}]
            if len(fitting) != 1:
                raise NotSentError("no-way")
            source, sa_id = fitting[0].real_id, fitting[0].sa_id
        return _Way(conversation.lead_id, source, sa_id)

    async def _uploaded(self, umnico: UmnicoApi, attachment: Attachment | None, way: _Way) -> UploadedMedia | None:
        """Uploading is harmless to repeat, so it is done before the piece is in doubt."""
        if attachment is None:
            return None
        if self._storage is None or attachment.storage_key is None or way.sa_id is None:
            raise NotSentError("file")
        try:
            content = await self._storage.get(attachment.storage_key)
        except Broken:
            raise NotSentError("file") from None
        name, mime = attachment.name or attachment.kind, attachment.mime or "application/octet-stream"
        return await umnico.upload(File(content, name, mime), sa_id=way.sa_id)

    # -- what may have left already ------------------------------------------------------------------------------------

    async def _settled(
        self, umnico: UmnicoApi, conversation: Conversation, message: Message, command: Command, body: SendToClient
    ) -> Sending:
        """How far the message is, with nothing in doubt. Other words begin anew, the same words go on."""
        sending = message.sending
        if sending is None or sending.text_hash != body.text_hash:
            return Sending(attempt=body.attempt, text_hash=body.text_hash, since=body.attempt)
        is_wanted_again = sending.attempt < body.attempt
        if sending.is_in_doubt:
            umnico_id = await self._found(umnico, conversation, message.id, sending)
            if umnico_id is not None:
                sending = sending.arrived(sending.begun - 1, umnico_id)
            elif is_wanted_again:
                sending = replace(sending, begun=sending.sent)
            elif self._is_settling(sending) and not self._is_last(command):
                raise Temporary("Umnico: a piece whose answer was lost is not in the history yet")
            else:
                raise NotSentError("lost")
        return replace(sending, attempt=body.attempt)

    def _is_settling(self, sending: Sending) -> bool:
        since = sending.begun_since
        return since is not None and self._clock.now() - since < SETTLING

    async def _found(
        self, umnico: UmnicoApi, conversation: Conversation, message_id: UUID, sending: Sending
    ) -> str | None:
        """Umnico's id of the piece in doubt, by any of the ids under which these words were sent."""
        attempts = range(sending.since, sending.attempt + 1)
        wanted = {messages.piece_id_of(message_id, attempt, sending.begun - 1) for attempt in attempts}
        source = sending.source_real_id or conversation.source_real_id
        oldest = sending.begun_since
        if source is None:
            return None
        async for told in walk(umnico, conversation.lead_id, source):
            if told.custom_id in wanted:
                return told.message_id
            if oldest is not None and told.sent_at < oldest - CLOCKS_DIFFER:
                return None
        return None

    # -- the row -------------------------------------------------------------------------------------------------------

    async def _read(self, command: Command, body: SendToClient) -> tuple[Conversation, Message]:
        """Everything must name one lead: the command, its queue, the conversation and the message."""
        async with self._db.transaction() as tx:
            conversation = await conversations.find(tx, body.conversation_id)
            message = await messages.find(tx, body.message_id)
        if conversation is None or message is None or message.direction != "outgoing":
            raise Broken("there is no such message of ours")
        queue = lead_destination(conversation.account_id, conversation.lead_id)
        is_one = message.conversation_id == conversation.id and command.destination == queue
        if not is_one or conversation.account_id != (self._settings.umnico.account_id or conversation.account_id):
            raise Broken("the message belongs to another lead")
        return conversation, message

    async def _begun(self, body: SendToClient, sending: Sending) -> Sending:
        """From here on the next piece may have left. What its echo told meanwhile is kept."""
        async with self._db.transaction() as tx:
            message = await self._locked(tx, body)
            if message.delivery != "pending" and not (message.sending is not None and message.sending.is_whole):
                raise NotSentError("changed")
            sending = sending.merged(message.sending)
            if not sending.is_whole:
                sending = replace(sending, begun=sending.sent + 1, begun_at=self._clock.now().isoformat())
            await messages.store(tx, replace(message, sending=sending))
        return sending

    async def _write(self, body: SendToClient, sending: Sending) -> None:
        async with self._db.transaction() as tx:
            message = await self._locked(tx, body)
            await messages.store(tx, replace(message, sending=sending.merged(message.sending)))

    async def _take_back(self, body: SendToClient) -> None:
        async with self._db.transaction() as tx:
            message = await self._locked(tx, body)
            if message.sending is not None:
                cleared = replace(message.sending, begun=message.sending.sent)
                await messages.store(tx, replace(message, sending=cleared))

    async def _locked(self, tx: Tx, body: SendToClient) -> Message:
        """Whoever changes a message holds its conversation first."""
        await conversations.lock(tx, body.conversation_id)
        message = await messages.lock(tx, body.message_id)
        if message is None:
            raise Broken("the message is gone")
        return message

    # -- how it ends ---------------------------------------------------------------------------------------------------

    def _sent(self, body: SendToClient, sending: Sending) -> Delivery:
        async def save(tx: Tx) -> Sequence[NewEvent[Any]]:
            now = self._clock.now()
            conversation = await conversations.lock(tx, body.conversation_id)
            message = await messages.lock(tx, body.message_id)
            if conversation is None or message is None:
                raise Broken("the message is gone")
            answered = conversations.prolonged(replace(conversation, last_outgoing_at=now), now=now)
            await conversations.store(tx, answered)
            sending_now = sending.merged(message.sending)
            umnico_id = message.umnico_id or next(iter(sending_now.umnico_ids), None)
            sent = replace(message, delivery="sent", delivery_note=None, sending=sending_now, umnico_id=umnico_id)
            await messages.store(tx, sent)
            if message.delivery == "sent":
                return ()  # its echo told it
            told = MessageSent(conversation_id=conversation.id, message_id=message.id)
            return (NewEvent(body=told, subject=conversation.entity, branch=conversation.branch),)

        return Delivery({"pieces": sending.pieces, "umnico_ids": list(sending.umnico_ids)}, save)

    def _later(self, command: Command, body: SendToClient, error: Temporary) -> Delivery:
        waited = self._clock.now() - command.created_at
        if not self._is_last(command) and not (error.retry_after is not None and waited > LONGEST_WAIT):
            raise error
        log.warning("a message to a client is given up", error=error, attempt=command.attempt)
        return self._not_sent(body, "away")

    def _is_last(self, command: Command) -> bool:
        return command.attempt >= self._settings.work.max_attempts

    def _not_sent(self, body: SendToClient, why: str, *, alarm: NewEvent[Any] | None = None) -> Delivery:
        """The command is done with; the message is not, and its people are told. A piece in doubt makes it unknown."""

        async def save(tx: Tx) -> Sequence[NewEvent[Any]]:
            alarms = () if alarm is None else (alarm,)
            known = await messages.find(tx, body.message_id)
            conversation = None if known is None else await conversations.lock(tx, known.conversation_id)
            message = await messages.lock(tx, body.message_id)
            if conversation is None or message is None or message.delivery != "pending":
                return alarms
            is_unknown = message.sending is not None and message.sending.is_in_doubt
            told = "lost" if is_unknown else why
            sending = message.sending or Sending(body.attempt, body.text_hash, since=body.attempt)
            ended = replace(
                message, delivery="unknown" if is_unknown else "failed", delivery_note=told, sending=sending
            )
            await messages.store(tx, ended)
            not_sent = MessageNotSent(
                conversation_id=conversation.id, message_id=message.id, why=told, is_unknown=is_unknown
            )
            return (NewEvent(body=not_sent, subject=conversation.entity, branch=conversation.branch), *alarms)

        return Delivery({"not_sent": why}, save)

    def _alarm(self, command: Command, error: Broken) -> NewEvent[Any]:
        return command_alarm(
            "alarm-dead-command", who=command.destination, command_id=command.id, text=str(error), occurrence="sending"
        )


def _why(refusal: Rejected) -> str:
    """A word, and after a colon what Umnico said."""
    if isinstance(refusal, NotSentError):
        return str(refusal)
    said = refusal.said if isinstance(refusal, Refused) else str(refusal)
    return f"refused: {said}" if said else "refused"
