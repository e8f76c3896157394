"""Files in a branch forum are stored, then cleared away, and their author is told privately."""

from typing import Any

from core.clock import SystemClock
from tests.bot.handlers.conftest import stage_at


async def test_a_file_in_a_branch_forum_is_kept_then_cleared_and_its_author_is_told(stage, cast):
    await stage.hire(cast.employee)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    car = await stage.car("AA-123-BB")
    thread_id = await stage.topic(cast.tbilisi_forum, car, cast.head.telegram_id)
    [message_id] = await stage.photograph(
        cast.employee.telegram_id, chat_id=cast.tbilisi_forum, thread_id=thread_id, files=[b"hello"]
    )
    await stage.turn()
    [posted] = await stage.events("media.posted")
    [stored] = await stage.events("media.stored")
    assert posted["payload"]["thread_id"] == thread_id
    assert stored["payload"]["message_id"] == message_id
    assert message_id not in {message["message_id"] for message in await stage.messages(cast.tbilisi_forum)}
    told = (await stage.last(cast.employee.telegram_id))["text"]
    assert "kept with the car AA-123-BB" in told


async def test_an_album_is_told_about_once(stage, cast):
    await stage.hire(cast.employee)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    ids = await stage.photograph(cast.employee.telegram_id, chat_id=cast.tbilisi_forum, files=[b"1", b"2", b"3"])
    await stage.turn()
    left = {message["message_id"] for message in await stage.messages(cast.tbilisi_forum)}
    assert left.isdisjoint(ids)
    assert len(await stage.answers(cast.employee.telegram_id)) == 1


async def test_files_a_minute_later_bring_no_second_note(stage, cast):
    await stage.hire(cast.employee)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    await stage.photograph(cast.employee.telegram_id, chat_id=cast.tbilisi_forum, files=[b"1"])
    await stage.turn()
    await stage.photograph(cast.employee.telegram_id, chat_id=cast.tbilisi_forum, files=[b"2"])
    await stage.turn()
    assert len(await stage.events("media.stored")) == 2
    assert len(await stage.answers(cast.employee.telegram_id)) == 1


async def test_where_media_may_stay_they_are_kept_and_not_cleared(db, sandbox, stage, cast, tmp_path):
    async with stage_at(db, sandbox, tmp_path / "others", delete_user_media=False) as lenient:
        await lenient.hire(cast.employee)
        await lenient.bind(cast.tbilisi_forum, "tbilisi")
        [message_id] = await lenient.photograph(cast.employee.telegram_id, chat_id=cast.tbilisi_forum)
        await lenient.turn()
        assert len(await lenient.events("media.stored")) == 1
        assert message_id in {message["message_id"] for message in await lenient.messages(cast.tbilisi_forum)}
        assert await lenient.answers(cast.employee.telegram_id) == []


async def test_files_of_somebody_unknown_are_left_alone(stage, cast):
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    await stage.photograph(cast.employee.telegram_id, chat_id=cast.tbilisi_forum)
    await stage.turn()
    assert await stage.rows("SELECT 1 FROM events") == []


async def test_files_in_a_forum_of_no_branch_are_left_alone(stage, cast):
    await stage.hire(cast.employee)
    await stage.photograph(cast.employee.telegram_id, chat_id=cast.tbilisi_forum)
    await stage.turn()
    assert await stage.events("media.posted") == []


async def test_files_in_private_bring_a_word_where_they_go(stage, cast):
    await stage.hire(cast.employee)
    await stage.photograph(cast.employee.telegram_id, chat_id=cast.employee.telegram_id)
    await stage.turn()
    assert "in the car's topic" in (await stage.last(cast.employee.telegram_id))["text"]
    assert await stage.events("media.posted") == []


async def test_the_largest_size_of_a_photo_is_kept(stage, cast):
    await stage.hire(cast.employee)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    sizes = [
        {"file_id": name, "file_unique_id": name, "width": width, "height": width, "file_size": width}
        for name, width in (("small", 90), ("large", 1280), ("middle", 320))
    ]
    user = {"id": cast.employee.telegram_id, "is_bot": False, "first_name": "I"}
    chat: dict[str, Any] = {"id": cast.tbilisi_forum, "type": "supergroup", "title": "B", "is_forum": True}
    now = int(SystemClock().now().timestamp())
    message = {"message_id": 5, "date": now, "chat": chat, "from": user, "photo": sizes}
    await stage.intake.take({"update_id": 1, "message": message})
    [event] = await stage.events("media.posted")
    assert event["payload"]["file_id"] == "large"
    assert event["payload"]["media_kind"] == "photo"
