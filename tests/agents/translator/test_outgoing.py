"""What staff wrote reaches the client in their language with the same facts, or waits for a person."""

from datetime import timedelta
from decimal import Decimal

import pytest

from agents.spec import Outcome
from core.commands import SendToClient, text_hash
from core.ids import new_id
from core.roles import Role
from db.queries import conversations, glossary, messages, translations
from db.queries.messages import Attachment
from tests.agents.translator.conftest import LEAD, NOON, Desk, MakeDesk, is_sent, kinds

WRITTEN = "здрасте, тачка готова, 50 дол за 3 дня"
SENT = "Hello, the car is ready, 50 dollars for 3 days"


def ordered(outcome: Outcome) -> SendToClient:
    [body] = [command.body for command in outcome.commands if isinstance(command.body, SendToClient)]
    return body


async def test_an_answer_leaves_in_the_client_s_language_and_its_writer_sees_it(desk: Desk):
    desk.says(SENT)
    message, outcome = await desk.staff_writes(WRITTEN)
    assert (message.translation, message.translated_to, message.delivery) == (SENT, "en", "pending")
    assert kinds(outcome) == ["umnico.send", "telegram.show_sending"]
    assert ordered(outcome).text_hash == text_hash(SENT)
    assert desk.asked()[0].startswith("A member of staff writes. Translate from Russian to English.")


async def test_a_repeated_event_orders_nothing_twice(desk: Desk):
    desk.says(SENT)
    await desk.staff_writes(WRITTEN)
    outcome = await desk.play(desk.answered(WRITTEN))
    assert (outcome.commands, outcome.note) == ((), "decided already")


@pytest.mark.parametrize(("language", "target"), [(None, "English"), ("fr", "English"), ("ka", "Georgian")])
async def test_a_client_whose_language_is_not_known_is_written_to_in_the_fallback(
    make_desk: MakeDesk, language, target
):
    desk = await make_desk(conversation={"language": language})
    await desk.staff_writes("Машина готова, ждём вас")
    assert f"to {target}." in desk.asked()[0]


async def test_words_for_a_client_who_speaks_the_same_language_are_mended(make_desk: MakeDesk):
    desk = await make_desk(conversation={"language": "ru"})
    desk.says("Здравствуйте, машина готова.")
    message, outcome = await desk.staff_writes("здраствуйте машина гатова")
    assert message.translation == "Здравствуйте, машина готова."
    assert is_sent(outcome)


async def test_slang_of_the_company_is_explained_to_the_model(desk: Desk):
    async with desk.db.transaction() as tx:
        await glossary.set_slang(tx, {"тачка": "машина", "вебасто": "обогреватель"})
    desk.says(SENT)
    await desk.staff_writes(WRITTEN)
    assert "<slang>\nтачка: машина\n</slang>" in desk.asked()[0]


async def test_our_own_earlier_lines_are_shown_for_their_tone(desk: Desk):
    desk.says("Good morning!", "The car is ready, we are waiting")
    await desk.staff_writes("Доброе утро!", 5)
    desk.clock.advance(timedelta(seconds=5))
    await desk.staff_writes("машина готова, ждём", 6)
    assert "<before>\ncompany: Доброе утро!\n</before>" in desk.asked()[-1]


async def test_a_promise_of_another_price_waits_for_the_writer(desk: Desk):
    desk.says("Hello, the car is ready, 40 dollars for 3 days")
    message, outcome = await desk.staff_writes(WRITTEN)
    assert (message.delivery, message.translation_state) == ("held", "held")
    assert message.translation_note == "changed: 50 -> 40"
    assert message.client_words.endswith("40 dollars for 3 days")
    assert kinds(outcome) == ["telegram.show_sending"]


@pytest.mark.parametrize("absurd", ["", "Hello! " * 200])
async def test_what_is_absurd_is_not_even_proposed(desk: Desk, absurd):
    desk.says(absurd)
    message, _ = await desk.staff_writes("тачка готова")
    assert (message.delivery, message.translation, message.client_words) == ("held", None, "тачка готова")


