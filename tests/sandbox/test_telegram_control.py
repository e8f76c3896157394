"""The control API as the chat page uses it: chats, messages, events, files, acts of people."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.app import SandboxSettings, create_app
from sandbox.company.branches import TBILISI
from sandbox.company.telegram import BOT_ID, BOT_TOKEN, forum_id
from sandbox.serve import serving
from tests.contract.telegram_at_work import TelegramAtWork, png, telegram_at_work

SOON_S = 60


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramAtWork]:
    async with telegram_at_work() as at_work:
        yield at_work


@asynccontextmanager
async def page_of(telegram: TelegramAtWork, person: int) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """The events that the open page of a person gets."""
    async with (
        asyncio.timeout(SOON_S),
        telegram.http.stream("GET", "/_sandbox/telegram/events", params={"as": person}) as response,
    ):
        lines = response.aiter_lines()
        assert (await anext(lines)).startswith(":")
        yield (json.loads(line.removeprefix("data: ")) async for line in lines if line.startswith("data: "))


async def send_files(telegram: TelegramAtWork, files: list[tuple[str, bytes, str]], **fields: Any) -> dict[str, Any]:
    response = await telegram.http.post(
        "/_sandbox/telegram/send_media",
        data={"as": telegram.owner, "chat_id": telegram.owner, **fields},
        files=[("files", one) for one in files],
    )
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_person_sees_their_own_chats(telegram: TelegramAtWork):
    group = await telegram.group(members=[telegram.owner])
    await telegram.bot.send_message(telegram.owner, "Good morning\nand more")
    seen = await telegram.look("/state", person=telegram.owner)
    rows = {row["id"]: row for row in seen["chats"]}
    assert set(rows) == {telegram.owner, group}
    private = rows[telegram.owner]
    assert (private["type"], private["title"], private["last"]["text"]) == ("private", "Jarvis", "Good morning")
    assert (rows[group]["my_role"], rows[group]["member_count"], rows[group]["is_forum"]) == ("creator", 2, True)
    assert seen["me"]["id"] == BOT_ID
    assert group not in {row["id"] for row in (await telegram.look("/state", person=telegram.guest))["chats"]}


async def test_a_stranger_sees_nothing_of_a_chat(telegram: TelegramAtWork):
    group = await telegram.group(members=[telegram.owner])
    for path in (f"/chats/{group}", f"/chats/{group}/messages"):
        response = await telegram.http.get(f"/_sandbox/telegram{path}", params={"as": telegram.guest})
        assert response.status_code == 403


async def test_reading_a_thread_makes_it_read(telegram: TelegramAtWork):
    group = await telegram.group()
    thread = (await telegram.bot.create_forum_topic(group, "Car")).message_thread_id
    await telegram.look(f"/chats/{group}/messages", person=telegram.guest)
    for text in ("1", "2"):
        await telegram.bot.send_message(group, text, message_thread_id=thread)
    await telegram.bot.send_message(group, "General")
    await telegram.act("/send", person=telegram.guest, chat_id=group, text="My own word is not unread")

    async def unread() -> tuple[int, int]:
        chat = await telegram.look(f"/chats/{group}", person=telegram.guest)
        return chat["topics"][0]["unread"], chat["general"]["unread"]

    assert await unread() == (2, 1)
    await telegram.look(f"/chats/{group}/messages", person=telegram.guest, thread_id=thread)
    assert await unread() == (0, 1)
    await telegram.look(f"/chats/{group}/messages", person=telegram.guest, thread_id=0)
    assert await unread() == (0, 0)


async def test_messages_come_by_thread_and_page_by_page(telegram: TelegramAtWork):
    group = await telegram.group()
    thread = (await telegram.bot.create_forum_topic(group, "Car")).message_thread_id
    sent = [(await telegram.bot.send_message(group, str(n), message_thread_id=thread)).message_id for n in range(5)]
    await telegram.bot.send_message(group, "General")
    newest = (await telegram.look(f"/chats/{group}/messages", thread_id=thread, limit=2))["messages"]
    assert [one["message_id"] for one in newest] == sent[3:]
    older = (await telegram.look(f"/chats/{group}/messages", thread_id=thread, limit=2, before=sent[3]))["messages"]
    assert [one["message_id"] for one in older] == sent[1:3]
    general = (await telegram.look(f"/chats/{group}/messages", thread_id=0))["messages"]
    assert general[-1]["text"] == "General"
    assert all("message_thread_id" not in one for one in general)


async def test_a_message_is_shown_with_all_it_has(telegram: TelegramAtWork):
    markup = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="Go", callback_data="go", style="primary")]]
    )
    await telegram.bot.send_photo(
        telegram.owner, BufferedInputFile(png(), "a.png"), caption="<b>Left</b>", parse_mode="HTML", reply_markup=markup
    )
    shown = (await telegram.look(f"/chats/{telegram.owner}/messages"))["messages"][-1]
    assert shown["from"] == {"id": BOT_ID, "first_name": "Jarvis", "is_bot": True}
    assert (shown["caption"], shown["caption_html"]) == ("Left", "<b>Left</b>")
    assert (shown["photo"]["width"], shown["photo"]["height"]) == (64, 48)
    assert shown["reply_markup"] == {"inline_keyboard": [[{"text": "Go", "callback_data": "go", "style": "primary"}]]}
    picture = await telegram.http.get(shown["photo"]["url"])
    assert picture.content == png()
    assert picture.headers["content-type"] == "image/jpeg"


async def test_a_document_is_only_ever_downloaded(telegram: TelegramAtWork):
    await send_files(telegram, [("page.html", b"<script>alert(1)</script>", "text/html")])
    shown = (await telegram.look(f"/chats/{telegram.owner}/messages"))["messages"][-1]
    assert shown["document"]["file_name"] == "page.html"
    response = await telegram.http.get(shown["document"]["url"])
    assert response.headers["content-disposition"] == "attachment"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("mime", "name", "kind"),
    [
        ("image/png", "a.png", "photo"),
        ("video/mp4", "a.mp4", "video"),
        ("audio/ogg", "a.ogg", "voice"),
        ("application/pdf", "a.pdf", "document"),
    ],
)
async def test_the_kind_of_a_file_follows_its_type(telegram: TelegramAtWork, mime: str, name: str, kind: str):
    await send_files(telegram, [(name, png(), mime)])
    assert kind in (await telegram.updates())[-1]["message"]


async def test_a_kind_may_be_named(telegram: TelegramAtWork):
    await send_files(telegram, [("a.png", png(), "image/png")], kind="document", caption="Whole quality")
    message = (await telegram.updates())[-1]["message"]
    assert message["document"]["mime_type"] == "image/png"
    assert message["caption"] == "Whole quality"


async def test_pages_hear_what_happens_in_their_chats(telegram: TelegramAtWork):
    group = await telegram.group(members=[telegram.owner])
    async with page_of(telegram, telegram.guest) as events:
        await telegram.bot.send_message(group, "Not for the guest")
        sent = await telegram.bot.send_message(telegram.guest, "For the guest")
        await telegram.bot.edit_message_text("Better", chat_id=telegram.guest, message_id=sent.message_id)
        await telegram.bot.pin_chat_message(telegram.guest, sent.message_id)
        await telegram.bot.delete_message(telegram.guest, sent.message_id)
        heard = [await anext(events) for _ in range(5)]
    assert [(event["type"], event["chat_id"]) for event in heard] == [
        ("message", telegram.guest),
        ("edit", telegram.guest),
        ("message", telegram.guest),
        ("pin", telegram.guest),
        ("delete", telegram.guest),
    ]
    assert heard[1]["message"]["text"] == "Better"
    assert heard[2]["message"]["service"]["kind"] == "pinned_message"
    assert heard[4]["message_id"] == sent.message_id


async def test_the_answer_to_a_press_is_heard_by_who_pressed(telegram: TelegramAtWork):
    group = await telegram.group()
    button = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data="y")]])
    sent = await telegram.bot.send_message(group, "?", reply_markup=button)
    async with page_of(telegram, telegram.owner) as owner, page_of(telegram, telegram.guest) as guest:
        pressed = await telegram.act(
            "/press", person=telegram.owner, chat_id=group, message_id=sent.message_id, callback_data="y"
        )
        await telegram.bot.answer_callback_query(pressed["callback_query_id"], text="Yours")
        await telegram.bot.send_message(group, "Next")
        assert await anext(owner) == {
            "type": "callback_answer",
            "chat_id": group,
            "callback_query_id": pressed["callback_query_id"],
            "user_id": telegram.owner,
            "text": "Yours",
            "show_alert": False,
        }
        assert (await anext(guest))["message"]["text"] == "Next"


async def test_a_private_word_is_heard_by_its_receiver(telegram: TelegramAtWork):
    group = await telegram.group()
    async with page_of(telegram, telegram.owner) as owner, page_of(telegram, telegram.guest) as guest:
        await telegram.raw(
            "sendMessage",
            chat_id=group,
            text="Psst",
            ephemeral_message_parameters={"receiver_user_id": telegram.guest},
        )
        await telegram.bot.send_message(group, "Aloud")
        assert (await anext(guest))["message"]["text"] == "Psst"
        assert (await anext(owner))["message"]["text"] == "Aloud"


async def test_topics_are_told_to_pages(telegram: TelegramAtWork):
    group = await telegram.group()
    async with page_of(telegram, telegram.owner) as events:
        topic = await telegram.bot.create_forum_topic(group, "Car")
        await telegram.act("/topics/close", chat_id=group, message_thread_id=topic.message_thread_id)
        await telegram.act("/topics/delete", chat_id=group, message_thread_id=topic.message_thread_id)
        heard = [await anext(events) for _ in range(5)]
    assert [event["type"] for event in heard] == ["message", "topic", "message", "topic", "topic"]
    assert [(one["topic"]["closed"], one["topic"]["deleted"]) for one in (heard[1], heard[3], heard[4])] == [
        (False, False),
        (True, False),
        (True, True),
    ]


async def test_who_was_put_out_is_told_and_hears_no_more(telegram: TelegramAtWork):
    group = await telegram.group()
    async with page_of(telegram, telegram.guest) as events:
        await telegram.act("/members/kick", chat_id=group, user_id=telegram.guest)
        await telegram.bot.send_message(group, "Without you")
        await telegram.bot.send_message(telegram.guest, "With you")
        heard = [await anext(events) for _ in range(2)]
    assert [(event["type"], event["chat_id"]) for event in heard] == [("chat", group), ("message", telegram.guest)]


@pytest.mark.parametrize(
    ("path", "order", "reason"),
    [
        ("/send", {"chat_id": 1, "text": "x"}, "chat not found"),
        ("/press", {"chat_id": 0, "message_id": 999, "callback_data": "x"}, "message not found"),
        ("/edit", {"chat_id": 0, "message_id": 999, "text": "x"}, "message not found"),
        ("/join", {"invite_link": "https://t.me/+none"}, "INVITE_HASH_EXPIRED"),
        ("/drafts/stop", {"draft_id": 3}, "there is no draft to stop"),
    ],
)
async def test_acts_that_cannot_be_are_refused(telegram: TelegramAtWork, path: str, order: dict[str, Any], reason: str):
    own_chat = {"chat_id": order.get("chat_id") or telegram.owner} if "chat_id" in order else {}
    assert reason in await telegram.refused(path, person=telegram.owner, **{**order, **own_chat})


async def test_a_button_that_is_not_there_cannot_be_pressed(telegram: TelegramAtWork):
    sent = await telegram.bot.send_message(telegram.owner, "No buttons")
    press = {"chat_id": telegram.owner, "message_id": sent.message_id, "callback_data": "x"}
    assert "there is no such button" in await telegram.refused("/press", person=telegram.owner, **press)


async def test_a_typo_in_an_order_is_refused(telegram: TelegramAtWork):
    response = await telegram.http.post("/_sandbox/telegram/clock", json={"advance": 5})
    assert response.status_code == 422


async def test_a_reset_brings_back_the_beginning(telegram: TelegramAtWork):
    await telegram.group()
    await telegram.act("/faults", error_code=500)
    calls = len((await telegram.look("/journal"))["calls"])
    async with page_of(telegram, telegram.owner) as events:
        await telegram.act("/reset")
        assert await anext(events) == {"type": "reset"}
    assert await telegram.bot.get_me()
    assert await telegram.bot.get_updates() == []
    assert (await telegram.look("/state"))["chats"] == []
    assert len((await telegram.look("/journal"))["calls"]) == calls + 2


async def test_the_company_is_there_from_the_beginning():
    async with serving(create_app(SandboxSettings())) as url, httpx.AsyncClient(base_url=url) as http:
        state = (await http.get("/_sandbox/telegram/state")).json()
        forum = forum_id(TBILISI)
        chat = (await http.get(f"/_sandbox/telegram/chats/{forum}")).json()
        page = await http.get("/")
        mine = await http.get(f"/telegram/bot{BOT_TOKEN}/getChatMember", params={"chat_id": forum, "user_id": BOT_ID})
    assert len(state["users"]) == 13
    assert {user.get("title") for user in state["users"]} >= {"director", "branch head"}
    assert chat["is_forum"]
    assert [member["role"] for member in chat["members"]].count("creator") == 1
    assert mine.json()["result"]["can_manage_topics"]
    assert page.headers["content-type"].startswith("text/html")


async def test_the_twin_of_rentprog_is_mounted_beside():
    async with serving(create_app(SandboxSettings())) as url, httpx.AsyncClient(base_url=url) as http:
        assert (await http.get("/_sandbox/rentprog/state")).status_code == 200


async def test_the_server_stops_at_once_although_somebody_waits():
    async with (
        httpx.AsyncClient(timeout=70) as http,
        asyncio.timeout(SOON_S),
        asyncio.TaskGroup() as tasks,
        serving(create_app(SandboxSettings())) as url,
    ):
        poll = tasks.create_task(http.get(f"{url}/telegram/bot{BOT_TOKEN}/getUpdates", params={"timeout": 50}))
        page = tasks.create_task(http.get(f"{url}/_sandbox/telegram/events"))
        # Both are under way when a later call has been answered.
        await http.get(f"{url}/_sandbox/telegram/state")
    assert poll.result().json() == {"ok": True, "result": []}
    assert page.result().text == ": connected\n\n"
