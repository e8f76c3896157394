"""A question comes in, a draft with the tools' figures stands in the holder's topic, or nothing does and says why."""

import pytest

from agents.kit.question import NO_MODEL
from core.clock import FixedClock
from core.commands import SendToClient, ShowDraft
from core.settings import NightSettings
from tests.agents.reading_tools.company import ROGUE
from tests.agents.reply_drafter.conftest import NIGHT, answers, bodies, calls

FREE = calls("availability", start="2026-03-10T10:00", end="2026-03-14T10:00", words="rogue")
PRICED = calls("price", after=1, car=ROGUE, start="2026-03-10T10:00", end="2026-03-14T10:00")
IS_FREE = answers(
    used=["availability-1"],
    staff_text="Да, Nissan Rogue свободен с 10 по 14 марта.",
    client_text="Yes, a Nissan Rogue is free from 10 March to 14 March.",
)
QUESTION = "Is a Rogue free 10-14 March?"


async def test_a_question_becomes_a_draft_in_the_holders_topic(desk):
    talk = await desk.talk()
    desk.model.follow(FREE, IS_FREE)
    outcome = await desk.asked(talk, QUESTION)
    draft = await desk.draft()
    assert (draft.state, draft.why_held, draft.is_shadow, draft.language) == ("open", None, False, "en")
    assert [fact["tool"] for fact in draft.facts] == ["availability", "night"]
    assert [body.draft_id for body in bodies(outcome, ShowDraft)] == [draft.id]
    assert outcome.records[0].tools[0].name == "availability"
    assert await desk.ours() == []


async def test_a_price_is_the_tools_own_to_the_cent(desk):
    talk = await desk.talk()
    told = answers(
        intent="price",
        used=["availability-1", "price-2"],
        staff_text="4 дня: ${tool.price.total}.",
        client_text="4 days: ${tool.price.total}.",
    )
    desk.model.follow(FREE, PRICED, told)
    await desk.asked(talk, "What is a Rogue for 10-14 March?")
    draft = await desk.draft()
    assert (draft.state, draft.why_held) == ("open", None)
    assert draft.client_text.endswith(".00 USD.")


async def test_a_figure_that_no_tool_said_holds_the_draft(desk):
    talk = await desk.talk()
    desk.model.follow(
        FREE, answers(used=["availability-1"], staff_text="Да, за 100 долларов.", client_text="Yes, for 100 USD.")
    )
    await desk.asked(talk, QUESTION)
    draft = await desk.draft()
    assert (draft.state, draft.why_held) == ("held", 'no tool said "100"')


@pytest.mark.parametrize("kind", ["no_answer", "needs_person"])
async def test_what_is_not_for_a_draft_is_left_to_people(desk, kind):
    talk = await desk.talk()
    desk.model.follow(answers(kind=kind, intent="complaint"))
    outcome = await desk.asked(talk, "Your car is broken!")
    assert outcome.note == f"{kind}: complaint"
    assert await desk.drafts() == []


async def test_without_a_model_there_is_a_note_and_nothing_else(desk):
    talk = await desk.talk()
    desk.thinker = NO_MODEL
    outcome = await desk.asked(talk, QUESTION)
    assert (outcome.note, outcome.commands) == ("no draft: no_key", ())


async def test_a_model_that_answers_nonsense_drafts_nothing(desk):
    talk = await desk.talk()
    desk.model.follow({"answer": {"text": "42"}})
    outcome = await desk.asked(talk, QUESTION)
    assert outcome.note == "no draft: nonsense"
    assert await desk.drafts() == []


async def test_no_model_is_asked_about_what_staff_have_answered(desk):
    talk = await desk.talk()
    question = await desk.wrote(talk, QUESTION)
    await desk.wrote(talk, "Yes", direction="outgoing", author="staff", delivery="pending")
    outcome = await desk.translated(question)
    assert outcome.note == "answered already"
    assert desk.model.read("journal")["calls"] == []


