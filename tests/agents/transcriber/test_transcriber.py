"""What is said in a recording becomes words, once; without words a message goes on as it is."""

from dataclasses import replace

import pytest

from agents.spec import Deps, Outcome
from agents.transcriber import AGENT
from core.events import (
    AlarmCleared,
    AlarmRaised,
    ClientWrote,
    EventBody,
    KeptFile,
    StaffAnswered,
    StaffWrote,
    TranslationWanted,
)
from core.ids import new_id
from db.queries import transcripts
from db.queries.messages import Message
from tests.agents.agent_at_work import happen
from tests.agents.transcriber.conftest import LEAD, MakeRoom, Room

WORDS = "Здравствуйте, машина свободна?"
OPERATION = "openai.transcriptions"


async def play(room: Room, body: EventBody, deps: Deps | None = None) -> Outcome:
    return await happen(AGENT, body, db=room.db, clock=room.clock, deps=deps or room.deps)


def wrote(message: Message) -> ClientWrote:
    return ClientWrote(conversation_id=LEAD.id, message_id=message.id)


def wanted(message: Message) -> TranslationWanted:
    return TranslationWanted(conversation_id=LEAD.id, message_id=message.id)


def answered(file: KeptFile | None) -> StaffAnswered:
    return StaffAnswered(**said(file).model_dump(), conversation_id=LEAD.id)


def said(file: KeptFile | None) -> StaffWrote:
    return StaffWrote(chat_id=-100, thread_id=7, message_id=5, person_id=new_id(), tg_user_id=9, text="", file=file)


async def test_a_client_s_voice_becomes_words_with_their_language_and_confidence(room: Room):
    message = await room.client_says(WORDS)
    room.twin.follow(transcripts=[{"transcript": {"text": WORDS, "language": "russian", "avg_logprob": -0.1}}])
    await play(room, wrote(message))
    now = await room.now(message)
    assert (now.transcript, now.language, now.words) == (WORDS, "ru", WORDS)
    assert now.confidence == pytest.approx(0.887, abs=0.001)
    assert now.attachments == message.attachments


async def test_a_recording_is_read_once_however_often_it_is_asked_for(room: Room):
    message = await room.client_says(WORDS)
    for _ in range(3):
        await play(room, wrote(message))
    assert room.heard() == 1
    assert (await room.now(message)).transcript == WORDS


async def test_several_recordings_of_a_message_are_all_read_and_the_least_sure_one_counts(room: Room):
    message = await room.client_says("one", "two")
    room.twin.follow(
        transcripts=[
            {"times": 1, "transcript": {"text": "one", "avg_logprob": -0.1}},
            {"transcript": {"text": "two", "avg_logprob": -1.6}},
        ]
    )
    await play(room, wrote(message))
    now = await room.now(message)
    assert now.transcript == "one\ntwo"
    assert now.confidence == pytest.approx(0.198, abs=0.001)


async def test_a_text_costs_no_call(room: Room):
    message = await room.client_says(original="Hello")
    outcome = await play(room, wrote(message))
    assert (outcome.note, room.heard()) == ("no recording", 0)


async def test_a_recording_that_is_too_long_stays_a_file_and_is_not_read_again(make_room: MakeRoom):
    room = await make_room(longest_s=180)
    message = await room.client_says(WORDS)
    room.twin.follow(transcripts=[{"transcript": {"text": WORDS, "duration": 181}}])
    first, second = await play(room, wrote(message)), await play(room, wrote(message))
    assert first.note == "too long"
    assert second.note == "nothing is said in it"
    assert (await room.now(message)).transcript is None
    assert room.heard() == 1


async def test_a_recording_that_cannot_be_short_is_not_even_listened_to(make_room: MakeRoom):
    room = await make_room(longest_s=1)
    message = await room.client_says("word " * 10_000)
    first, second = await play(room, wrote(message)), await play(room, wrote(message))
    assert (first.note, second.note, room.heard()) == ("too large", "nothing is said in it", 0)


async def test_silence_is_no_words(room: Room):
    message = await room.client_says(WORDS)
    room.twin.follow(transcripts=[{"transcript": {"text": ""}}])
    outcome = await play(room, wrote(message))
    assert outcome.note == "nothing is said in it"
    assert (await room.now(message)).words == ""


