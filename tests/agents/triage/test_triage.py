"""What the words of staff become: a task with its car, a line for headquarters, an answer, or nothing."""

from datetime import timedelta
from uuid import UUID

import pytest

from agents.kit.question import NO_MODEL
from core.events import KeptFile, TaskCreated, TaskUpdated
from db.queries import glossary, transcripts
from db.queries.transcripts import Transcript
from tests.agents.kit.scripted_server import Fail, Say, answer
from tests.agents.triage.conftest import Yard
from tests.bot.outgoing_at_work import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
async def car_id(yard: Yard) -> UUID:
    return await yard.out.car(61000, "tbilisi", plate="AB-123-CD", mileage=45230)


async def car_topic(yard: Yard, car_id: UUID, chat_id: int) -> int:
    await yard.out.show(chat_id, car_id)
    [thread_id] = await yard.out.threads(chat_id)
    return thread_id


async def test_a_breakdown_in_a_cars_topic_becomes_a_task_of_the_head_with_a_card_under_the_words(
    yard: Yard, car_id: UUID
):
    forum = await yard.out.forum("tbilisi")
    thread_id = await car_topic(yard, car_id, forum)
    yard.model_reads("breakdown", "Заменить колодки")
    words = yard.words("колодки скрипят, надо менять", chat_id=forum, thread_id=thread_id, entity=f"car:{car_id}")
    outcome = await yard.write(words)
    [task] = await yard.tasks()
    assert (task.title, task.nature, task.part, task.priority, task.source) == (
        "Заменить колодки",
        "breakdown",
        "brakes",
        "high",
        "agent",
    )
    assert task.assignee_id == yard.lasha
    assert task.due_at is not None
    assert task.links == (f"car:{car_id}",)
    assert "Заменить колодки" in (await yard.out.texts(forum, thread_id))[-1]
    assert "Заменить колодки" in (await yard.said(yard.lasha_chat))[-1]
    assert len(outcome.records) == 1


async def test_a_task_is_linked_to_the_booking_of_that_time(yard: Yard, car_id: UUID):
    over = await yard.out.booking(1, car_id, "tbilisi", start_at=NOW - 9 * HOUR, end_at=NOW - HOUR, state="finished")
    now = await yard.out.booking(2, car_id, "tbilisi", start_at=NOW - HOUR, end_at=NOW + HOUR, in_rent=True)
    yard.model_reads("incident", "Поцарапан бампер", part="body")
    await yard.write(yard.words("клиент поцарапал бампер на AB 123 CD"))
    [task] = await yard.tasks()
    assert f"booking:{now}" in task.links
    assert f"booking:{over}" not in task.links


@pytest.mark.parametrize("written", ["AB-123-CD", "ab123cd", "АВ 123 CD", "машина 123"])
async def test_a_plate_in_the_words_names_the_car(yard: Yard, car_id: UUID, written: str):
    yard.model_reads("breakdown")
    await yard.write(yard.words(f"стучит подвеска, {written}"))
    [task] = await yard.tasks()
    assert task.links == (f"car:{car_id}",)


async def test_a_plate_that_is_not_of_the_fleet_binds_nothing(yard: Yard, car_id: UUID):
    yard.model_reads("breakdown")
    await yard.write(yard.words("стучит подвеска, ZZ-999-ZZ, 123 лари"))
    [task] = await yard.tasks()
    assert task.links == ()


async def test_of_several_cars_a_person_chooses_and_the_choice_makes_one_task(yard: Yard, car_id: UUID):
    other = await yard.out.car(62000, "batumi", plate="EF-456-GH")
    yard.model_reads("breakdown")
    words = yard.words("колодки на AB-123-CD или EF-456-GH")
    await yard.write(words)
    assert await yard.tasks() == []
    assert (await yard.said(yard.nino_chat))[-1] == "Which car is it about?"
    yard.model_reads("breakdown")
    await yard.write(words.model_copy(update={"entity": f"car:{other}"}))
    [task] = await yard.tasks()
    assert (task.links, task.branch) == ((f"car:{other}",), "batumi")


async def test_headquarters_hear_of_breakdowns_in_the_topic_of_the_car(yard: Yard, car_id: UUID):
    chat_id = await yard.out.telegram.group(title="Headquarters")
    await yard.out.put("chats", chat_id=chat_id, purpose="headquarters", title="Headquarters", is_forum=True)
    yard.model_reads("breakdown", "Заменить колодки")
    await yard.write(yard.words("надо заменить колодки на AB-123-CD"))
    [topic] = await yard.out.topics(chat_id)
    assert topic["name"] == "AB-123-CD Toyota Prius"
    [line] = await yard.said(chat_id)
    assert "Заменить колодки" in line
    assert "Nino" in line


