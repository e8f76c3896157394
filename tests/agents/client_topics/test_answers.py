"""What staff write: stored once for the client, never while they talk among themselves."""

from datetime import timedelta

import pytest

from core.commands import SendMessage, SendToClient, ShowClientMessage, ShowDraft, ShowSending, text_hash
from core.events import KeptFile, MessageNotSent, MessageSent, SendConfirmed, SendRetried
from core.ids import new_id
from db.queries import messages
from db.queries.messages import Attachment
from tests.agents.client_topics.conftest import NOW, Company, keys, shown


@pytest.fixture
async def nino(company: Company):
    return await company.person("Nino")


@pytest.fixture
async def group(company: Company, nino):
    return await company.group(nino)


async def test_an_answer_is_stored_for_the_translator_and_makes_the_writer_the_holder(company: Company, nino, group):
    conversation = await company.conversation()
    message_id, _ = await company.answer(conversation, nino, group, reply_to=3)
    stored = await company.message(message_id)
    assert (stored.direction, stored.author, stored.person_id) == ("outgoing", "staff", nino)
    assert (stored.original, stored.delivery, stored.translation_state) == ("Добрый день", "pending", "waiting")
    assert stored.custom_id == f"jarvis:{message_id}"
    now = await company.now_of(conversation)
    assert (now.holder_id, now.held_since) == (nino, NOW)
    assert now.session_expires_at == NOW + timedelta(hours=1)


async def test_a_colleague_who_helps_does_not_become_the_holder(company: Company, nino, group):
    oleg = await company.person("Oleg")
    conversation = await company.conversation(holder_id=nino)
    await company.answer(conversation, oleg, group)
    assert (await company.now_of(conversation)).holder_id == nino


async def test_the_same_words_told_twice_are_one_message(company: Company, nino, group):
    conversation = await company.conversation()
    await company.answer(conversation, nino, group, message_id=900)
    _, again = await company.answer(conversation, nino, group, message_id=900)
    assert again.note == "stored already"
    assert len(await company.sql("SELECT id FROM messages")) == 1


async def test_an_own_answer_makes_the_draft_of_jarvis_out_of_date(company: Company, nino, group):
    conversation = await company.conversation()
    question, draft_id = await company.wrote(conversation), new_id()
    await company.sql(
        """INSERT INTO drafts (id, conversation_id, question_id, staff_text, client_text, language, state)
           VALUES (%s, %s, %s, 'Да', 'Yes', 'en', 'open') RETURNING id""",
        draft_id,
        conversation.id,
        question,
    )
    await company.sql(
        """INSERT INTO posts (id, chat_id, entity, purpose, thread_id, message_id, content_hash)
           VALUES (%s, %s, %s, 'card', 7, 70, 'x') RETURNING id""",
        new_id(),
        group,
        f"draft:{draft_id}",
    )
    _, outcome = await company.answer(conversation, nino, group)
    assert [row["state"] for row in await company.sql("SELECT state FROM drafts")] == ["outdated"]
    assert [one.draft_id for one in shown(outcome, ShowDraft)] == [draft_id]


async def test_a_file_goes_along(company: Company, nino, group):
    conversation = await company.conversation()
    file = KeptFile(storage_key="sha256/aa", media_kind="photo", mime="image/jpeg", size=9)
    message_id, _ = await company.answer(conversation, nino, group, "", file=file)
    assert (await company.message(message_id)).attachments == (
        Attachment(kind="photo", mime="image/jpeg", size=9, storage_key="sha256/aa"),
    )


async def test_in_consult_mode_nothing_is_stored(company: Company, nino, group):
    conversation = await company.conversation(holder_id=nino, is_consult=True)
    _, outcome = await company.answer(conversation, nino, group, "he sounds angry")
    assert outcome.note is not None
    assert outcome.note.startswith("internal")
    assert outcome.commands == ()
    assert await company.sql("SELECT id FROM messages") == []


