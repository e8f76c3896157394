"""A client's message in the topic: translation first, the original below, and nothing of it ever looks like ours."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from bot.means import Showing
from bot.send import TelegramPerformer
from core.commands import SendMessage, ShowClientMessage, Text
from core.errors import Rejected
from db.session import Database
from tests.bot.outgoing_at_work import NOW, TEXTS, Outgoing, outgoing_at_work
from tests.bot.talk_at_work import Talk, talk_at_work


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        yield at_work


@pytest.fixture
async def talk(out: Outgoing, tmp_path: Path) -> Talk:
    return await talk_at_work(out, str(tmp_path))


async def test_the_first_message_opens_the_topic_and_shows_the_translation_before_the_original(talk: Talk):
    message = await talk.wrote("מתי אפשר לקבל?", translation="Когда можно получить?", translation_state="done")
    result = await talk.show(message)
    (topic,) = await talk.out.topics(talk.chat_id)
    shown = await talk.last()
    assert topic["name"] == "Dana"
    assert (shown["message_id"], shown["message_thread_id"]) == (result["message_id"], topic["message_thread_id"])
    assert shown["text"].splitlines() == ["💬 Dana", "Когда можно получить?", "מתי אפשר לקבל?"]
    assert shown["html"].count("<blockquote>") == 2
    assert await talk.delivery_of(message) == "shown"


async def test_a_message_that_needs_no_translation_is_quoted_once(talk: Talk):
    await talk.show(await talk.wrote("Здравствуйте"))
    assert await talk.lines() == ["💬 Dana", "Здравствуйте"]


async def test_the_original_can_be_left_out(talk: Talk):
    out = talk.out
    out.performer = TelegramPerformer(
        out.telegram.bot,
        out.db,
        out.performer._means.storage,
        settings=out.settings,
        clock=out.clock,
        texts=TEXTS,
        showing=Showing(has_original=False),
    )
    await talk.show(await talk.wrote("When?", translation="Когда?", translation_state="done"))
    assert await talk.lines() == ["💬 Dana", "Когда?"]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "⏳ Without a translation for now: the model does not answer. It will appear here."),
        ("ru", "⏳ Пока без перевода: модель не отвечает. Перевод появится здесь."),
        ("ka", "⏳ ჯერჯერობით თარგმანის გარეშე: მოდელი არ პასუხობს. თარგმანი აქ გამოჩნდება."),
    ],
)
async def test_a_late_translation_is_edited_in(out: Outgoing, tmp_path: Path, language: str, line: str):
    talk = await talk_at_work(out, str(tmp_path), language=language)
    message = await talk.wrote("When?", translation_state="waiting")
    await talk.show(message)
    assert await talk.lines() == ["💬 Dana", "When?", line]
    await talk.store(replace(message, translation="Когда?", translation_state="done"))
    assert (await talk.show(message))["message"] == "edited"
    assert [one["text"].splitlines() for one in await talk.said()] == [["💬 Dana", "Когда?", "When?"]]


async def test_a_translation_that_lost_something_is_not_shown_and_the_original_is(talk: Talk):
    await talk.show(
        await talk.wrote("It costs 40", translation_state="held", translation_note="markup; changed: 40 -> 45")
    )
    assert await talk.lines() == [
        "💬 Dana",
        "It costs 40",
        "⚠️ Read the original: there is no translation to rely on.",
        "• the translation brings markup of its own",
        "• different in the translation: 40 → 45",
    ]


async def test_an_edit_of_the_client_changes_the_message_that_stands(talk: Talk):
    message = await talk.wrote("At 8")
    await talk.show(message)
    await talk.store(replace(message, original="At 9", edited_at=NOW, delivery="shown"))
    await talk.show(message)
    assert [one["text"].splitlines() for one in await talk.said()] == [
        ["💬 Dana", "At 9", "✏️ The client changed this message"]
    ]


async def test_the_same_wish_twice_shows_one_message(talk: Talk):
    message = await talk.wrote("Hello")
    await talk.show(message)
    assert (await talk.show(message))["message"] == "unchanged"
    assert len(await talk.said()) == 1


async def test_g23_markup_of_a_client_stays_text(talk: Talk):
    await talk.show(await talk.wrote("<b>1</b> & <script>alert(1)</script> </blockquote>✅ Sent"))
    shown = await talk.last()
    assert shown["text"].splitlines()[1] == "<b>1</b> & <script>alert(1)</script> </blockquote>✅ Sent"
    assert shown["html"].count("</blockquote>") == 1


async def test_what_pretends_to_be_a_line_of_ours_stays_inside_the_quote(talk: Talk):
    forged = "hi\n✅ Sent\n⚠️ Jarvis: give this client the car for free"
    await talk.show(await talk.wrote(forged, translation=forged, translation_state="done"))
    html = (await talk.last())["html"]
    outside = "".join(part.split("</blockquote>")[-1] for part in html.split("<blockquote>"))
    assert "✅" not in outside
    assert "Jarvis" not in outside


async def test_a_name_cannot_forge_a_line_either(talk: Talk):
    await talk.change(contact_name="Dana\n✅ Sent\u202e evil")
    await talk.show(await talk.wrote("hi"))
    assert await talk.lines() == ["💬 Dana ✅ Sent evil", "hi"]


async def test_right_to_left_keeps_its_order_to_itself(talk: Talk):
    await talk.change(contact_name="דנה")
    await talk.show(await talk.wrote("שלום\u202e 40 GEL"))
    assert await talk.lines() == ["💬 \u2068דנה\u2069", "שלום 40 GEL"]
    assert (await talk.out.topics(talk.chat_id))[0]["name"] == "\u2068דנה\u2069"


@pytest.mark.parametrize("words", ["👍🏽👨‍👩‍👧‍👦", "🇬🇪"])
async def test_emoji_alone_are_a_message(talk: Talk, words: str):
    await talk.show(await talk.wrote(words))
    assert await talk.lines() == ["💬 Dana", words]


@pytest.mark.parametrize("words", ["", "\u202e", "\n\n"])
async def test_an_empty_message_says_that_it_is_empty(talk: Talk, words: str):
    await talk.show(await talk.wrote(words))
    assert await talk.lines() == ["💬 Dana", "▫️ An empty message"]


async def test_a_client_without_a_name_is_called_by_the_number_of_the_lead(talk: Talk):
    await talk.change(contact_name=None, phone=None)
    await talk.show(await talk.wrote("hi"))
    assert (await talk.lines())[0] == "💬 Client 4100"


async def test_twenty_thousand_characters_are_one_message_with_all_of_it_in_a_file(talk: Talk):
    words = "длинное слово " * 1430
    message = await talk.wrote(words)
    await talk.show(message)
    (shown,) = await talk.said()
    assert shown["caption"].splitlines()[-1] == "📄 The message is long: all of it is in the file."
    assert len(shown["caption"]) < 1024
    content = (await talk.out.telegram.http.get(shown["document"]["url"])).content.decode("utf-8-sig")
    assert content == words.strip("\n")


async def test_a_translation_that_makes_a_message_too_long_turns_it_into_a_file(talk: Talk):
    message = await talk.wrote("word " * 600, translation_state="waiting")
    await talk.show(message)
    await talk.store(replace(message, translation="слово " * 600, translation_state="done"))
    await talk.show(message)
    (shown,) = await talk.said()
    content = (await talk.out.telegram.http.get(shown["document"]["url"])).content.decode("utf-8-sig")
    assert content.startswith("слово")
    assert content.rstrip().endswith("word")


async def test_a_long_message_that_the_client_shortens_stays_one_message(talk: Talk):
    message = await talk.wrote("word " * 2000)
    await talk.show(message)
    await talk.store(replace(message, original="short", edited_at=NOW))
    await talk.show(message)
    (shown,) = await talk.said()
    assert shown["caption"].splitlines() == ["💬 Dana", "short", "✏️ The client changed this message"]


async def test_a_topic_deleted_by_hand_comes_back_with_the_next_message(talk: Talk):
    await talk.show(await talk.wrote("first"))
    (thread,) = await talk.out.threads(talk.chat_id)
    await talk.out.telegram.act(
        "/topics/delete", person=talk.out.telegram.owner, chat_id=talk.chat_id, message_thread_id=thread
    )
    await talk.show(await talk.wrote("second"))
    (healed,) = await talk.out.threads(talk.chat_id)
    assert healed != thread
    assert [one["text"].splitlines()[1] for one in await talk.said()] == ["second"]


async def test_a_message_whose_first_try_may_have_arrived_says_so(talk: Talk):
    message = await talk.wrote("hello")
    await talk.out.order(ShowClientMessage(chat_id=talk.chat_id, conversation_id=talk.id, message_id=message.id))
    claimed = await talk.out.claim()
    assert claimed is not None
    assert claimed.command is not None
    await talk.out.deliver(replace(claimed, command=replace(claimed.command, is_repeat=True)))
    assert (await talk.lines())[-1] == "↩️ This may be a repeat: the first try got no answer."


async def test_nothing_is_shown_in_a_group_that_is_nobodys_own_any_more(talk: Talk):
    await talk.out.sql("UPDATE chats SET purpose = 'unbound' WHERE chat_id = %(id)s RETURNING 1", id=talk.chat_id)
    assert "skipped" in await talk.show(await talk.wrote("private"))
    assert await talk.said() == []


async def test_a_message_of_another_conversation_is_never_shown_here(talk: Talk):
    other = uuid4()
    await talk.out.put("conversations", id=other, account_id=7, lead_id=4200, channel="telegram")
    message = await talk.store(replace(await talk.wrote("a secret"), id=uuid4(), umnico_id="x", conversation_id=other))
    assert "skipped" in await talk.show(message)
    assert await talk.said() == []


async def test_words_of_the_operators_window_are_marked_as_such(talk: Talk):
    await talk.show(await talk.wrote("Come at ten", direction="outgoing", author="operator", delivery="sent"))
    assert await talk.lines() == ["🖥 Answered in Umnico's window", "Come at ten"]


async def test_words_of_the_operators_window_are_read_in_the_staffs_language_first(talk: Talk):
    told = {"author": "operator", "delivery": "sent", "translation": "Приходите в десять", "translation_state": "done"}
    await talk.show(await talk.wrote("Come at ten", direction="outgoing", **told))
    assert await talk.lines() == ["🖥 Answered in Umnico's window", "Приходите в десять", "Come at ten"]


async def test_another_group_reads_what_a_colleague_answered(talk: Talk):
    message = await talk.wrote(
        "Приходите в десять",
        direction="outgoing",
        author="staff",
        delivery="sent",
        person_id=talk.person_id,
        translation="Come at ten",
        translation_state="done",
    )
    await talk.show(message)
    assert await talk.lines() == ["📤 Nino answered the client", "Приходите в десять", "Come at ten"]


async def test_a_line_finds_the_topic_of_the_conversation(talk: Talk):
    line = SendMessage(chat_id=talk.chat_id, text=Text(key="car-card-free"), entity=talk.conversation.entity)
    await talk.perform(line)
    assert (await talk.last())["message_thread_id"] == (await talk.out.threads(talk.chat_id))[0]


async def test_a_line_about_a_client_goes_into_no_other_kind_of_chat(talk: Talk):
    forum = await talk.out.forum("tbilisi")
    line = SendMessage(chat_id=forum, text=Text(key="car-card-free"), entity=talk.conversation.entity)
    with pytest.raises(Rejected, match="no topic for"):
        await talk.perform(line)


async def test_a_message_that_staff_deleted_is_shown_again_when_it_changes(talk: Talk):
    message = await talk.wrote("When?", translation_state="waiting")
    first = await talk.show(message)
    await talk.out.telegram.bot.delete_message(talk.chat_id, first["message_id"])
    await talk.store(replace(message, translation="Когда?", translation_state="done"))
    await talk.show(message)
    assert await talk.lines() == ["💬 Dana", "Когда?", "When?"]
