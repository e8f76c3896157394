"""A client waits: who is reminded and asked, when, and what stops it; over real rows, with the clock moved."""

from core.commands import SendMessage
from core.events import ConversationSteered
from tests.agents.approvals.company import CLIENT
from tests.agents.escalation.conftest import SUBJECT, Waiting, local

REMINDED = "wait-remind"
HEAD = "moved to level 1: silent"
DIVISION = "moved to level 2: silent"
DIRECTOR = "moved to level 3: silent"


async def test_the_whole_ladder_in_working_time(waiting: Waiting):
    await waiting.writes()
    story = []
    for minutes in (4.9, 0.2, 4.8, 0.2, 9.8, 0.2, 19.8, 0.2, 300):
        await waiting.after(minutes)
        story.append(waiting.told()[-1:])
    assert story == [[], [REMINDED], [REMINDED], [HEAD], [HEAD], [DIVISION], [DIVISION], [DIRECTOR], [DIRECTOR]]
    assert waiting.told() == [REMINDED, HEAD, DIVISION, DIRECTOR]
    assert await waiting.holder() == "director"


async def test_the_reminder_stands_in_the_holders_topic_and_mentions_them(waiting: Waiting):
    await waiting.writes()
    await waiting.after(5)
    [order] = waiting.said[-1].commands
    assert isinstance(order.body, SendMessage)
    assert (order.body.chat_id, order.body.entity) == (-1011, SUBJECT)
    assert order.body.text.args == {"kind": "conversation", "name": "777", "minutes": 5, "who": "Anna", "id": "11"}


async def test_a_holder_without_a_topic_is_reminded_in_private(waiting: Waiting):
    await waiting.company.sql("DELETE FROM conversation_places")
    await waiting.writes()
    await waiting.after(5)
    [order] = waiting.said[-1].commands
    assert isinstance(order.body, SendMessage)
    assert (order.body.chat_id, order.body.entity) == (11, None)


async def test_the_clock_stands_still_at_night_and_goes_on_in_the_morning(waiting: Waiting):
    waiting.clock.advance(local("20 19:57") - waiting.clock.now())
    await waiting.writes()
    for moment in ("20 20:30", "20 23:00", "21 08:59", "21 09:01"):
        await waiting.at(moment)
    assert waiting.told() == []
    await waiting.at("21 09:02")
    assert waiting.told() == [REMINDED]
    await waiting.at("21 09:07")
    assert waiting.told() == [REMINDED, HEAD]


async def test_each_step_once_however_often_the_clock_ticks(waiting: Waiting):
    await waiting.writes()
    await waiting.after(5)
    for _ in range(5):
        await waiting.tick()
    assert waiting.told() == [REMINDED]
    assert await waiting.pending() == 1


async def test_an_answer_ends_the_wait_and_takes_back_what_nobody_has_read(waiting: Waiting):
    await waiting.writes()
    await waiting.after(5)
    await waiting.answered()
    assert not await waiting.is_open()
    assert await waiting.pending() == 0
    await waiting.after(60)
    assert waiting.told() == [REMINDED]


async def test_an_answer_in_the_last_moment_is_seen_before_anything_is_said(waiting: Waiting):
    await waiting.writes()
    await waiting.after(9.99)
    await waiting.answered(is_told=False)
    await waiting.after(0.1)
    assert waiting.told() == [REMINDED]
    assert not await waiting.is_open()


async def test_the_next_question_starts_anew_from_its_own_time(waiting: Waiting):
    await waiting.writes()
    await waiting.after(7)
    await waiting.answered()
    await waiting.after(3)
    await waiting.writes("And?")
    await waiting.after(4)
    assert waiting.told() == [REMINDED]
    await waiting.after(1)
    assert waiting.told() == [REMINDED, REMINDED]


async def test_more_words_of_a_client_who_waits_do_not_start_the_clock_again(waiting: Waiting):
    await waiting.writes()
    await waiting.after(4)
    await waiting.writes("Hello??")
    await waiting.after(1)
    assert waiting.told() == [REMINDED]


async def test_what_was_asked_after_the_answer_was_written_is_still_owed(waiting: Waiting):
    await waiting.writes()
    await waiting.after(3)
    await waiting.answered(is_told=False)
    await waiting.after(1)
    await waiting.writes("And the deposit?")
    await waiting.after(2)
    assert waiting.told() == []
    await waiting.after(3)
    assert waiting.told() == [REMINDED]


async def test_an_edit_of_a_client_opens_nothing(waiting: Waiting):
    await waiting.writes(is_edit=True)
    assert not await waiting.is_open()


