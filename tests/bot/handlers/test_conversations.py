"""Commands in a client's topic and buttons that hand a conversation over."""

import pytest

from core.roles import Role
from tests.bot.handlers.client_room import Room, person_id, room_of


@pytest.fixture
async def room(stage, cast) -> Room:
    return await room_of(stage, cast.employee, cast.head)


async def test_anybody_of_staff_takes_a_conversation_and_its_holder_has_it_already(stage, room: Room, cast):
    await room.say(cast.head, "/take")
    [steered] = await room.steered()
    assert (steered["act"], steered["person_id"]) == ("take", str(await person_id(stage, cast.head)))
    assert "already" in await room.told(cast.employee, "/take")
    assert len(await room.steered()) == 1


async def test_a_conversation_is_closed_and_reopened_once(room: Room, cast):
    await room.say(cast.employee, "/close")
    await room.change(state="closed")
    assert "closed already" in await room.told(cast.employee, "/close")
    await room.say(cast.employee, "/reopen")
    await room.change(state="open")
    assert "open already" in await room.told(cast.employee, "/reopen")
    assert [one["act"] for one in await room.steered()] == ["close", "reopen"]


async def test_the_same_command_begins_and_ends_consult_mode(room: Room, cast):
    await room.say(cast.employee, "/consult")
    await room.change(is_consult=True)
    await room.say(cast.employee, "/consult")
    assert [one["act"] for one in await room.steered()] == ["consult", "consult_end"]


@pytest.mark.parametrize("how", ["@nino_head", "ნინო მაგ"])
async def test_the_holder_hands_over_by_username_or_name(stage, room: Room, cast, how):
    await room.say(cast.employee, f"/assign {how}")
    [steered] = await room.steered()
    assert (steered["act"], steered["to_person"]) == ("assign", str(await person_id(stage, cast.head)))


async def test_a_colleague_who_does_not_hold_it_cannot_hand_it_over(stage, room: Room, cast):
    await stage.hire(cast.batumi_head)
    await stage.post("/members/add", chat_id=room.chat_id, user_id=cast.batumi_head.telegram_id)
    assert "Only whoever answers" in await room.told(cast.batumi_head, "/assign @nino_head")
    assert await room.steered() == []


async def test_without_a_name_there_is_a_choice_and_the_press_hands_over(stage, room: Room, cast):
    await room.say(cast.employee, "/assign")
    question = await stage.last(room.chat_id)
    toast = await stage.press(cast.employee.telegram_id, question, cast.head.name, chat_id=room.chat_id)
    assert toast == "Accepted"
    [steered] = await room.steered()
    assert steered["to_person"] == str(await person_id(stage, cast.head))


async def test_a_name_that_nobody_has_brings_the_choice(stage, room: Room, cast):
    assert "called “Zed”" in await room.told(cast.employee, "/assign Zed")
    assert (await stage.last(room.chat_id))["reply_markup"]["inline_keyboard"]


async def test_the_right_to_hand_over_is_read_at_the_press(stage, room: Room, cast):
    await room.say(cast.head, "/assign")
    question = await stage.last(room.chat_id)
    await stage.give_role(cast.head, Role.EMPLOYEE)
    toast = await stage.press(cast.head.telegram_id, question, cast.head.name, chat_id=room.chat_id)
    assert toast == "You have no right to do this"
    assert await room.steered() == []


async def _client(stage, number: int, phone: str) -> None:
    await stage.rows(
        """INSERT INTO clients (id, rentprog_id, updated_by, first_name, phone, phone_normalised)
           VALUES (gen_random_uuid(), %s, 'fetch', 'Anna', %s, %s)""",
        number,
        f"+{phone}",
        phone,
    )


@pytest.mark.parametrize("who", ["+995 555 00-01-11", "4001"])
async def test_a_client_is_named_by_phone_or_by_number(stage, room: Room, cast, who):
    await _client(stage, 4001, "995555000111")
    await room.say(cast.employee, f"/link {who}")
    [row] = await stage.rows("SELECT id FROM clients")
    [steered] = await room.steered()
    assert (steered["act"], steered["client_id"]) == ("link_client", str(row["id"]))


async def test_of_several_clients_with_one_phone_a_person_chooses(stage, room: Room, cast):
    await _client(stage, 4001, "995555000111")
    await _client(stage, 4002, "995555000111")
    await room.say(cast.employee, "/link 995555000111")
    question = await stage.last(room.chat_id)
    await stage.press(cast.employee.telegram_id, question, "№4002", chat_id=room.chat_id)
    [row] = await stage.rows("SELECT id FROM clients WHERE rentprog_id = 4002")
    assert [one["client_id"] for one in await room.steered()] == [str(row["id"])]


async def test_nobody_is_linked_by_a_number_that_is_nobodys(room: Room, cast):
    assert "no client “999”" in await room.told(cast.employee, "/link 999")
    assert "Write who it is" in await room.told(cast.employee, "/link")
    assert await room.steered() == []


async def test_an_offer_is_an_answer_that_needs_consent(room: Room, cast):
    await room.say(cast.employee, "/offer 40 USD за день")
    [event] = await room.answers()
    assert (event["payload"]["text"], event["payload"]["needs_approval"]) == ("40 USD за день", True)


async def test_an_offer_without_words_and_one_while_the_client_is_switched_off_go_nowhere(room: Room, cast):
    assert "after the command" in await room.told(cast.employee, "/offer")
    await room.change(is_consult=True)
    assert "Not sent" in await room.told(cast.employee, "/offer 40 USD")
    assert await room.answers() == []


@pytest.mark.parametrize("command", ["/take", "/assign", "/close", "/consult", "/link 4001", "/offer 40 USD"])
async def test_outside_a_clients_topic_the_commands_say_where_they_work(stage, room: Room, cast, command):
    told = await stage.ask(cast.employee.telegram_id, command, chat_id=room.chat_id)
    assert "works in a client's topic" in told
    assert await room.steered() == []