async def test_a_word_reopens_a_closed_conversation(company: Company, nino, group):
    conversation = await company.conversation(state="closed")
    await company.answer(conversation, nino, group)
    assert (await company.now_of(conversation)).state == "open"


async def test_an_edit_in_time_changes_what_is_going_to_be_translated(company: Company, nino, group):
    conversation = await company.conversation()
    message_id, _ = await company.answer(conversation, nino, group, message_id=900)
    await company.change(message_id, delivery="held", translation="Good day", translation_state="held")
    await company.answer(conversation, nino, group, "Добрый вечер", message_id=900, is_edit=True)
    stored = await company.message(message_id)
    assert (stored.original, stored.translation, stored.translation_state) == ("Добрый вечер", None, "waiting")
    assert stored.delivery == "pending"


@pytest.mark.parametrize(
    "state",
    [
        {"delivery": "sent", "translation_state": "done"},
        {"delivery": "pending", "translation_state": "done"},
        {"delivery": "failed", "translation_state": "done"},
        {"delivery": "unknown", "translation_state": "done"},
    ],
)
async def test_an_edit_too_late_is_said_and_changes_nothing(company: Company, nino, group, state):
    conversation = await company.conversation()
    message_id, _ = await company.answer(conversation, nino, group, message_id=900)
    await company.change(message_id, **state)
    _, outcome = await company.answer(conversation, nino, group, "другое", message_id=900, is_edit=True)
    assert keys(outcome) == [(group, "talk-edit-too-late")]
    [line] = shown(outcome, SendMessage)
    assert line.reply_to == 900
    assert (await company.message(message_id)).original == "Добрый день"


async def test_an_edit_of_what_was_said_among_ourselves_never_goes_to_the_client(company: Company, nino, group):
    conversation = await company.conversation(holder_id=nino, is_consult=True)
    await company.answer(conversation, nino, group, "he sounds angry", message_id=900)
    await company.steer(conversation, "consult_end", nino)
    _, outcome = await company.answer(conversation, nino, group, "he sounds very angry", message_id=900, is_edit=True)
    assert keys(outcome) == [(group, "talk-edit-too-late")]
    assert await company.sql("SELECT id FROM messages") == []


async def test_an_edit_that_changes_no_word_is_silent(company: Company, nino, group):
    conversation = await company.conversation()
    await company.answer(conversation, nino, group, message_id=900)
    _, outcome = await company.answer(conversation, nino, group, message_id=900, is_edit=True)
    assert outcome.commands == ()


async def _held(company: Company, nino, group, **told):
    conversation = await company.conversation(holder_id=nino)
    message_id, _ = await company.answer(conversation, nino, group, **told)
    await company.change(message_id, delivery="held", translation="Good day", translation_state="held")
    return conversation, message_id


def _confirmed(conversation, message_id, *, is_let_go: bool = True, as_written: bool = False) -> SendConfirmed:
    return SendConfirmed(
        conversation_id=conversation.id, message_id=message_id, is_let_go=is_let_go, as_written=as_written
    )


async def test_what_a_person_lets_go_is_sent_with_exactly_these_words(company: Company, nino, group):
    conversation, message_id = await _held(company, nino, group)
    outcome = await company.happen(_confirmed(conversation, message_id), by=nino)
    [body] = shown(outcome, SendToClient)
    assert body.text_hash == text_hash("Good day")
    [command] = [one for one in outcome.commands if one.body == body]
    assert command.approval is None
    assert command.destination == "umnico:100500:777"
    assert (await company.message(message_id)).delivery == "pending"


async def test_as_written_leaves_the_translation_out(company: Company, nino, group):
    conversation, message_id = await _held(company, nino, group)
    await company.happen(_confirmed(conversation, message_id, as_written=True), by=nino)
    stored = await company.message(message_id)
    assert messages.client_words(stored) == "Добрый день"
    assert stored.translation_state == "none"


