"""What a client wrote is read in the language of the staff, with every fact as it was, or in the original."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agents.kit.question import Degraded, Reason
from agents.kit.record import Record
from agents.translator.agent import AT_ONCE, VOICES_AT_ONCE
from agents.translator.ask import Told
from agents.translator.context import context_of
from agents.translator.decide import of_client
from core.events import TranslationWanted
from core.ids import new_id
from db.queries import glossary
from db.queries.glossary import Term
from tests.agents.translator.conftest import LEAD, Desk, MakeDesk, is_told_late

ASKED = "Good morning, is the car free for 3 days?"
READ = "Доброе утро, машина свободна на 3 дня?"


async def test_staff_read_their_own_language_and_the_conversation_knows_the_client_s(make_desk: MakeDesk):
    desk = await make_desk()
    desk.says(READ)
    message, outcome = await desk.client_writes(ASKED)
    assert (message.translation, message.translation_state, message.translated_to) == (READ, "done", "ru")
    assert (message.language, await desk.language()) == ("en", "en")
    assert (outcome.events, outcome.commands) == ((), ())
    [record] = outcome.records
    assert record.requests == 1


async def test_a_message_in_the_language_of_the_staff_needs_no_model(desk: Desk):
    message, _ = await desk.client_writes("Здравствуйте, машина свободна?")
    assert (message.translation_state, message.language, await desk.language()) == ("none", "ru", "ru")
    assert desk.asked() == []


@pytest.mark.parametrize("words", ["", "👍👍", "+995 555 12 34 56", "24.11, 17:30", "https://site.example/abc"])
async def test_what_is_the_same_in_every_language_needs_no_model(desk: Desk, words):
    message, _ = await desk.client_writes(words)
    assert message.translation_state == "none"
    assert desk.asked() == []


async def test_short_words_are_in_the_language_of_the_conversation(desk: Desk):
    desk.says("хорошо")
    message, _ = await desk.client_writes("ok")
    assert (message.language, message.translation) == ("en", "хорошо")
    assert desk.asked()[0].startswith("A client writes. Translate from English to Russian.")


async def test_a_voice_message_is_translated_by_what_was_heard_in_it(desk: Desk):
    desk.says("да, сейчас")
    message, _ = await desk.client_writes("", transcript="ja, jetzt", language="de")
    assert (message.translation, await desk.language()) == ("да, сейчас", "de")


async def test_noise_does_not_change_the_language_of_a_conversation(desk: Desk):
    desk.says("да")
    await desk.client_writes("", transcript="ja ja ja", language="de", confidence=0.2)
    assert await desk.language() == "en"


async def test_a_language_that_is_not_configured_is_translated_all_the_same(make_desk: MakeDesk):
    desk = await make_desk(conversation={"language": "ru"})
    desk.says("Здравствуйте, машина свободна?")
    message, _ = await desk.client_writes("Bonjour, la voiture est disponible ?")
    assert (message.language, message.translation_state, await desk.language()) == (None, "done", "ru")
    assert desk.asked()[0].startswith("A client writes. Translate from their language to Russian.")


async def test_personal_data_stays_in_the_company(desk: Desk):
    desk.says("Звоните ⟦phone-1⟧ или ⟦email-1⟧, паспорт ⟦document-1⟧")
    words = "Call +995 555 12 34 56 or anna@example.com, passport AB1234567"
    message, _ = await desk.client_writes(words)
    assert message.translation == "Звоните +995 555 12 34 56 или anna@example.com, паспорт AB1234567"
    [shown] = desk.asked()
    assert not [secret for secret in ("555", "anna@", "AB123") if secret in shown]


async def test_earlier_lines_are_shown_for_their_tone_without_personal_data(desk: Desk):
    desk.says("да, пожалуйста")
    await desk.stored(replace((await desk.client_writes("My phone is +995 555 12 34 56", "A"))[0]))
    desk.clock.advance(timedelta(seconds=5))
    await desk.client_writes("yes please", "B")
    assert "<before>\nclient: My phone is …\n</before>" in desk.asked()[-1]


async def test_a_changed_fact_is_named_and_repaired_once(desk: Desk):
    desk.says("Машина свободна на 4 дня?", READ)
    message, outcome = await desk.client_writes(ASKED)
    assert (message.translation, message.translation_state) == (READ, "done")
    assert len(outcome.records) == 2
    assert "<faults>\nchanged: 3 -> 4\n</faults>" in desk.asked()[1]


@pytest.mark.parametrize(
    ("words", "said", "note"),
    [
        (ASKED, "Машина свободна на 4 дня?", "changed: 3 -> 4"),
        (ASKED, "Машина свободна на 3 дня за 50 лари?", "added: 50"),
        ("It was $50 for 2 days and $40 for 5 days", "Было $40 за 2 дня и $50 за 5 дней", "swapped: 50, 40 -> 40, 50"),
        ("Please write to anna@example.com", "Напишите мне, пожалуйста", "lost: anna@example.com"),
        ("I am at the airport already", "", "empty"),
        ("I am at the airport already", "Я в аэропорту. " * 200, "much too long"),
        ("I am at the airport already", "Я в аэропорту http://evil.example/x", "added: http://evil.example/x"),
        ("I am at the airport already", "<b>Я</b> в аэропорту", "markup"),
    ],
)
async def test_what_no_repair_mended_is_read_in_the_original(desk: Desk, words, said, note):
    desk.says(said)
    message, _ = await desk.client_writes(words)
    assert (message.translation_state, message.translation, message.translation_note) == ("held", None, note)
    assert len(desk.asked()) == 2


async def test_what_was_not_translated_is_repaired_once(make_desk: MakeDesk):
    desk = await make_desk(check_language=True)
    desk.says(ASKED, READ)
    message, _ = await desk.client_writes(ASKED)
    assert (message.translation_state, message.translation) == ("done", READ)
    assert "language: latin instead of ru" in desk.asked()[1]


async def test_what_no_repair_translates_is_read_in_the_original(make_desk: MakeDesk):
    desk = await make_desk(check_language=True)
    desk.says(ASKED)
    message, _ = await desk.client_writes(ASKED)
    assert (message.translation_state, message.translation) == ("held", None)
    assert message.translation_note == "language: latin instead of ru"


async def test_the_client_s_name_and_the_car_keep_their_letters(desk: Desk):
    await desk.conversation(language="en", contact_name="John Smith")
    desk.says("Это Джон Смит, машина готова?", "Это John Smith, машина готова?")
    message, _ = await desk.client_writes("This is John Smith, is the car ready?")
    assert message.translation == "Это John Smith, машина готова?"
    assert "lost: John Smith" in desk.asked()[1]


async def test_the_company_s_own_terms_are_used(desk: Desk):
    async with desk.db.transaction() as tx:
        await glossary.set_term(tx, Term("страховка", "en", "coverage"))
    desk.says("Что входит в покрытие?", "Что входит в страховку?")
    message, _ = await desk.client_writes("What does the coverage include?")
    assert message.translation == "Что входит в страховку?"
    assert "<terms>\ncoverage = страховка\n</terms>" in desk.asked()[0]


async def test_a_message_that_is_far_too_long_is_read_in_the_original(desk: Desk):
    message, _ = await desk.client_writes("Hello my dear friend! " * 1000)
    assert (message.translation_state, message.translation_note) == ("held", "> 6000")
    assert desk.asked() == []


async def test_an_outage_shows_the_original_at_once_and_the_translation_comes_later(desk: Desk):
    desk.is_away()
    message, outcome = await desk.client_writes(ASKED)
    assert (message.translation_state, message.translation) == ("waiting", None)
    assert not is_told_late(outcome)
    desk.comes_back()
    desk.says(READ)
    message, outcome = await desk.wanted(message)
    assert (message.translation_state, message.translation) == ("done", READ)
    assert is_told_late(outcome)


async def test_a_tick_during_an_outage_asks_once_and_for_nothing_else(desk: Desk):
    desk.is_away()
    for number in range(5):
        await desk.client_writes(ASKED, f"K{number}")
    before = len(desk.asked())
    outcome = await desk.tick()
    assert (outcome.events, len(desk.asked()) - before) == ((), 0)


async def test_the_first_tick_after_an_outage_brings_the_oldest_and_asks_for_the_others_in_order(desk: Desk):
    desk.is_away()
    waiting = []
    for number in range(3):
        waiting.append((await desk.client_writes(ASKED, f"K{number}"))[0])
        desk.clock.advance(timedelta(seconds=1))
    desk.comes_back()
    desk.says(READ)
    outcome = await desk.tick()
    assert (await desk.now(waiting[0])).translation == READ
    bodies = [event.body for event in outcome.events]
    assert [body.message_id for body in bodies if isinstance(body, TranslationWanted)] == [
        message.id for message in waiting[1:]
    ]
    assert is_told_late(outcome)


async def test_nothing_is_asked_of_a_tick_when_nothing_waits(desk: Desk):
    outcome = await desk.tick()
    assert (outcome.events, desk.asked()) == ((), [])


async def test_a_voice_without_words_waits_for_them_and_the_tick_remembers_it(desk: Desk):
    message, _ = await desk.client_writes("", translation_state="waiting")
    assert message.translation_state == "waiting"
    [event] = (await desk.tick()).events
    assert event.body == TranslationWanted(conversation_id=LEAD.id, message_id=message.id)
    desk.clock.advance(timedelta(hours=25))
    message, outcome = await desk.wanted(message)
    assert message.translation_state == "none"
    assert is_told_late(outcome)


async def test_voices_that_wait_for_their_words_keep_no_translation_waiting(desk: Desk):
    for number in range(AT_ONCE + VOICES_AT_ONCE):
        await desk.client_writes("", f"V{number}", translation_state="waiting")
    desk.clock.advance(timedelta(seconds=1))
    desk.is_away()
    written, _ = await desk.client_writes(ASKED)
    desk.comes_back()
    desk.says(READ)
    outcome = await desk.tick()
    assert (await desk.now(written)).translation == READ
    assert [type(event.body) for event in outcome.events].count(TranslationWanted) == VOICES_AT_ONCE


async def test_a_spent_budget_of_one_conversation_leaves_its_originals(make_desk: MakeDesk):
    desk = await make_desk(llm={"object_day": {"requests": 2, "tokens": 100_000, "usd": 1}})
    desk.says(READ)
    first, _ = await desk.client_writes(ASKED, "A")
    second, outcome = await desk.client_writes(ASKED, "B")
    assert (first.translation_state, second.translation_state) == ("done", "waiting")
    assert outcome.note == "waiting: budget_spent object"


async def test_without_a_key_or_with_the_switch_off_the_original_is_there(make_desk: MakeDesk):
    keyless = await make_desk(llm={"models": ()})
    assert (await keyless.client_writes(ASKED, "A"))[0].translation_state == "waiting"
    desk = await make_desk()
    desk.panel.off = {("agent", "translator")}
    assert (await desk.client_writes(ASKED, "B"))[0].translation_state == "waiting"
    assert desk.asked() == []


async def test_a_model_that_talks_nonsense_is_asked_again_and_then_given_up(desk: Desk):
    desk.twin.fail(operation="openai.chat", spoil="nonsense", times=1000)
    message, _ = await desk.client_writes(ASKED)
    assert message.translation_state == "waiting"
    desk.clock.advance(timedelta(minutes=2))
    message, outcome = await desk.wanted(message)
    assert (message.translation_state, message.translation_note) == ("held", "the model gives no translation")
    assert is_told_late(outcome)


async def test_after_a_day_nobody_waits_for_a_model_any_more(desk: Desk):
    desk.is_away()
    message, _ = await desk.client_writes(ASKED)
    desk.clock.advance(timedelta(hours=25))
    message, _ = await desk.wanted(message)
    assert (message.translation_state, message.translation_note) == ("held", "no translation came")


async def test_a_model_that_never_ends_in_time_is_given_up_after_an_hour(desk: Desk):
    slow = Degraded(Reason.TIMED_OUT, Record(prompt_hash="x"))
    desk.is_away()
    message, _ = await desk.client_writes(ASKED)
    for minutes, state in ((30, "waiting"), (31, "held")):
        desk.clock.advance(timedelta(minutes=minutes))
        context = await context_of(message.id, desk.deps)
        assert context is not None
        assert of_client(context, Told(degraded=slow), is_late=True).state == state


async def test_a_translation_wanted_twice_is_made_once(desk: Desk):
    desk.is_away()
    message, _ = await desk.client_writes(ASKED)
    desk.comes_back()
    desk.says(READ)
    await desk.wanted(message)
    calls = len(desk.asked())
    _, outcome = await desk.wanted(message)
    assert (outcome.note, len(desk.asked())) == ("decided already", calls)


async def test_a_message_that_was_edited_meanwhile_keeps_no_translation_of_its_old_words(desk: Desk):
    desk.says(READ)
    message, _ = await desk.client_writes(ASKED)
    desk.is_away()
    message, _ = await desk.client_writes(ASKED.replace("3", "4"))
    assert (message.translation, message.translation_state) == (None, "waiting")


async def test_what_an_operator_wrote_in_umnico_is_read_by_all_and_says_nothing_of_the_client(desk: Desk):
    desk.says("Ваша машина готова")
    told = {"author": "operator", "direction": "outgoing", "delivery": "sent"}
    message, _ = await desk.client_writes("Ihr Wagen steht für Sie bereit", **told)
    assert (message.translation, message.language) == ("Ваша машина готова", "de")
    assert await desk.language() == "en"


async def test_an_event_about_a_message_that_is_gone_does_nothing(desk: Desk):
    outcome = await desk.play(TranslationWanted(conversation_id=LEAD.id, message_id=new_id()))
    assert outcome.changes is None