async def test_an_ordinary_task_stays_with_its_writer_and_headquarters_hear_nothing(yard: Yard):
    chat_id = await yard.out.telegram.group(title="Headquarters")
    await yard.out.put("chats", chat_id=chat_id, purpose="headquarters", title="Headquarters", is_forum=True)
    yard.model_reads("task", "Купить омывайку", part="fluids", urgency="normal")
    await yard.write(yard.words("надо купить омывайку"))
    [task] = await yard.tasks()
    assert task.assignee_id == yard.nino
    assert await yard.said(chat_id) == []


async def test_words_in_general_become_a_task_too(yard: Yard):
    forum = await yard.out.forum("tbilisi")
    yard.model_reads("task", "Купить омывайку", part="fluids", urgency="low")
    await yard.write(yard.words("надо купить омывайку", chat_id=forum, thread_id=None))
    [task] = await yard.tasks()
    assert (task.title, task.due_at, task.branch) == ("Купить омывайку", None, "tbilisi")
    assert "Купить омывайку" in (await yard.out.texts(forum, 0))[-1]


async def test_a_head_who_is_absent_is_not_given_the_work(yard: Yard, car_id: UUID):
    await yard.out.put(
        "absences", id=car_id, person_id=yard.lasha, from_at=NOW - HOUR, until_at=NOW + HOUR, told_by="test"
    )
    yard.model_reads("breakdown")
    await yard.write(yard.words("сломалась печка на AB-123-CD"))
    [task] = await yard.tasks()
    assert task.assignee_id == yard.nino


@pytest.mark.parametrize("text", ["+", "ок", "Спасибо большое!", "Доброе утро, коллеги", "👍👍👍", "да"])
async def test_small_talk_costs_no_model_call(yard: Yard, text: str):
    forum = await yard.out.forum("tbilisi")
    outcome = await yard.write(yard.words(text, chat_id=forum))
    assert (outcome.commands, outcome.records, yard.model.requests) == ((), (), [])


async def test_in_private_small_talk_gets_the_usual_hint(yard: Yard):
    await yard.write(yard.words("спасибо"))
    assert "/help" in (await yard.said(yard.nino_chat))[-1]


async def test_talk_that_a_model_calls_other_is_left_in_peace_in_groups(yard: Yard):
    forum = await yard.out.forum("tbilisi")
    yard.model_reads("other")
    outcome = await yard.write(yard.words("сегодня отличная погода в горах", chat_id=forum))
    assert outcome.commands == ()
    assert await yard.tasks() == []


async def test_one_message_is_one_task_however_often_it_is_told(yard: Yard):
    words = yard.words("стучит подвеска")
    yard.model_reads("breakdown")
    await yard.write(words)
    yard.model_reads("breakdown", "Something else")
    outcome = await yard.write(words)
    assert outcome.events == ()
    assert [task.title for task in await yard.tasks()] == ["Fix it"]


async def test_an_edited_message_changes_the_title(yard: Yard):
    words = yard.words("стучит подвеска")
    yard.model_reads("breakdown", "Стук подвески")
    await yard.write(words)
    yard.model_reads("breakdown", "Стук подвески слева")
    outcome = await yard.write(words.model_copy(update={"text": "стучит подвеска слева", "is_edit": True}))
    assert [type(event.body) for event in outcome.events] == [TaskUpdated]
    assert [task.title for task in await yard.tasks()] == ["Стук подвески слева"]
    assert "слева" in (await yard.said(yard.nino_chat))[-1]


async def test_an_edit_that_no_model_reads_is_shown_in_its_own_words(yard: Yard):
    words = yard.words("стучит подвеска")
    yard.model_reads("breakdown", "Стук подвески")
    await yard.write(words)
    yard.thinker = NO_MODEL
    await yard.write(words.model_copy(update={"text": "стучит подвеска справа, гляньте", "is_edit": True}))
    assert [task.title for task in await yard.tasks()] == ["стучит подвеска справа, гляньте"]


async def test_an_edit_that_says_nothing_any_more_and_one_of_a_closed_task_change_nothing(yard: Yard):
    words = yard.words("стучит подвеска")
    yard.model_reads("breakdown", "Стук подвески")
    await yard.write(words)
    await yard.write(words.model_copy(update={"text": "ок", "is_edit": True}))
    assert [task.title for task in await yard.tasks()] == ["Стук подвески"]
    await yard.out.sql("UPDATE tasks SET status = 'done'")
    yard.model_reads("breakdown", "Другое")
    outcome = await yard.write(words.model_copy(update={"text": "стучит другое", "is_edit": True}))
    assert outcome.events == ()


async def test_a_question_is_answered_once_however_often_it_is_told(yard: Yard, car_id: UUID):
    words = yard.words("какой пробег у AB-123-CD?")
    for _ in range(2):
        yard.model_reads("question")
        yard.model.script += [
            Say(calls=(("cars_of_the_message", {}),)),
            answer(is_known=True, text="Пробег 45230 км."),
        ]
        await yard.write(words)
    assert [text for text in await yard.said(yard.nino_chat) if text.startswith("💡")] == ["💡 Пробег 45230 км."]