async def test_a_message_without_a_translation_yet_goes_only_as_written(company: Company, nino, group):
    conversation = await company.conversation(holder_id=nino)
    message_id, _ = await company.answer(conversation, nino, group)
    early = await company.happen(_confirmed(conversation, message_id), by=nino)
    assert shown(early, SendToClient) == []
    outcome = await company.happen(_confirmed(conversation, message_id, as_written=True), by=nino)
    assert len(shown(outcome, SendToClient)) == 1


async def test_a_second_press_sends_nothing_more(company: Company, nino, group):
    conversation, message_id = await _held(company, nino, group)
    await company.happen(_confirmed(conversation, message_id), by=nino)
    again = await company.happen(_confirmed(conversation, message_id), by=nino)
    assert shown(again, SendToClient) == []


async def test_what_was_taken_back_is_neither_translated_late_nor_sent_again(company: Company, nino, group):
    conversation = await company.conversation(holder_id=nino)
    message_id, _ = await company.answer(conversation, nino, group)
    await company.happen(_confirmed(conversation, message_id, is_let_go=False), by=nino)
    stored = await company.message(message_id)
    assert (stored.delivery, stored.translation_state) == ("failed", "none")
    retried = SendRetried(conversation_id=conversation.id, message_id=message_id)
    outcome = await company.happen(retried, by=nino)
    assert shown(outcome, SendToClient) == []
    assert keys(outcome) == [(group, "talk-taken-back")]


async def test_an_offer_that_is_confirmed_still_waits_for_a_head(company: Company, nino, group):
    conversation, message_id = await _held(company, nino, group, needs_approval=True)
    outcome = await company.happen(_confirmed(conversation, message_id), by=nino)
    [command] = [one for one in outcome.commands if isinstance(one.body, SendToClient)]
    assert command.approval is not None
    assert command.approval.beneficiary_id == nino
    assert command.approval.branch == "tbilisi"
    assert command.approval.shown["client_text"] == "Good day"


async def test_each_retry_is_a_try_of_its_own(company: Company, nino, group):
    conversation, message_id = await _held(company, nino, group)
    first = await company.happen(_confirmed(conversation, message_id), by=nino)
    await company.change(message_id, delivery="failed", delivery_note="refused")
    retried = SendRetried(conversation_id=conversation.id, message_id=message_id)
    second = await company.happen(retried, by=nino)
    assert [one.attempt for one in shown(first, SendToClient)] == [0]
    assert [one.attempt for one in shown(second, SendToClient)] == [1]
    third = await company.happen(retried, by=nino)
    assert shown(third, SendToClient) == []


async def test_in_consult_mode_nothing_is_let_go(company: Company, nino, group):
    conversation, message_id = await _held(company, nino, group)
    await company.steer(conversation, "consult", nino)
    outcome = await company.happen(_confirmed(conversation, message_id), by=nino)
    assert shown(outcome, SendToClient) == []
    assert keys(outcome) == [(group, "talk-not-sent-consult")]


async def test_what_left_is_said_under_it_and_shown_to_the_others(company: Company, nino, group):
    head = await company.person("Head")
    other = await company.group(head)
    conversation, message_id = await _held(company, nino, group)
    await company.steer(conversation, "take", head)
    outcome = await company.happen(MessageSent(conversation_id=conversation.id, message_id=message_id))
    assert [one.chat_id for one in shown(outcome, ShowSending)] == [group]
    assert [one.chat_id for one in shown(outcome, ShowClientMessage)] == [other]


async def test_what_did_not_leave_is_said_under_it(company: Company, nino, group):
    conversation, message_id = await _held(company, nino, group)
    body = MessageNotSent(conversation_id=conversation.id, message_id=message_id, why="blocked")
    outcome = await company.happen(body)
    assert [(one.chat_id, one.message_id) for one in shown(outcome, ShowSending)] == [(group, message_id)]