@pytest.mark.parametrize(
    ("meanwhile", "note"),
    [
        ({"text": "Yes", "direction": "outgoing", "author": "staff"}, "not needed any more: answered already"),
        ({"text": "And for 15 March?"}, "not needed any more: the client wrote more"),
    ],
)
async def test_what_happened_while_the_model_thought_decides(desk, meanwhile, note):
    talk = await desk.talk()
    desk.model.follow(FREE, IS_FREE)
    model = desk.thinker

    class Slow:
        async def ask(self, question):
            await desk.wrote(talk, **meanwhile)
            return await model.ask(question)

    desk.thinker = Slow()
    outcome = await desk.asked(talk, QUESTION)
    assert (outcome.note, outcome.commands) == (note, ())
    assert await desk.drafts() == []
    assert len(outcome.records) == 1


async def test_a_new_question_outdates_the_draft_before_it_and_its_card_follows(desk):
    talk = await desk.talk()
    desk.model.follow(FREE, IS_FREE)
    await desk.asked(talk, QUESTION)
    first = await desk.draft()
    (place,) = await desk.mirror.sql("SELECT chat_id FROM conversation_places")
    await desk.mirror.sql(
        """INSERT INTO posts (id, chat_id, entity, purpose, message_id, content_hash, updated_at)
           VALUES (gen_random_uuid(), %s, %s, 'card', 5, 'x', now()) RETURNING id""",
        place["chat_id"],
        f"draft:{first.id}",
    )
    outcome = await desk.asked(talk, "And a Rogue 10-14 March with a child seat?")
    assert [draft.state for draft in await desk.drafts()] == ["outdated", "open"]
    second = (await desk.drafts())[1]
    assert [body.draft_id for body in bodies(outcome, ShowDraft)] == [first.id, second.id]


async def test_a_late_translation_does_not_draft_twice(desk):
    talk = await desk.talk()
    desk.model.follow(FREE, IS_FREE)
    question = await desk.wrote(talk, QUESTION)
    await desk.translated(question)
    outcome = await desk.translated(question)
    assert outcome.note == "drafted already"
    assert (await desk.draft()).state == "open"


async def test_a_night_in_the_shadow_writes_for_a_person_and_sends_nothing(desk):
    desk.clock = FixedClock(NIGHT)
    talk = await desk.talk()
    desk.model.follow(FREE, IS_FREE)
    outcome = await desk.asked(talk, QUESTION)
    draft = await desk.draft()
    assert (draft.state, draft.is_shadow) == ("open", True)
    assert draft.facts[-1]["text"] == "intent availability, score 0.90 of 0.75: for a person, mode shadow"
    assert bodies(outcome, SendToClient) == []


async def test_a_night_that_is_off_asks_no_model(desk):
    desk.live()
    desk.settings = desk.settings.model_copy(update={"night": NightSettings(mode="off")})
    outcome = await desk.asked(await desk.talk(), QUESTION)
    assert outcome.note == "nothing is drafted at night"


async def test_a_live_night_answers_by_itself_what_is_free(desk):
    desk.live()
    talk = await desk.talk()
    desk.model.follow(FREE, IS_FREE)
    outcome = await desk.asked(talk, QUESTION)
    (ours,) = await desk.ours()
    assert (ours["author"], ours["person_id"], ours["delivery"]) == ("jarvis", None, "pending")
    assert ours["translation"] == "Yes, a Nissan Rogue is free from 10 March to 14 March."
    assert [body.message_id for body in bodies(outcome, SendToClient)] == [ours["id"]]
    assert (await desk.draft()).state == "sent"


async def test_a_live_night_leaves_a_price_to_people(desk):
    desk.live()
    talk = await desk.talk()
    told = answers(used=["price-2"], staff_text="${tool.price.total}", client_text="${tool.price.total}")
    desk.model.follow(FREE, PRICED, told)
    outcome = await desk.asked(talk, "Rogue 10-14 March?")
    assert bodies(outcome, SendToClient) == []
    assert (await desk.draft()).state == "open"


async def test_a_live_night_says_no_more_than_it_may(desk):
    desk.live()
    talk = await desk.talk()
    desk.model.follow(FREE, IS_FREE)
    await desk.asked(talk, QUESTION)
    outcome = await desk.asked(talk, "And a Rogue 10-14 March, still?", sent_at=desk.clock.now())
    assert bodies(outcome, SendToClient) == []
    assert len(await desk.ours()) == 1