async def test_a_refused_recording_goes_on_without_words(room: Room):
    message = await room.client_says(WORDS)
    room.twin.fail(operation=OPERATION, status=400)
    outcome = await play(room, wrote(message))
    now = await room.now(message)
    assert "refused" in (outcome.note or "")
    assert (now.transcript, now.translation_state) == (None, "none")


async def test_without_a_server_a_voice_message_stays_a_file(room: Room):
    message = await room.client_says(WORDS)
    outcome = await play(room, wrote(message), replace(room.deps, speech=None))
    assert outcome.note == "no server writes down what is said"
    assert (await room.now(message)).translation_state == "none"


async def test_the_words_come_when_the_server_is_back(room: Room):
    message = await room.client_says(WORDS)
    room.twin.fail(operation=OPERATION, status=503, times=2)
    await play(room, wrote(message))
    assert (await room.now(message)).translation_state == "waiting"
    await play(room, wanted(message))
    assert (await room.now(message)).words == ""
    await play(room, wanted(message))
    assert (await room.now(message)).words == WORDS


async def test_a_server_that_stalls_holds_nobody_up(make_room: MakeRoom):
    room = await make_room(timeout_s=0.2)
    message = await room.client_says(WORDS)
    room.twin.fail(operation=OPERATION, latency_s=3)
    outcome = await play(room, wrote(message))
    assert (outcome.note or "").startswith("away")


async def test_a_refused_key_is_an_alarm_that_ends_when_words_come_again(room: Room, make_room: MakeRoom):
    locked_out = await make_room(key="sk-other")
    message = await room.client_says(WORDS)
    [raised] = (await play(locked_out, wrote(message))).events
    assert isinstance(raised.body, AlarmRaised)
    async with room.db.transaction() as tx:
        await tx.run(
            """INSERT INTO alarms (key, text_key, args, opened_at, last_at, count)
               VALUES (%s, %s, '{}', now(), now(), 1)""",
            (raised.body.key, raised.body.text_key),
        )
    [cleared] = (await play(room, wanted(message))).events
    assert cleared.body == AlarmCleared(key=raised.body.key)


async def test_a_colleague_s_voice_becomes_words_that_wait_and_the_voice_itself_stays_here(room: Room):
    file = await room.keep(WORDS)
    message = await room.staff_says(file)
    await play(room, answered(file))
    now = await room.now(message)
    assert (now.transcript, now.delivery, now.attachments) == (WORDS, "held", ())
    [call] = room.twin.read("journal")["calls"]
    assert call["params"]["form"]["language"] == "ru"


async def test_a_colleague_s_voice_that_already_left_is_not_held(room: Room):
    file = await room.keep(WORDS)
    message = await room.staff_says(file, delivery="sent")
    await play(room, answered(file))
    assert (await room.now(message)).delivery == "sent"


async def test_a_colleague_s_voice_waits_for_the_server_without_being_sent(room: Room):
    file = await room.keep(WORDS)
    message = await room.staff_says(file)
    room.twin.fail(operation=OPERATION, status=503)
    await play(room, answered(file))
    assert (await room.now(message)).delivery == "held"
    await play(room, wanted(message))
    now = await room.now(message)
    assert (now.transcript, now.delivery, now.attachments) == (WORDS, "held", ())


async def test_internal_words_of_staff_are_not_even_read(room: Room):
    file = await room.keep(WORDS)
    outcome = await play(room, answered(file))
    assert (outcome.note, room.heard()) == ("no recording", 0)


async def test_what_staff_say_elsewhere_is_kept_by_its_recording(room: Room):
    file = await room.keep(WORDS)
    await play(room, said(file))
    await play(room, said(file))
    async with room.db.transaction() as tx:
        kept = await transcripts.find(tx, file.storage_key)
    assert kept is not None
    assert (kept.text, room.heard()) == (WORDS, 1)


async def test_a_photo_is_not_listened_to(room: Room):
    file = (await room.keep(WORDS)).model_copy(update={"media_kind": "photo"})
    assert (await play(room, said(file))).note == "no recording"


async def test_a_recording_that_is_gone_keeps_no_message_back(room: Room):
    message = await room.client_says(WORDS)
    assert room.deps.storage is not None
    await room.deps.storage.delete(message.attachments[0].storage_key or "")
    outcome = await play(room, wrote(message))
    assert outcome.note
    assert room.heard() == 0
