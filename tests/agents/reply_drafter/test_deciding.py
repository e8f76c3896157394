"""Send, edit, discard: once, by whoever works here, and only while it answers what the client asked last."""

import pytest

from core.commands import SendMessage, SendToClient
from core.ids import new_id
from tests.agents.reply_drafter.conftest import answers, bodies, calls

FREE = calls("branch_hours_and_address")
HOURS = answers(
    intent="address_hours",
    used=["branch_hours_and_address-1"],
    staff_text="Мы работаем 09:00-20:00.",
    client_text="We work 09:00-20:00.",
)


@pytest.fixture
async def drafted(desk):
    """A conversation with an open draft, and who holds it."""
    talk = await desk.talk()
    desk.model.follow(FREE, HOURS)
    await desk.asked(talk, "When do you work?")
    return talk, await desk.draft()


async def test_send_makes_one_message_in_the_name_of_whoever_pressed(desk, drafted):
    talk, draft = drafted
    outcome = await desk.press(draft, "send", talk.holder_id)
    (ours,) = await desk.ours()
    assert (ours["author"], ours["person_id"]) == ("staff", talk.holder_id)
    assert (ours["original"], ours["translation"]) == ("Мы работаем 09:00-20:00.", "We work 09:00-20:00.")
    assert (ours["language"], ours["translated_to"]) == ("ru", "en")
    assert (ours["delivery"], ours["translation_state"]) == ("pending", "done")
    assert len(bodies(outcome, SendToClient)) == 1
    assert (await desk.draft()).decided_by == talk.holder_id


@pytest.mark.parametrize("first", ["send", "edit", "discard"])
async def test_a_second_press_changes_nothing(desk, drafted, first):
    talk, draft = drafted
    await desk.press(draft, first, talk.holder_id)
    before, sent = await desk.draft(), len(await desk.ours())
    outcome = await desk.press(draft, "send", talk.holder_id)
    assert outcome.note == "decided already"
    assert bodies(outcome, SendToClient) == []
    assert (await desk.draft(), len(await desk.ours())) == (before, sent)


async def test_edit_brings_the_words_to_copy(desk, drafted):
    talk, draft = drafted
    outcome = await desk.press(draft, "edit", talk.holder_id)
    (told,) = bodies(outcome, SendMessage)
    assert (told.text.key, told.text.args) == ("reply-draft-to-edit", {"words": "Мы работаем 09:00-20:00."})
    assert told.entity == talk.entity
    assert (await desk.draft()).state == "edited"


async def test_discard_only_ends_it(desk, drafted):
    talk, draft = drafted
    outcome = await desk.press(draft, "discard", talk.holder_id)
    assert (await desk.draft()).state == "discarded"
    assert outcome.commands == ()


async def test_a_draft_that_the_client_has_written_after_is_not_sent_and_says_so(desk, drafted):
    talk, draft = drafted
    await desk.wrote(talk, "👍")
    outcome = await desk.press(draft, "send", talk.holder_id)
    assert [body.text.key for body in bodies(outcome, SendMessage)] == ["reply-draft-outdated"]
    assert (await desk.draft()).state == "outdated"
    assert await desk.ours() == []


@pytest.mark.parametrize(
    ("change", "key"), [({"is_consult": True}, "reply-draft-in-consult"), ({"state": "closed"}, "reply-draft-closed")]
)
async def test_nothing_leaves_a_conversation_that_is_silent_or_over(desk, drafted, change, key):
    talk, draft = drafted
    await desk.change(talk, **change)
    outcome = await desk.press(draft, "send", talk.holder_id)
    assert [body.text.key for body in bodies(outcome, SendMessage)] == [key]
    assert (await desk.draft()).state == "open"
    assert await desk.ours() == []


async def test_a_held_draft_cannot_be_sent_as_it_is(desk):
    talk = await desk.talk()
    desk.model.follow(answers(staff_text="За 5 дней.", client_text="In 5 days."))
    await desk.asked(talk, "When?")
    draft = await desk.draft()
    outcome = await desk.press(draft, "send", talk.holder_id)
    assert [body.text.key for body in bodies(outcome, SendMessage)] == ["reply-draft-held"]
    assert await desk.ours() == []


@pytest.mark.parametrize("by", [None, new_id()])
async def test_whoever_does_not_work_here_decides_nothing(desk, drafted, by):
    _, draft = drafted
    await desk.press(draft, "send", by)
    assert (await desk.draft()).state == "open"
    assert await desk.ours() == []
