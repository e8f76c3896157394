"""What people post is kept once, whatever its name and size."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.send import TelegramPerformer
from core.commands import KeepMedia
from core.errors import NeedsAttention, Rejected, Temporary
from db.commands import Delivery, Postponed
from db.session import Database
from storage.api import Content, StoredObject
from storage.local import LocalStorage
from tests.bot.outgoing_at_work import TEXTS, Outgoing, outgoing_at_work
from tests.contract.telegram_at_work import png

PICTURE = png()


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        await at_work.branch("tbilisi")
        yield at_work


class FullStore(LocalStorage):
    """A real store whose disk is full until somebody tidies up."""

    is_full = True
    trouble: Exception = NeedsAttention("the disk is full")

    async def put(self, data: Content, **description: Any) -> StoredObject:
        if self.is_full:
            raise self.trouble
        return await super().put(data, **description)


async def _posted(out: Outgoing, chat_id: int, *, name: str = "scratch.png", thread_id: int | None = None) -> KeepMedia:
    """A document that a member posts, as the incoming side orders it to be kept."""
    await out.telegram.forget_updates()
    form = {"as": out.telegram.guest, "chat_id": chat_id, "kind": "document"}
    thread = {} if thread_id is None else {"thread_id": thread_id}
    response = await out.telegram.http.post(
        "/_sandbox/telegram/send_media", data=form | thread, files={"files": (name, PICTURE, "image/png")}
    )
    assert response.status_code == 200, response.text
    message = (await out.telegram.updates())[-1]["message"]
    document = message["document"]
    return KeepMedia(
        chat_id=chat_id,
        thread_id=thread_id,
        message_id=message["message_id"],
        media_group_id=None,
        tg_user_id=out.telegram.guest,
        person_id=None,
        file_id=document["file_id"],
        file_unique_id=document["file_unique_id"],
        file_name=document.get("file_name"),
        mime_type=document.get("mime_type"),
        size=document["file_size"],
        media_kind="document",
    )


async def _keep(out: Outgoing, body: KeepMedia) -> dict[str, object]:
    delivery = await out.perform(body)
    assert isinstance(delivery, Delivery)
    return delivery.result


async def test_a_picture_is_safe_in_storage_before_anybody_hears_of_it(out: Outgoing):
    forum = await out.forum("tbilisi")
    car_id = await out.car(1, "tbilisi")
    await out.show(forum, car_id)
    (thread,) = await out.threads(forum)
    result = await _keep(out, await _posted(out, forum, thread_id=thread))
    (row,) = await out.sql("SELECT * FROM media")
    assert await out.performer._means.storage.get(row["storage_key"]) == PICTURE
    assert (row["entity"], row["file_name"], row["size"]) == (f"car:{car_id}", "scratch.png", len(PICTURE))
    assert out.kinds() == ["media.stored"]
    assert out.happened[0].body.storage_key == result["storage_key"]
    assert out.happened[0].external_id == f"media.stored:{row['id']}"


async def test_keeping_it_twice_downloads_once_and_tells_the_same_event(out: Outgoing):
    body = await _posted(out, await out.forum("tbilisi"))
    await _keep(out, body)
    await _keep(out, body)
    assert len(await out.sql("SELECT id FROM media")) == 1
    assert await out.calls("getFile") == ["getFile"]
    assert out.happened[0] == out.happened[1]


def _names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*")]


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\evil.exe", "a" * 300 + ".png"])
async def test_row_42_the_name_people_gave_is_never_a_path(out: Outgoing, tmp_path: Path, name: str):
    result = await _keep(out, await _posted(out, await out.forum("tbilisi"), name=name))
    assert name not in str(result["storage_key"])
    assert [name for name in _names_in(tmp_path) if "passwd" in name or "evil" in name] == []


async def test_a_file_above_20_mb_is_told_and_not_asked_for(out: Outgoing):
    body = (await _posted(out, await out.forum("tbilisi"))).model_copy(update={"size": 21 * 1024 * 1024})
    assert "refused" in await _keep(out, body)
    assert out.happened[0].body.text_key == "alarm-file-too-big"
    assert out.happened[0].body.args == {"title": "Branch tbilisi", "megabytes": 20}
    assert await out.calls("getFile") == []


async def test_a_file_that_only_telegram_knows_to_be_too_big_ends_the_same(out: Outgoing):
    body = (await _posted(out, await out.forum("tbilisi"))).model_copy(update={"size": None})
    await out.fault("getFile", error_code=400, description="Bad Request: file is too big")
    assert "refused" in await _keep(out, body)
    assert await out.sql("SELECT id FROM media") == []


async def test_a_file_that_telegram_forgot_is_refused(out: Outgoing):
    body = (await _posted(out, await out.forum("tbilisi"))).model_copy(update={"file_id": "BQACunknown"})
    with pytest.raises(Rejected, match="file"):
        await out.perform(body)


@pytest.mark.parametrize("trouble", [NeedsAttention("the disk is full"), Temporary("it is busy", retry_after=99)])
async def test_row_39_a_store_in_trouble_makes_only_the_file_wait_however_long(
    out: Outgoing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception
):
    """Postponed counts no try, and holds no other command of the chat."""
    monkeypatch.setattr("bot.media.STORAGE_PAUSE", timedelta(0))
    body = await _posted(out, await out.forum("tbilisi"))
    full = FullStore(tmp_path, clock=out.clock, links=None)
    out.performer = TelegramPerformer(
        out.telegram.bot, out.db, full, settings=out.settings, clock=out.clock, texts=TEXTS
    )
    full.trouble = trouble
    waits = await out.perform(body)
    assert isinstance(waits, Postponed)
    assert waits.reason == f"storage: {trouble}"
    full.is_full = False
    assert "media_id" in await _keep(out, body)