async def test_words_of_an_old_history_chase_nobody(waiting: Waiting):
    await waiting.writes(at=local("10 12:00"))
    assert not await waiting.is_open()


async def test_who_is_away_is_skipped_at_once(waiting: Waiting):
    await waiting.writes()
    await waiting.after(1)
    await waiting.away("anna")
    await waiting.tick()
    assert waiting.told() == ["moved to level 1: absent"]
    assert await waiting.holder() == "head"


async def test_an_absent_head_is_skipped_upward_never_dropped(waiting: Waiting):
    await waiting.away("head")
    await waiting.writes()
    await waiting.after(10)
    assert waiting.told()[-1] == DIVISION
    [event] = waiting.said[-1].events
    assert event.body.skipped == (1,)


async def test_who_was_dismissed_is_skipped_too(waiting: Waiting):
    await waiting.writes()
    await waiting.company.sql("UPDATE people SET is_active = false WHERE tg_user_id = 11")
    await waiting.after(1)
    assert waiting.told() == ["moved to level 1: absent"]


async def test_what_a_dismissed_person_held_is_not_looked_at_by_every_tick(waiting: Waiting):
    await waiting.away("head", "division", "director")
    await waiting.writes()
    await waiting.company.sql("UPDATE people SET is_active = false WHERE tg_user_id = 11")
    for _ in range(5):
        await waiting.after(1)
    assert waiting.told() == ["nobody-left"]
    assert len(waiting.said) == 1


async def test_nobody_left_is_an_alarm_once_and_over_when_somebody_is_back(waiting: Waiting):
    await waiting.away("anna", "head", "division", "director")
    await waiting.writes()
    for _ in range(4):
        await waiting.after(16)
    assert waiting.told() == ["nobody-left"]
    await waiting.back("division")
    await waiting.after(16)
    assert waiting.told() == ["nobody-left", "moved to level 2: absent", "alarm over"]


async def test_an_answer_ends_the_alarm(waiting: Waiting):
    await waiting.away("anna", "head", "division", "director")
    await waiting.writes()
    await waiting.after(1)
    made = waiting.said[-1].events[0].body
    await waiting.answered(is_told=False)
    await waiting.after(16)
    assert made.text_key == "alarm-nobody-left"
    assert waiting.told() == ["nobody-left", "alarm over"]


async def test_whoever_takes_it_answers_for_it_and_is_not_passed_over(waiting: Waiting):
    await waiting.writes()
    await waiting.after(2)
    await waiting.steer(holder_id=waiting.people["boris"])
    steered = ConversationSteered(conversation_id=CLIENT, act="take", person_id=waiting.people["boris"])
    await waiting.happen(steered, SUBJECT)
    await waiting.after(3)
    [order] = waiting.said[-1].commands
    assert isinstance(order.body, SendMessage)
    assert order.body.chat_id == 12
    await waiting.after(5)
    [event] = waiting.said[-1].events
    assert (event.body.from_person, event.body.to_person) == (waiting.people["boris"], waiting.people["head"])


async def test_a_closed_conversation_owes_nothing_and_the_next_word_asks_anew(waiting: Waiting):
    await waiting.writes("Thanks!")
    await waiting.after(1)
    await waiting.steer(state="closed")
    steered = ConversationSteered(conversation_id=CLIENT, act="close", person_id=waiting.people["anna"])
    await waiting.happen(steered, SUBJECT)
    assert not await waiting.is_open()
    await waiting.after(60)
    await waiting.steer(state="open")
    await waiting.writes("One more question")
    await waiting.after(4)
    assert waiting.told() == []
    await waiting.after(1)
    assert waiting.told() == [REMINDED]


async def test_a_new_holder_without_a_group_hears_it_in_private(waiting: Waiting):
    await waiting.company.sql("DELETE FROM chats WHERE person_id = %s", waiting.people["head"])
    await waiting.writes()
    await waiting.after(10)
    assert waiting.told() == [HEAD, "wait-moved-to-you"]


async def test_a_long_downtime_asks_the_one_whose_turn_it_is_and_says_whose_went_by(waiting: Waiting):
    await waiting.writes()
    await waiting.after(25)
    [event] = waiting.said[-1].events
    assert waiting.told() == [DIVISION]
    assert event.body.missed == (1,)


async def test_a_crash_before_the_commit_says_nothing_and_the_next_try_says_it_once(waiting: Waiting):
    await waiting.writes()
    waiting.clock.advance(local("20 12:05") - waiting.clock.now())
    assert await waiting.unsaved_look() == [REMINDED]
    assert await waiting.pending() == 0
    await waiting.tick()
    assert waiting.told() == [REMINDED]