async def test_words_that_stayed_in_the_language_of_staff_are_not_proposed_as_a_translation(make_desk: MakeDesk):
    desk = await make_desk(conversation={"language": "en"}, check_language=True)
    desk.says("Здравствуйте, машина готова, стоит у входа")
    message, outcome = await desk.staff_writes("тачка готова, стоит у входа")
    assert (message.delivery, message.translation, is_sent(outcome)) == ("held", None, False)
    assert message.translation_note == "language: ru instead of en"


async def test_a_setting_shows_every_translation_to_its_writer_first(make_desk: MakeDesk):
    desk = await make_desk(confirm_before_send=True)
    desk.says(SENT)
    message, outcome = await desk.staff_writes(WRITTEN)
    assert (message.delivery, message.translation_state, message.translation) == ("held", "done", SENT)
    assert not is_sent(outcome)


async def test_words_from_a_voice_always_wait_for_their_speaker(desk: Desk):
    desk.says(SENT)
    message, outcome = await desk.staff_writes("", transcript=WRITTEN, delivery="held")
    assert (message.delivery, message.translation) == ("held", SENT)
    assert not is_sent(outcome)


async def test_a_voice_that_nobody_could_read_waits_for_a_person(desk: Desk):
    message, outcome = await desk.staff_writes("", delivery="held")
    assert (message.delivery, message.translation_state, message.translation_note) == ("held", "none", "no words")
    assert kinds(outcome) == ["telegram.show_sending"]


async def test_a_voice_that_waits_for_the_speech_server_goes_on_waiting(desk: Desk):
    file = Attachment(kind="voice", storage_key="sha256/aa")
    message, _ = await desk.staff_writes("", delivery="held", attachments=(file,))
    assert (message.translation_state, message.delivery) == ("waiting", "held")


async def test_a_photo_without_words_leaves_as_it_is(desk: Desk):
    photo = Attachment(kind="photo", storage_key="sha256/aa")
    message, outcome = await desk.staff_writes("", attachments=(photo,))
    assert (message.delivery, message.translation_state) == ("pending", "none")
    assert ordered(outcome).text_hash == text_hash("")
    assert desk.asked() == []


async def test_an_offer_waits_for_a_head_who_sees_both_texts(desk: Desk):
    desk.says(SENT)
    person = await _person(desk)
    message, outcome = await desk.staff_writes(WRITTEN, needs_approval=True, person_id=person)
    assert message.delivery == "pending"
    [approval] = [command.approval for command in outcome.commands if command.approval is not None]
    assert (approval.role, approval.beneficiary_id) == (Role.BRANCH_HEAD, person)
    assert {WRITTEN, SENT} <= set(approval.shown.values())
    assert approval.expires_at == NOON + timedelta(hours=desk.deps.settings.quote.valid_hours)
    assert approval.subject == LEAD.entity


async def test_an_outage_holds_an_answer_and_it_leaves_when_the_model_is_back(desk: Desk):
    desk.is_away()
    message, outcome = await desk.staff_writes(WRITTEN)
    assert (message.translation_state, message.delivery) == ("waiting", "pending")
    assert kinds(outcome) == ["telegram.show_sending"]
    desk.comes_back()
    desk.says(SENT)
    outcome = await desk.tick()
    assert (await desk.now(message)).translation == SENT
    assert ordered(outcome).text_hash == text_hash(SENT)


async def test_an_answer_that_is_late_waits_for_its_writer(desk: Desk):
    desk.is_away()
    message, _ = await desk.staff_writes(WRITTEN)
    desk.clock.advance(timedelta(minutes=10))
    desk.comes_back()
    desk.says(SENT)
    message, outcome = await desk.wanted(message)
    assert (message.delivery, message.translation, message.translation_note) == ("held", SENT, "> 10 min")
    assert not is_sent(outcome)


async def test_answers_leave_in_the_order_they_were_written(desk: Desk):
    desk.is_away(times=2)
    first, _ = await desk.staff_writes(WRITTEN, 5)
    desk.comes_back()
    desk.says(SENT)
    second, outcome = await desk.staff_writes("ждём вас на месте", 6)
    assert (second.translation_state, is_sent(outcome)) == ("waiting", False)
    assert ordered(await desk.tick()).message_id == first.id
    desk.says("we are waiting for you there")
    _, outcome = await desk.wanted(second)
    assert ordered(outcome).message_id == second.id