async def test_a_title_that_no_database_takes_is_mended(yard: Yard):
    yard.model_reads("task", "Помыть\0 машину")
    await yard.write(yard.words("помыть машину"))
    assert [task.title for task in await yard.tasks()] == ["Помыть\N{REPLACEMENT CHARACTER} машину"]


async def test_voice_is_read_by_its_transcript(yard: Yard):
    async with yard.out.db.transaction() as tx:
        await transcripts.store(tx, Transcript("sha256/aa", "стучит подвеска"))
    yard.model_reads("breakdown", "Стук подвески")
    await yard.write(yard.words("", file=KeptFile(storage_key="sha256/aa", media_kind="voice")))
    [task] = await yard.tasks()
    assert task.details == "стучит подвеска"


async def test_voice_that_nobody_could_write_down_gets_the_hint_in_private(yard: Yard):
    await yard.write(yard.words("", file=KeptFile(storage_key="sha256/none", media_kind="voice")))
    assert await yard.tasks() == []
    assert "/help" in (await yard.said(yard.nino_chat))[-1]


async def test_without_a_model_plain_words_still_make_a_task_that_says_how_it_was_made(no_model: Yard, car_id: UUID):
    await no_model.write(no_model.words("ДТП на AB-123-CD, разбили бампер"))
    [task] = await no_model.tasks()
    assert (task.title, task.nature, task.part, task.priority) == (
        "ДТП на AB-123-CD, разбили бампер",
        "incident",
        "body",
        "high",
    )
    assert "no model" in (await no_model.said(no_model.lasha_chat))[-1]


async def test_without_a_model_unclear_words_get_the_hint(no_model: Yard):
    await no_model.write(no_model.words("вчера ездили на море всей семьёй"))
    assert await no_model.tasks() == []
    assert "/help" in (await no_model.said(no_model.nino_chat))[-1]


async def test_a_model_that_is_down_and_back_again(yard: Yard):
    yard.model.script += [Fail(503), Fail(503), Fail(503), Fail(503)]
    await yard.write(yard.words("стучит подвеска, срочно"))
    yard.model.script.clear()
    yard.model_reads("task", "Помыть", part="body", urgency="low")
    yard.out.clock.advance(HOUR)
    await yard.write(yard.words("помыть машину к пятнице"))
    assert sorted((task.nature, task.created_by) for task in await yard.tasks()) == [
        ("breakdown", "agent:triage:rules"),
        ("task", "agent:triage"),
    ]


async def test_the_slang_of_the_company_and_no_phone_number_reach_the_model(yard: Yard):
    async with yard.out.db.transaction() as tx:
        await glossary.set_slang(tx, {"бобик": "UAZ Hunter"})
    yard.model_reads("breakdown")
    await yard.write(yard.words("бобик сломался, клиент +995 555 000 111"))
    [request] = yard.model.requests
    told = str(request["messages"])
    assert "бобик: UAZ Hunter" in told
    assert "ходовка: подвеска" in told
    assert "555 000 111" not in told


async def test_a_question_is_answered_by_what_the_tools_told(yard: Yard, car_id: UUID):
    yard.model_reads("question")
    yard.model.script += [
        Say(calls=(("cars_of_the_message", {}),)),
        answer(is_known=True, text="Пробег 45230 км."),
    ]
    outcome = await yard.write(yard.words("какой пробег у AB-123-CD?"))
    assert (await yard.said(yard.nino_chat))[-1] == "💡 Пробег 45230 км."
    assert len(outcome.records) == 2
    assert await yard.tasks() == []


@pytest.mark.parametrize(
    "reply",
    [
        answer(is_known=True, text="Пробег 99999 км."),
        answer(is_known=True, text="Пробег 45230 км, см. https://example.com/x"),
        answer(is_known=False, text=""),
    ],
)
async def test_what_no_tool_told_is_not_known(yard: Yard, car_id: UUID, reply: Say):
    yard.model_reads("question")
    yard.model.script += [Say(calls=(("cars_of_the_message", {}),)), reply]
    await yard.write(yard.words("какой пробег у AB-123-CD?"))
    assert (await yard.said(yard.nino_chat))[-1] == "I do not know that. Please ask Lasha."


async def test_an_answer_without_any_tool_is_not_known(yard: Yard):
    yard.model_reads("question")
    yard.model.script.append(answer(is_known=True, text="Конечно, свободна."))
    await yard.write(yard.words("свободна ли машина завтра?"))
    assert "do not know" in (await yard.said(yard.nino_chat))[-1]


async def test_who_works_here_no_more_is_not_read(yard: Yard):
    await yard.out.change("people", yard.nino, is_active=False)
    outcome = await yard.write(yard.words("стучит подвеска"))
    assert outcome.events == ()
    assert yard.model.requests == []


async def test_the_card_stands_under_the_words(yard: Yard):
    yard.model_reads("task")
    outcome = await yard.write(yard.words("проверить масло", message_id=777))
    [event] = outcome.events
    assert isinstance(event.body, TaskCreated)
    assert (event.body.chat_id, event.body.reply_to) == (yard.nino_chat, 777)
