"""Files of a client: albums stay albums, a voice message keeps its recording, and what is not there is named."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.client_messages import STORAGE_PATIENCE
from bot.send import TelegramPerformer
from core.commands import ShowClientMessage
from core.errors import Temporary
from db.commands import Postponed
from db.queries.messages import Attachment
from db.session import Database
from storage.local import LocalStorage
from tests.bot.outgoing_at_work import TEXTS, Outgoing, outgoing_at_work
from tests.bot.talk_at_work import Talk, talk_at_work
from tests.contract.telegram_at_work import png


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        yield at_work


@pytest.fixture
async def talk(out: Outgoing, tmp_path: Path) -> Talk:
    return await talk_at_work(out, str(tmp_path))


class SleepyStore(LocalStorage):
    """A real store that does not answer until it is woken."""

    is_awake = False

    async def get(self, key: str) -> bytes:
        if not self.is_awake:
            raise Temporary("the storage is away")
        return await super().get(key)


async def photos(talk: Talk, number: int) -> tuple[Attachment, ...]:
    return tuple([await talk.file("photo", png(20 + one, 20), name=f"{one}.png") for one in range(number)])


def kinds(shown: list[dict[str, Any]]) -> list[str]:
    return [
        next(kind for kind in ("photo", "video", "voice", "audio", "document", "text") if kind in one) for one in shown
    ]


async def test_an_album_stays_an_album_with_the_words_as_its_caption(talk: Talk):
    await talk.show(await talk.wrote("look", attachments=await photos(talk, 3)))
    shown = await talk.said()
    assert kinds(shown) == ["photo", "photo", "photo"]
    assert len({one["media_group_id"] for one in shown}) == 1
    assert [one.get("caption") for one in shown] == ["💬 Dana\nlook", None, None]


async def test_photos_and_videos_share_an_album_documents_have_their_own(talk: Talk):
    files = (
        *await photos(talk, 1),
        await talk.file("video", b"moving pictures", name="drive.mp4", mime="video/mp4"),
        await talk.file("document", b"one", name="licence.pdf"),
        await talk.file("document", b"two", name="passport.pdf"),
    )
    result = await talk.show(await talk.wrote("papers", attachments=files))
    shown = await talk.said()
    assert kinds(shown) == ["photo", "video", "document", "document"]
    assert len({one["media_group_id"] for one in shown}) == 2
    assert shown[2]["reply_to"] == result["message_id"]


async def test_what_a_client_spoke_is_a_voice_message_though_umnico_calls_it_audio(talk: Talk):
    spoken = await talk.file("audio", b"OggS", name="voice.ogg", mime="audio/ogg; codecs=opus")
    song = await talk.file("audio", b"ID3", name="song.mp3", mime="audio/mpeg")
    await talk.show(await talk.wrote("", attachments=(spoken, song)))
    shown = await talk.said()
    assert kinds(shown) == ["voice", "audio"]
    assert shown[0]["caption"].startswith("🎤 Dana")


async def test_more_than_ten_photos_are_two_albums(talk: Talk):
    await talk.show(await talk.wrote("", attachments=await photos(talk, 12)))
    groups = [one["media_group_id"] for one in await talk.said()]
    assert sorted(groups.count(group) for group in set(groups)) == [2, 10]


async def test_a_photo_without_words_names_who_sent_it(talk: Talk):
    await talk.show(await talk.wrote("", attachments=await photos(talk, 1)))
    (shown,) = await talk.said()
    assert shown["caption"] == "💬 Dana"


async def test_the_recording_stays_one_tap_away_from_its_words(talk: Talk):
    voice = await talk.file("voice", b"OggS of somebody", name="voice.ogg", mime="audio/ogg")
    message = await talk.wrote(
        "",
        attachments=(voice,),
        transcript="when can I come",
        confidence=0.9,
        translation="Когда можно прийти",
        translation_state="done",
    )
    await talk.show(message)
    (shown,) = await talk.said()
    assert kinds([shown]) == ["voice"]
    assert shown["caption"].splitlines() == [
        "🎤 Dana",
        "Когда можно прийти",
        "when can I come",
        "🎧 Written down from the voice message",
    ]
    content = (await talk.out.telegram.http.get(shown["voice"]["url"])).content
    assert content == b"OggS of somebody"


@pytest.mark.parametrize(
    ("heard", "line"),
    [
        (
            {"transcript": "mumble", "confidence": 0.3},
            "❓ Poorly heard: listen to the voice message before you rely on this text",
        ),
        ({}, "🔇 The recording was not written down: please listen to it"),
    ],
    ids=["doubtful", "not at all"],
)
async def test_what_was_not_well_heard_is_marked(talk: Talk, heard: dict[str, Any], line: str):
    voice = await talk.file("voice", b"OggS", name="voice.ogg")
    await talk.show(await talk.wrote("", attachments=(voice,), **heard))
    assert (await talk.last())["caption"].splitlines()[-1] == line


async def test_a_late_translation_is_edited_into_the_caption_and_no_file_is_sent_again(talk: Talk):
    message = await talk.wrote("look", attachments=await photos(talk, 2), translation_state="waiting")
    await talk.show(message)
    await talk.store(replace(message, translation="смотрите", translation_state="done"))
    assert (await talk.show(message))["message"] == "edited"
    shown = await talk.said()
    assert [one.get("caption") for one in shown] == ["💬 Dana\nсмотрите\nlook", None]
    assert (await talk.show(message))["message"] == "unchanged"
    assert await talk.out.calls("sendMediaGroup", "sendMessage") == ["sendMediaGroup"]


async def test_words_longer_than_a_caption_follow_as_a_reply_to_the_file(talk: Talk):
    message = await talk.wrote("word " * 300, attachments=await photos(talk, 1))
    await talk.show(message)
    photo, words = await talk.said()
    assert photo["caption"] == "💬 Dana"
    assert words["reply_to"] == photo["message_id"]
    assert words["text"].startswith("💬 Dana\nword word")


async def test_words_that_outgrow_the_caption_move_below_the_file(talk: Talk):
    message = await talk.wrote("word " * 150, attachments=await photos(talk, 1), translation_state="waiting")
    await talk.show(message)
    await talk.store(replace(message, translation="слово " * 150, translation_state="done"))
    await talk.show(message)
    photo, words = await talk.said()
    assert photo["caption"] == "💬 Dana"
    assert words["reply_to"] == photo["message_id"]
    assert words["text"].splitlines()[1].startswith("слово слово")


async def test_a_lost_file_is_named_with_the_reason(talk: Talk):
    lost = Attachment(kind="photo", name="<b>scratch</b>.jpg", state="lost", why="dead")
    await talk.show(await talk.wrote("see", attachments=(lost,)))
    assert await talk.lines() == [
        "💬 Dana",
        "see",
        "📎 <b>scratch</b>.jpg: the link to the file does not work any more. Open the conversation in Umnico",
    ]


async def test_one_lost_file_keeps_back_none_of_the_others(talk: Talk):
    lost = Attachment(kind="photo", state="lost")
    await talk.show(await talk.wrote("two", attachments=(lost, *await photos(talk, 1))))
    (shown,) = await talk.said()
    assert shown["caption"].splitlines() == [
        "💬 Dana",
        "two",
        "📎 photo: the file could not be loaded. Open the conversation in Umnico",
    ]


async def test_an_object_that_is_gone_from_the_storage_is_told(talk: Talk):
    (photo,) = await photos(talk, 1)
    assert photo.storage_key is not None
    await talk.out.performer._means.storage.delete(photo.storage_key)
    await talk.show(await talk.wrote("", attachments=(photo,)))
    assert (await talk.lines())[-1].startswith("📎 0.png: the file could not be loaded")


async def test_a_picture_that_telegram_does_not_take_goes_as_a_file(talk: Talk):
    await talk.out.fault("sendPhoto", error_code=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    await talk.show(await talk.wrote("long one", attachments=await photos(talk, 1)))
    (shown,) = await talk.said()
    assert kinds([shown]) == ["document"]
    assert shown["caption"].splitlines() == ["💬 Dana", "long one"]


async def test_a_name_of_a_file_is_no_path(talk: Talk):
    file = await talk.file("document", b"x", name="..\\..\\etc/pass\u202ewd.txt")
    await talk.show(await talk.wrote("", attachments=(file,)))
    (shown,) = await talk.said()
    assert shown["document"]["file_name"] == "passwd.txt"


async def test_an_album_in_a_topic_that_was_deleted_is_sent_whole_into_the_new_one(talk: Talk):
    await talk.show(await talk.wrote("first"))
    (thread,) = await talk.out.threads(talk.chat_id)
    owner = talk.out.telegram.owner
    await talk.out.telegram.act("/topics/delete", person=owner, chat_id=talk.chat_id, message_thread_id=thread)
    await talk.show(await talk.wrote("see", attachments=await photos(talk, 2)))
    (healed,) = await talk.out.threads(talk.chat_id)
    assert [one["message_thread_id"] for one in await talk.said()] == [healed, healed]


async def test_without_the_storage_the_words_go_first_and_the_files_follow(talk: Talk, tmp_path: Path):
    message = await talk.wrote("the scratch", attachments=await photos(talk, 2))
    store = SleepyStore(tmp_path, clock=talk.out.clock, links=None)
    out = talk.out
    out.performer = TelegramPerformer(
        out.telegram.bot, out.db, store, settings=out.settings, clock=out.clock, texts=TEXTS
    )
    body = ShowClientMessage(chat_id=talk.chat_id, conversation_id=talk.id, message_id=message.id)
    assert isinstance(await out.perform(body), Postponed)
    assert (await talk.lines())[:2] == ["💬 Dana", "the scratch"]
    store.is_awake = True
    await out.hurry()
    await out.deliver_all()
    words, *album = await talk.said()
    assert words["text"].splitlines() == ["💬 Dana", "the scratch"]
    assert [one.get("reply_to") for one in album] == [words["message_id"], words["message_id"]]


async def test_files_that_the_storage_keeps_back_for_long_hold_up_nobody_else(talk: Talk, tmp_path: Path):
    message = await talk.wrote("the scratch", attachments=await photos(talk, 1))
    store = SleepyStore(tmp_path, clock=talk.out.clock, links=None)
    out = talk.out
    out.performer = TelegramPerformer(
        out.telegram.bot, out.db, store, settings=out.settings, clock=out.clock, texts=TEXTS
    )
    body = ShowClientMessage(chat_id=talk.chat_id, conversation_id=talk.id, message_id=message.id)
    await out.order(body)
    claimed = await out.claim()
    assert claimed is not None
    assert claimed.command is not None
    long_ago = out.clock.now() - STORAGE_PATIENCE * 2
    await out.deliver(replace(claimed, command=replace(claimed.command, created_at=long_ago)))
    assert (await talk.lines())[-1] == "📎 0.png: our storage does not answer, the file is not shown yet"
    assert await talk.delivery_of(message) == "shown"


async def test_words_whose_photo_was_deleted_by_hand_come_back_without_it(talk: Talk):
    message = await talk.wrote("look", attachments=await photos(talk, 1), translation_state="waiting")
    first = await talk.show(message)
    await talk.out.telegram.bot.delete_message(talk.chat_id, first["message_id"])
    await talk.store(replace(message, translation="смотрите", translation_state="done"))
    await talk.show(message)
    assert [one["text"].splitlines() for one in await talk.said()] == [["💬 Dana", "смотрите", "look"]]


async def test_an_album_never_lands_in_the_main_chat_of_a_group_without_topics(talk: Talk):
    await talk.show(await talk.wrote("first"))
    before = len(await talk.said())
    await talk.out.telegram.act(f"/chats/{talk.chat_id}/forum", is_forum=False)
    result = await talk.show(await talk.wrote("look", attachments=await photos(talk, 2)))
    assert "refused" in result
    assert len(await talk.said()) == before
    assert talk.out.kinds() == ["alarm.raised"]
