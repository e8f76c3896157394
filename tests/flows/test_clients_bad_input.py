"""Whatever clients send: it is kept, read by staff as theirs and nobody else's, and answered once."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from orchestrator.demo.pictures import picture
from sandbox.llm.voice import voice
from sandbox.scenes.clients import attachment
from sandbox.umnico.account import ACCOUNT_ID
from tests.flows import talk_oracle
from tests.flows.company import CLERK, Json, text_of
from tests.flows.talk import ENGLISHMAN, Talk, talk_of_a_file
from tests.wait import wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")
FORGED = "✅ Отправлено\n👤 Jarvis: the deposit was cancelled\n———\n👤 Клиенту отвечает Viktor"
HIDDEN = "Trans\u200bfer \u202eevil\u202c to \u2066me\u2069 \u200e\u200f\ufeffplease"
STRANGE = {
    "from right to left": "أريد السيارة غدا \u202b(10:30)\u202c שלום",
    "faces": "🙏🏽👍👨‍👩‍👧‍👦🚗🇬🇪",
    "markup": "<b>Cheap</b> <script>alert(1)</script> &lt;i&gt; <a href='https://evil.example'>x</a>",
    "like a system text": FORGED,
    "marks that hide and turn": HIDDEN,
    "only white": " \n\t ",
    "braces of our texts": "{ $name } { -brand } %s {0} ${user}",
    "commands": "/close /assign /link 370001",
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def company_of_all(
    postgres: str, redis_server: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Talk]:
    async with talk_of_a_file(postgres, redis_server, tmp_path_factory.mktemp("home")) as talk:
        yield talk


@pytest_asyncio.fixture(loop_scope="module")
async def talk(company_of_all: Talk) -> AsyncIterator[Talk]:
    yield company_of_all
    await company_of_all.quiet()
    await talk_oracle.check(company_of_all)


async def stored(talk: Talk, client: str) -> list[Json]:
    """The rows of what a client said."""
    lead = (await talk.clients.screen(client))["lead_id"]
    async with talk.company.db.transaction() as tx:
        return await tx.rows(
            """SELECT m.original, m.attachments, m.transcript FROM messages AS m
               JOIN conversations AS c ON c.id = m.conversation_id
               WHERE c.lead_id = %s AND m.direction = 'incoming' ORDER BY m.sent_at, m.id""",
            (lead,),
        )


async def answered(talk: Talk, client: str, text: str) -> None:
    """The clerk answers, and this client alone reads it."""
    await talk.says(client, text)
    await talk.client_reads(client, text)
    await talk.quiet()
    assert len([one for one in await talk.sent_to(client) if text in one]) == 1


@pytest.mark.parametrize("kind", STRANGE)
async def test_strange_words_are_kept_as_they_came_and_shown_as_words_of_the_client(talk: Talk, kind: str) -> None:
    guest = talk.guest(f"Guest of {kind}")
    await talk.writes(guest, STRANGE[kind])
    await talk.reads(guest, "💬")
    [row] = await stored(talk, guest)
    assert row["original"] == STRANGE[kind]
    await answered(talk, guest, f"Добрый день, {kind}")


async def test_words_that_look_like_ours_stand_in_a_quote_under_the_clients_name(talk: Talk) -> None:
    guest = talk.guest("Forger")
    await talk.writes(guest, FORGED)
    message = await talk.reads(guest, "the deposit was cancelled")
    text = text_of(message)
    assert text.startswith("💬 Forger\n")
    quote = message["html"].partition("<blockquote")[2].partition("</blockquote>")[0]
    assert [part for part in ("Отправлено", "the deposit was cancelled", "Viktor") if part not in quote] == []


async def test_an_empty_message_is_shown_as_one(talk: Talk) -> None:
    guest = talk.guest("Empty")
    await talk.writes(guest, "")
    await talk.reads(guest, "▫️")
    assert [row["original"] for row in await stored(talk, guest)] == [""]


async def test_twenty_thousand_characters_are_all_there_to_be_read(talk: Talk) -> None:
    guest = talk.guest("Novelist")
    text = "A long story about one small scratch. " * 526 + "The end, 42."
    await talk.writes(guest, text)
    message = await talk.reads(guest, "📄")
    assert message["document"]["file_size"] >= len(text)
    assert [row["original"] for row in await stored(talk, guest)] == [text]


async def test_a_long_answer_leaves_in_pieces_and_whole(talk: Talk) -> None:
    """Five thousand characters: a telephone cuts them into two messages, Umnico takes 1,800 at once."""
    guest = talk.guest("Reader")
    await talk.writes(guest, "Tell me all the rules please")
    await talk.reads(guest, "all the rules")
    first, second = "Правило, которое надо знать. " * 141, "И ещё одно правило для вас. " * 32 + "Конец."
    await talk.says(guest, first)
    await talk.says(guest, second)
    await talk.client_reads(guest, "Конец.")
    await talk.quiet()
    pieces = await talk.sent_to(guest)
    assert max(map(len, pieces)) <= 1800
    assert "".join(" ".join(pieces).split()) == "".join(f"[en] {first} [en] {second}".split())


async def test_a_file_whose_link_died_is_told_with_the_words_that_came_with_it(talk: Talk) -> None:
    guest = talk.guest("Late")
    dead = attachment("photo", "scratch.png", "image/png", picture()) | {"dead": True}
    await talk.writes(guest, "Here is the scratch on the door", attachments=[dead])
    shown = text_of(await talk.reads(guest, "scratch on the door"))
    assert "scratch.png" in shown
    [row] = await stored(talk, guest)
    assert [one["state"] for one in row["attachments"]] == ["lost"]


@pytest.mark.parametrize("host", ["127.0.0.1:1", "10.0.0.5", "169.254.169.254", "[::1]", "localhost"])
async def test_row_43_a_file_that_lies_inside_our_network_is_not_fetched(talk: Talk, host: str) -> None:
    guest = talk.guest(f"Prober {host}")
    told = await talk.writes(guest, "First words of mine")
    await talk.reads(guest, "First words of mine")
    media = {"type": "image/png", "filename": "meta.png", "src": f"http://{host}/latest/meta-data"}
    await talk.company.order(
        "umnico/webhooks/raw", body=incoming(told, f"See {host}", [{"type": "photo", "media": media}])
    )
    shown = await talk.reads(guest, f"See {host}")
    assert "meta.png" in text_of(shown)
    attachments = [one for row in await stored(talk, guest) for one in row["attachments"]]
    assert [(one["state"], one["storage_key"]) for one in attachments] == [("lost", None)]


def incoming(told: Json, text: str, attachments: list[Json]) -> str:
    """A webhook as Umnico would post it, with a file wherever somebody likes."""
    lead = told["lead_id"]
    message: dict[str, Any] = {
        "messageId": f"raw.{lead}",
        "datetime": 1_795_000_000_000,
        "incoming": True,
        "message": {"text": text, "attachments": attachments},
        "source": {"realId": told["source_real_id"], "saId": 88, "type": "message", "identifier": "995500000001"},
        "sender": {"id": 1, "login": "995", "type": "whatsapp2", "name": "Prober"},
    }
    return json.dumps({"type": "message.incoming", "accountId": ACCOUNT_ID, "leadId": lead, "message": message})


async def test_a_photo_of_staff_reaches_the_client_with_its_words(talk: Talk) -> None:
    guest = talk.guest("Looker")
    await talk.writes(guest, "What does the car look like?")
    thread = (await talk.topic(guest))["message_thread_id"]
    person, group = talk.company.people[CLERK], talk.groups[CLERK]
    await talk.director.post_photos(person, group, [picture()], thread_id=thread, caption="Вот ваша машина")

    async def seen() -> list[Json]:
        return [one for one in await talk.clients.messages(guest) if one["attachments"]]

    assert len(await wait_until(seen)) == 1
    await talk.client_reads(guest, "Вот ваша машина")
    await talk.quiet()
    assert len([one for one in await talk.clients.messages(guest) if one["attachments"]]) == 1


async def test_a_voice_of_staff_waits_for_their_look_and_leaves_as_words(talk: Talk) -> None:
    guest = talk.guest("Listener")
    await talk.writes(guest, "Where shall I wait for you?")
    thread = (await talk.topic(guest))["message_thread_id"]
    fields = {"as": str(talk.company.people[CLERK]), "chat_id": str(talk.groups[CLERK]), "thread_id": str(thread)}
    spoken = ("voice.ogg", voice("Ждите нас у главного входа"), "audio/ogg")
    await talk.company.http.post("telegram/send_media", data=fields | {"kind": "voice"}, files=[("files", spoken)])
    held = await talk.reads(guest, "✋")
    assert await talk.sent_to(guest) == []
    await talk.press(held, "✅")
    await talk.client_reads(guest, "Ждите нас у главного входа")
    await talk.quiet()
    assert [one["attachments"] for one in await talk.clients.messages(guest)] == [[]]


async def test_a_message_that_its_client_changes_changes_where_it_stands(talk: Talk) -> None:
    guest = talk.guest("Changer")
    told = await talk.writes(guest, "I arrive at 10:00 on Monday")
    first = await talk.reads(guest, "10:00 on Monday")
    await talk.quiet()
    await talk.clients.edits(told["message_id"], "I arrive at 11:30 on Monday")
    changed = await talk.reads(guest, "11:30 on Monday")
    assert changed["message_id"] == first["message_id"]
    assert "✏️" in text_of(changed)
    assert "10:00 on Monday" not in text_of(changed)


async def test_a_phone_of_two_clients_is_nobodys_until_a_person_says_whose(talk: Talk) -> None:
    guest = talk.guest("Somebody of two")
    async with talk.company.db.transaction() as tx:
        for number in (990001, 990002):
            await tx.run(
                """INSERT INTO clients (id, rentprog_id, first_name, last_name, phone, updated_by)
                   VALUES (gen_random_uuid(), %s, 'Twin', %s, %s, 'fetch')""",
                (number, str(number), f"+{guest}"),
            )
    await talk.writes(guest, "It is me, as always")
    await talk.reads(guest, "It is me, as always")
    assert "Twin" not in text_of(await talk.card(guest))
    await talk.says(guest, "/link 990002")

    async def is_linked() -> bool:
        return "Twin 990002" in text_of(await card_in(talk, "It is me, as always"))

    await wait_until(is_linked)


async def card_in(talk: Talk, part: str) -> Json:
    """The pinned card of the topic in which these words stand, whatever the topic is called now."""
    messages = await talk.director.messages(talk.groups[CLERK])
    thread = next(one["message_thread_id"] for one in messages if part in text_of(one) and one["from"]["is_bot"])
    return next(one for one in messages if one.get("message_thread_id") == thread and one["pinned"])


async def test_two_leads_of_one_client_are_answered_each_where_it_was_asked(talk: Talk) -> None:
    await talk.clients.writes(ENGLISHMAN, "From my telephone, where are you?")
    await talk.reads(ENGLISHMAN, "From my telephone")
    other = talk.guest("John elsewhere")
    await talk.writes(other, "From another telephone, where are you?")
    await answered(talk, other, "Ответ на второй телефон")
    await answered(talk, ENGLISHMAN, "Ответ на первый телефон")
    assert [one for one in await talk.sent_to(other) if "первый" in one] == []
    assert [one for one in await talk.sent_to(ENGLISHMAN) if "второй" in one] == []
