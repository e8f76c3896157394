"""A conversation with a recording in it, a store that keeps it, and the twin's ear."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.spec import Deps
from core.clock import FixedClock
from core.events import KeptFile
from core.settings import Settings, SpeechSettings
from db.queries import conversations, messages
from db.queries.conversations import Conversation
from db.queries.messages import Attachment, Message
from db.session import Database
from integrations.http import Patience, open_http
from integrations.speech import SpeechClient
from sandbox.llm.voice import voice
from storage.local import LocalStorage
from tests.sandbox.llm_at_work import OPTIONS, ModelAtWork, model_at_work

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEAD = Conversation(id=conversations.id_of(100500, 777), account_id=100500, lead_id=777, channel="whatsapp")


@pytest.fixture
def twin() -> Iterator[ModelAtWork]:
    with model_at_work() as at_work:
        yield at_work


@dataclass
class Room:
    """``deps`` with everything, ``keep`` stores a recording of some words."""

    db: Database
    deps: Deps
    twin: ModelAtWork
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))

    async def keep(self, words: str) -> KeptFile:
        assert self.deps.storage is not None
        stored = await self.deps.storage.put(voice(words), content_type="audio/ogg", filename="v.ogg")
        return KeptFile(storage_key=stored.key, media_kind="voice", name="v.ogg", mime="audio/ogg")

    async def client_says(self, *words: str, **told) -> Message:
        kept = [await self.keep(one) for one in words]
        made = Message(
            id=messages.id_of_incoming(100500, "AB12"),
            conversation_id=LEAD.id,
            account_id=100500,
            umnico_id="AB12",
            direction="incoming",
            author="client",
            sent_at=NOON,
            original="",
            delivery="received",
            attachments=tuple(Attachment(kind="voice", mime="audio/ogg", storage_key=one.storage_key) for one in kept),
        )
        return await self._stored(replace(made, **told))

    async def staff_says(self, file: KeptFile, **told) -> Message:
        made = Message(
            id=messages.id_of_outgoing(-100, 5),
            conversation_id=LEAD.id,
            account_id=100500,
            direction="outgoing",
            author="staff",
            sent_at=NOON,
            original="",
            delivery="pending",
            translation_state="waiting",
            chat_id=-100,
            message_id=5,
            attachments=(Attachment(kind=file.media_kind, storage_key=file.storage_key),),
        )
        return await self._stored(replace(made, **told))

    async def now(self, message: Message) -> Message:
        async with self.db.transaction() as tx:
            found = await messages.find(tx, message.id)
        assert found is not None
        return found

    def heard(self) -> int:
        return len(self.twin.read("journal")["calls"])

    async def _stored(self, message: Message) -> Message:
        async with self.db.transaction() as tx:
            await conversations.store(tx, LEAD)
            await messages.store(tx, message)
        return message


MakeRoom = Callable[..., Awaitable[Room]]


@pytest.fixture
async def make_room(db: Database, twin: ModelAtWork, tmp_path: Path) -> AsyncIterator[MakeRoom]:
    clock = FixedClock(NOON)
    async with open_http(10) as http:

        async def make(*, key: str = OPTIONS.openai_key, **speech) -> Room:
            client = SpeechClient(
                twin.openai_url,
                model="whisper-1",
                http=http,
                clock=clock,
                api_key=key,
                patience=Patience(attempts=1, attempt_s=10),
            )
            settings = Settings(speech=SpeechSettings(**speech))
            storage = LocalStorage(tmp_path / "objects", clock=clock, links=None)
            return Room(db, Deps(db=db, clock=clock, settings=settings, storage=storage, speech=client), twin)

        yield make


@pytest.fixture
async def room(make_room: MakeRoom) -> Room:
    return await make_room()
