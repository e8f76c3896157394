"""How updates reach the bot: long polling, its conflicts, and the webhook with its order, secret and retries."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Dispatcher
from aiogram.exceptions import TelegramConflictError
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message

from sandbox.serve import serving
from tests.contract.telegram_at_work import BOT, Hook, TelegramAtWork, png, telegram_at_work, until

SOON_S = 60


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramAtWork]:
    async with telegram_at_work(webhook_pause_s=0.02) as at_work:
        yield at_work


async def say(telegram: TelegramAtWork, text: str, person: int | None = None) -> None:
    who = person or telegram.owner
    await telegram.act("/send", person=who, chat_id=who, text=text)


def texts(hook: Hook) -> list[str]:
    return [update["message"]["text"] for update, _ in hook.got]


async def test_a_long_poll_ends_as_soon_as_something_comes(telegram: TelegramAtWork):
    async with asyncio.timeout(SOON_S), asyncio.TaskGroup() as tasks:
        polling = tasks.create_task(telegram.bot.get_updates(timeout=50))
        await asyncio.sleep(0)
        await say(telegram, "Hello")
        updates = await polling
    assert [update.message.text for update in updates if update.message] == ["Hello"]


async def test_updates_come_again_until_they_are_confirmed(telegram: TelegramAtWork):
    for text in ("one", "two", "three"):
        await say(telegram, text)
    first = await telegram.bot.get_updates(limit=2)
    assert await telegram.bot.get_updates(limit=2) == first
    rest = await telegram.bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.message.text for update in rest if update.message] == ["three"]
    assert await telegram.bot.get_updates(offset=rest[-1].update_id + 1) == []


async def test_a_negative_offset_keeps_only_the_last_ones(telegram: TelegramAtWork):
    for text in ("one", "two", "three"):
        await say(telegram, text)
    last = await telegram.bot.get_updates(offset=-1)
    assert [update.message.text for update in last if update.message] == ["three"]
    assert await telegram.bot.get_updates() == last


async def test_the_second_poller_ends_the_first(telegram: TelegramAtWork):
    async with asyncio.timeout(SOON_S), asyncio.TaskGroup() as tasks:
        first = tasks.create_task(_conflict_of_poll(telegram))
        second = None
        # The first poll has arrived when the second one gets its conflict.
        while not first.done():
            second = await telegram.bot.get_updates(timeout=0)
            await asyncio.sleep(0.01)
    assert second == []
    assert "terminated by other getUpdates request; make sure that only one bot instance is running" in first.result()


async def _conflict_of_poll(telegram: TelegramAtWork) -> str:
    with pytest.raises(TelegramConflictError) as refused:
        await telegram.bot.get_updates(timeout=50)
    return str(refused.value)


async def test_a_webhook_ends_the_poll(telegram: TelegramAtWork):
    async with asyncio.timeout(SOON_S), asyncio.TaskGroup() as tasks:
        polling = tasks.create_task(_conflict_of_poll(telegram))
        while not polling.done():
            await asyncio.sleep(0.05)
            await telegram.bot.set_webhook("https://bot.example.com/hook")
    assert "Conflict: " in polling.result()


async def test_reactions_and_members_come_only_on_request(telegram: TelegramAtWork):
    chat = await telegram.group(members=[telegram.owner])
    said = (await telegram.act("/send", person=telegram.owner, chat_id=chat, text="Look"))["message_ids"][0]
    react = {"person": telegram.owner, "chat_id": chat, "message_id": said, "emoji": "👍"}
    await telegram.forget_updates()
    await telegram.act("/react", **react)
    await telegram.act("/members/promote", chat_id=chat, user_id=telegram.guest)
    assert not any("message_reaction" in one or "chat_member" in one for one in await telegram.updates())
    await telegram.bot.get_updates(allowed_updates=["message_reaction", "chat_member"])
    await telegram.act("/react", **react)
    await telegram.act("/members/kick", chat_id=chat, user_id=telegram.guest)
    assert [min(one) for one in await telegram.updates()] == ["message_reaction", "chat_member"]


async def test_the_subscription_stays_until_it_is_named_anew(telegram: TelegramAtWork):
    await telegram.bot.get_updates(allowed_updates=["callback_query"])
    await say(telegram, "Unheard")
    assert await telegram.bot.get_updates() == []
    await telegram.bot.get_updates(allowed_updates=[])
    await say(telegram, "Heard")
    assert len(await telegram.bot.get_updates()) == 1


async def test_updates_are_kept_a_day_and_presses_two_and_a_half_minutes(telegram: TelegramAtWork):
    button = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data="yes")]])
    sent = await telegram.bot.send_message(telegram.owner, "?", reply_markup=button)
    await say(telegram, "Hello")
    await telegram.act(
        "/press", person=telegram.owner, chat_id=telegram.owner, message_id=sent.message_id, callback_data="yes"
    )
    assert len(await telegram.bot.get_updates()) == 2
    await telegram.act("/clock", advance_s=151)
    assert [update.event_type for update in await telegram.bot.get_updates()] == ["message"]
    await telegram.act("/clock", advance_s=24 * 3600)
    assert await telegram.bot.get_updates() == []


async def test_an_album_of_a_person_is_one_update_for_each_item(telegram: TelegramAtWork):
    files = [("files", (f"{n}.png", png(), "image/png")) for n in range(3)]
    response = await telegram.http.post(
        "/_sandbox/telegram/send_media",
        data={"as": telegram.owner, "chat_id": telegram.owner, "caption": "Three sides"},
        files=files,
    )
    messages = [update.message for update in await telegram.bot.get_updates() if update.message]
    assert [message.message_id for message in messages] == response.json()["message_ids"]
    assert len({message.media_group_id for message in messages}) == 1
    assert [message.caption for message in messages] == ["Three sides", None, None]
    photo = messages[0].photo
    assert photo is not None
    downloaded = await telegram.bot.download(photo[-1])
    assert downloaded is not None
    assert downloaded.read() == png()


async def test_the_bot_learns_what_happens_to_itself(telegram: TelegramAtWork):
    chat = await telegram.group(members=[telegram.owner], with_bot=False)
    await telegram.act("/members/add", chat_id=chat, user_id=BOT)
    await telegram.act("/members/promote", chat_id=chat, user_id=BOT, rights=["can_manage_topics"])
    await telegram.act("/members/kick", chat_id=chat, user_id=BOT)
    changes = [update.my_chat_member for update in await telegram.bot.get_updates() if update.my_chat_member]
    steps = [(one.old_chat_member.status, one.new_chat_member.status) for one in changes]
    assert steps == [("left", "member"), ("member", "administrator"), ("administrator", "kicked")]
    assert all(one.from_user.id == telegram.owner for one in changes)


async def test_an_ordinary_member_hears_only_what_is_meant_for_it(telegram: TelegramAtWork):
    chat = await telegram.group(rights=[])
    sent = await telegram.bot.send_message(chat, "Hello")
    await telegram.forget_updates()
    for text in ("Between us", "/help", "@jarvis_sandbox_bot please"):
        await telegram.act("/send", person=telegram.guest, chat_id=chat, text=text)
    await telegram.act("/send", person=telegram.guest, chat_id=chat, text="Answer", reply_to_message_id=sent.message_id)
    heard = [update["message"]["text"] for update in await telegram.updates()]
    assert heard == ["/help", "@jarvis_sandbox_bot please", "Answer"]
    await telegram.act("/modes", reads_all_group_messages=True)
    await telegram.act("/send", person=telegram.guest, chat_id=chat, text="Between us")
    assert len(await telegram.updates()) == 1


async def test_an_edit_of_a_person_arrives_and_a_deletion_of_a_message_of_the_bot_does_not(telegram: TelegramAtWork):
    said = (await telegram.act("/send", person=telegram.owner, chat_id=telegram.owner, text="Tem"))["message_ids"][0]
    await telegram.forget_updates()
    await telegram.act("/edit", person=telegram.owner, chat_id=telegram.owner, message_id=said, text="Ten")
    await telegram.bot.delete_message(telegram.owner, said)
    updates = await telegram.bot.get_updates()
    assert [update.event_type for update in updates] == ["edited_message"]
    assert updates[0].edited_message is not None
    assert updates[0].edited_message.text == "Ten"


async def test_a_dispatcher_of_aiogram_runs_on_it(telegram: TelegramAtWork):
    dispatcher = Dispatcher()
    heard: list[str | None] = []

    @dispatcher.message()
    async def hear(message: Message) -> None:
        heard.append(message.text)
        await message.answer("Heard")
        await dispatcher.stop_polling()

    await say(telegram, "/start branch")
    async with asyncio.timeout(SOON_S):
        await dispatcher.start_polling(telegram.bot, handle_signals=False, close_bot_session=False)
    assert heard == ["/start branch"]
    seen = (await telegram.look(f"/chats/{telegram.owner}/messages"))["messages"]
    assert seen[-1]["text"] == "Heard"


async def test_a_webhook_gets_updates_with_the_secret(telegram: TelegramAtWork):
    hook = Hook()
    async with serving(hook.app()) as address:
        await say(telegram, "Waiting")
        await telegram.bot.set_webhook(f"{address}/hooks/telegram", secret_token="a-secret_1")
        await say(telegram, "Fresh")
        await hook.got_all(2)
    assert texts(hook) == ["Waiting", "Fresh"]
    assert {secret for _, secret in hook.got} == {"a-secret_1"}


async def test_a_failing_webhook_is_tried_again_and_blocks_only_its_own_chat(telegram: TelegramAtWork):
    hook = Hook(statuses=[500, 503])
    async with serving(hook.app()) as address:
        await telegram.bot.set_webhook(f"{address}/hooks/telegram", max_connections=1)
        await say(telegram, "first")
        await say(telegram, "second")
        await hook.got_all(4)
        await say(telegram, "other", telegram.guest)
        await hook.got_all(5)
    assert texts(hook) == ["first", "first", "first", "second", "other"]


async def test_the_webhook_s_wish_to_wait_is_honoured_and_its_failure_is_told(telegram: TelegramAtWork):
    hook = Hook(statuses=[429], headers={"Retry-After": "3600"})
    async with serving(hook.app()) as address:
        await telegram.bot.set_webhook(f"{address}/hooks/telegram")
        await say(telegram, "first")
        await hook.got_all(1)
        await say(telegram, "other", telegram.guest)
        await hook.got_all(2)
    assert texts(hook) == ["first", "other"]
    info = await telegram.bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 429"
    assert info.pending_update_count == 1


async def test_a_webhook_may_answer_with_a_call(telegram: TelegramAtWork):
    hook = Hook(body={"method": "sendMessage", "chat_id": telegram.owner, "text": "By return"})
    async with serving(hook.app()) as address:
        await telegram.bot.set_webhook(f"{address}/hooks/telegram")
        await say(telegram, "Hello")

        async def is_said() -> bool:
            return "By return" in str(await telegram.look(f"/chats/{telegram.owner}/messages"))

        await until(is_said)


async def test_an_unreachable_webhook_keeps_its_updates(telegram: TelegramAtWork):
    hook = Hook()
    async with serving(hook.app()) as address:
        gone = address
    await telegram.bot.set_webhook(f"{gone}/hooks/telegram")
    await say(telegram, "Hello")

    async def failure() -> str | None:
        return (await telegram.bot.get_webhook_info()).last_error_message

    assert await until(failure) == "Connection failed: ConnectError"
    await telegram.bot.delete_webhook()
    assert len(await telegram.bot.get_updates()) == 1