async def test_an_answer_that_waits_for_a_person_keeps_no_later_one_back(desk: Desk):
    async with desk.db.transaction() as tx:
        await conversations.store(tx, LEAD)
    first, _ = await desk.staff_writes("", 5, delivery="held", attachments=(Attachment(kind="voice"),))
    assert first.translation_state == "waiting"
    desk.clock.advance(timedelta(seconds=1))
    desk.says(SENT)
    _, outcome = await desk.staff_writes(WRITTEN, 6)
    assert is_sent(outcome)


async def test_a_client_who_speaks_the_language_of_the_staff_needs_no_model(make_desk: MakeDesk):
    desk = await make_desk(conversation={"language": "ru"})
    desk.is_away()
    message, outcome = await desk.staff_writes("Здравствуйте, машина готова")
    assert (message.translation_state, message.translation, message.delivery) == ("none", None, "pending")
    assert ordered(outcome).text_hash == text_hash("Здравствуйте, машина готова")


async def test_what_a_person_let_go_or_took_back_meanwhile_is_not_sent_again(desk: Desk):
    desk.is_away()
    message, _ = await desk.staff_writes(WRITTEN)
    async with desk.db.transaction() as tx:
        await tx.run("UPDATE messages SET delivery = 'failed', translation_state = 'none' WHERE id = %s", (message.id,))
    desk.comes_back()
    _, outcome = await desk.wanted(message)
    assert (outcome.commands, outcome.note) == ((), "decided already")


async def test_nothing_leaves_while_colleagues_consult(desk: Desk):
    desk.is_away()
    message, _ = await desk.staff_writes(WRITTEN)
    await desk.conversation(language="en", is_consult=True)
    desk.comes_back()
    desk.says(SENT)
    message, outcome = await desk.wanted(message)
    assert (message.delivery, message.translation_note, is_sent(outcome)) == ("held", "consult", False)


async def test_internal_words_are_not_even_shown_to_the_model(desk: Desk):
    outcome = await desk.play(desk.answered("это только для своих"))
    assert (outcome.commands, desk.asked()) == ((), [])


async def test_a_model_that_never_manages_leaves_the_decision_to_a_person(desk: Desk):
    desk.twin.fail(operation="openai.chat", spoil="truncated_call", times=1000)
    message, _ = await desk.staff_writes(WRITTEN)
    desk.clock.advance(timedelta(minutes=1))
    message, _ = await desk.wanted(message)
    assert (message.delivery, message.translation_note) == ("held", "the model gives no translation")


async def test_a_question_stays_within_its_few_requests_and_little_money(desk: Desk):
    desk.says("Hello, the car is ready, 40 dollars for 3 days")
    _, outcome = await desk.staff_writes(WRITTEN)
    assert sum(record.requests for record in outcome.records) == 2
    assert sum(record.cost for record in outcome.records) < Decimal("0.01")


async def test_only_an_older_answer_of_the_last_minutes_keeps_another_back(desk: Desk):
    desk.is_away()
    first, _ = await desk.staff_writes(WRITTEN, 5)
    second, _ = await desk.staff_writes(WRITTEN, 6)
    async with desk.db.transaction() as tx:
        assert await translations.is_behind_another(tx, second, since=NOON)
        assert not await translations.is_behind_another(tx, first, since=NOON)
        assert not await translations.is_behind_another(tx, second, since=NOON + timedelta(seconds=1))


async def _person(desk: Desk):
    person = new_id()
    async with desk.db.transaction() as tx:
        await tx.run(
            """INSERT INTO people (id, tg_user_id, name, role, approved_by, approved_at)
               VALUES (%s, 9, 'Nino', 'employee', 'system', now())""",
            (person,),
        )
    return person


async def test_the_row_of_an_answer_is_found_by_where_it_was_written(desk: Desk):
    message, _ = await desk.staff_writes("👍")
    async with desk.db.transaction() as tx:
        assert await messages.shown_as(tx, -100, 5) == message
