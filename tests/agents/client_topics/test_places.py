"""Where a client's words are shown, also when whoever should read them has no group."""

from core.commands import SendMessage, ShowClientMessage, ShowConversationCard
from core.events import AlarmCleared, AlarmRaised, ClientWrote, ConversationMoved, OperatorWrote, PersonalGroupBound
from core.ids import new_id
from core.roles import Role
from tests.agents.client_topics.conftest import NOW, Company, keys, shown


def wrote(conversation, message_id):
    return ClientWrote(conversation_id=conversation.id, message_id=message_id)


async def test_a_clients_message_is_shown_in_the_group_of_whoever_holds_the_conversation(company: Company):
    nino = await company.person("Nino")
    group = await company.group(nino)
    conversation = await company.conversation(holder_id=nino)
    message = await company.wrote(conversation)
    outcome = await company.happen(wrote(conversation, message))
    assert [(one.chat_id, one.message_id) for one in shown(outcome, ShowClientMessage)] == [(group, message)]
    assert [one.chat_id for one in shown(outcome, ShowConversationCard)] == [group]
    assert outcome.events == ()


async def test_a_place_that_is_there_already_gets_only_what_is_new(company: Company):
    nino = await company.person("Nino")
    group = await company.group(nino)
    conversation = await company.conversation(holder_id=nino)
    first = await company.wrote(conversation)
    await company.happen(wrote(conversation, first))
    second = await company.wrote(conversation)
    outcome = await company.happen(wrote(conversation, second))
    assert [(one.chat_id, one.message_id) for one in shown(outcome, ShowClientMessage)] == [(group, second)]


async def test_a_holder_without_a_group_leaves_it_to_the_nearest_head_who_has_one(company: Company):
    nino = await company.person("Nino")
    director = await company.person("Director", Role.DIRECTOR, branch=None)
    head = await company.person("Head", Role.BRANCH_HEAD)
    await company.group(director)
    group = await company.group(head)
    conversation = await company.conversation(holder_id=nino)
    message = await company.wrote(conversation)
    outcome = await company.happen(wrote(conversation, message))
    assert [one.chat_id for one in shown(outcome, ShowClientMessage)] == [group]
    assert (await company.now_of(conversation)).holder_id == nino


async def test_the_head_of_another_branch_is_not_the_next_of_the_chain(company: Company):
    stranger = await company.person("Head", Role.BRANCH_HEAD, branch="batumi")
    director = await company.person("Director", Role.DIRECTOR, branch=None)
    await company.group(stranger)
    group = await company.group(director)
    conversation = await company.conversation()
    message = await company.wrote(conversation)
    outcome = await company.happen(wrote(conversation, message))
    assert [one.chat_id for one in shown(outcome, ShowClientMessage)] == [group]


async def test_somebody_absent_is_shown_it_rather_than_nobody_and_after_those_who_are_here(company: Company):
    head = await company.person("Head", Role.BRANCH_HEAD)
    division = await company.person("Division", Role.DIVISION_HEAD, branch=None)
    away = await company.group(head)
    here = await company.group(division)
    await company.sql(
        "INSERT INTO absences (id, person_id, from_at, told_by) VALUES (%s, %s, %s, 'test')", new_id(), head, NOW
    )
    conversation = await company.conversation()
    outcome = await company.happen(wrote(conversation, await company.wrote(conversation)))
    assert [one.chat_id for one in shown(outcome, ShowClientMessage)] == [here]
    await company.sql("UPDATE people SET is_active = false WHERE id = %s", division)
    other = await company.conversation(778)
    outcome = await company.happen(wrote(other, await company.wrote(other)))
    assert [one.chat_id for one in shown(outcome, ShowClientMessage)] == [away]


async def test_nobody_with_a_group_is_an_alarm_and_a_group_that_comes_shows_everything(company: Company):
    nino = await company.person("Nino")
    conversation = await company.conversation(holder_id=nino)
    first, second = await company.wrote(conversation), await company.wrote(conversation)
    outcome = await company.happen(wrote(conversation, second))
    [alarm] = [event.body for event in outcome.events]
    assert isinstance(alarm, AlarmRaised)
    assert alarm.text_key == "alarm-client-nowhere"
    assert outcome.commands == ()
    await company.sql(
        """INSERT INTO alarms (key, text_key, args, opened_at, last_at, count)
           VALUES (%s, 'alarm-client-nowhere', '{}', now(), now(), 1)""",
        alarm.key,
    )
    again = await company.happen(wrote(conversation, second))
    assert again.events == ()
    bound = await company.happen(PersonalGroupBound(chat_id=-1009, title="Mine", person_id=nino), by=nino)
    assert [event.body for event in bound.events] == [AlarmCleared(key=alarm.key)]
    assert [one.message_id for one in shown(bound, ShowClientMessage)] == [first, second]
    assert [one.chat_id for one in shown(bound, ShowConversationCard)] == [-1009]


async def test_a_group_that_threw_the_bot_out_shows_nothing_to_anybody(company: Company):
    nino = await company.person("Nino")
    group = await company.group(nino)
    head = await company.person("Head", Role.BRANCH_HEAD)
    above = await company.group(head)
    conversation = await company.conversation(holder_id=nino)
    await company.happen(wrote(conversation, await company.wrote(conversation)))
    await company.sql("UPDATE chats SET is_member = false WHERE chat_id = %s", group)
    message = await company.wrote(conversation)
    outcome = await company.happen(wrote(conversation, message))
    assert above in {one.chat_id for one in shown(outcome, ShowClientMessage)}


async def test_whoever_works_here_no_more_reads_no_client_in_their_group(company: Company):
    gone, nino = await company.person("Gone"), await company.person("Nino")
    await company.group(gone)
    group = await company.group(nino)
    conversation = await company.conversation(holder_id=gone)
    await company.happen(wrote(conversation, await company.wrote(conversation)))
    await company.sql("UPDATE people SET is_active = false WHERE id = %s", gone)
    await company.conversation(holder_id=nino)
    message = await company.wrote(conversation)
    outcome = await company.happen(wrote(conversation, message))
    assert {one.chat_id for one in shown(outcome, ShowClientMessage)} == {group}
    assert {one.chat_id for one in shown(outcome, ShowConversationCard)} == {group}


async def test_a_holder_whose_access_ended_leaves_it_to_the_chain(company: Company):
    gone, head = await company.person("Gone"), await company.person("Head", Role.BRANCH_HEAD)
    await company.group(gone)
    group = await company.group(head)
    await company.sql("UPDATE people SET is_active = false WHERE id = %s", gone)
    conversation = await company.conversation(holder_id=gone)
    outcome = await company.happen(wrote(conversation, await company.wrote(conversation)))
    assert [one.chat_id for one in shown(outcome, ShowClientMessage)] == [group]


async def test_what_an_operator_wrote_is_shown_too(company: Company):
    nino = await company.person("Nino")
    group = await company.group(nino)
    conversation = await company.conversation(holder_id=nino)
    await company.happen(wrote(conversation, await company.wrote(conversation)))
    message = await company.wrote(conversation, direction="outgoing", author="operator", delivery="sent")
    outcome = await company.happen(OperatorWrote(conversation_id=conversation.id, message_id=message))
    assert [(one.chat_id, one.message_id) for one in shown(outcome, ShowClientMessage)] == [(group, message)]


async def test_an_escalation_shows_the_unanswered_in_the_new_place_and_explains_in_both(company: Company):
    nino, head = await company.person("Nino"), await company.person("Head", Role.BRANCH_HEAD)
    old, new = await company.group(nino), await company.group(head)
    conversation = await company.conversation(holder_id=nino)
    await company.wrote(conversation, delivery="shown")
    await company.wrote(conversation, direction="outgoing", author="staff", delivery="sent")
    unanswered = [await company.wrote(conversation, delivery="shown") for _ in range(2)]
    await company.happen(wrote(conversation, unanswered[0]))
    await company.conversation(holder_id=head)
    body = ConversationMoved(
        conversation_id=conversation.id, to_person=head, from_person=nino, level=1, why="silent", waited_minutes=10
    )
    outcome = await company.happen(body)
    assert keys(outcome) == [(old, "talk-moved-silent"), (new, "talk-moved-silent")]
    [line, _] = shown(outcome, SendMessage)
    assert line.text.args == {"name": "Head", "former": "Nino", "minutes": 10}
    assert [(one.chat_id, one.message_id) for one in shown(outcome, ShowClientMessage)] == [
        (new, unanswered[0]),
        (new, unanswered[1]),
    ]


async def test_a_first_assignment_has_its_own_words_and_leaves_the_new_message_to_its_own_event(company: Company):
    nino = await company.person("Nino")
    group = await company.group(nino)
    conversation = await company.conversation(holder_id=nino)
    await company.wrote(conversation)
    body = ConversationMoved(
        conversation_id=conversation.id, to_person=nino, why="responsible", level=0, skipped=(1,), missed=(2,)
    )
    outcome = await company.happen(body)
    assert keys(outcome) == [(group, "talk-moved-responsible")]
    [line] = shown(outcome, SendMessage)
    assert [part.key for part in line.text.parts] == ["talk-level-skipped", "talk-level-missed"]
    assert shown(outcome, ShowClientMessage) == []


async def test_a_new_holder_without_a_group_is_said_where_it_is_shown(company: Company):
    nino, head = await company.person("Nino"), await company.person("Head", Role.BRANCH_HEAD)
    group = await company.group(nino)
    conversation = await company.conversation(holder_id=nino)
    await company.happen(wrote(conversation, await company.wrote(conversation)))
    await company.conversation(holder_id=head)
    outcome = await company.happen(
        ConversationMoved(conversation_id=conversation.id, to_person=head, from_person=nino, level=1, why="absent")
    )
    [line] = shown(outcome, SendMessage)
    assert line.chat_id == group
    assert [part.key for part in line.text.parts] == ["talk-has-no-group"]


async def test_a_person_who_takes_another_group_takes_the_open_conversations_along(company: Company):
    nino, head = await company.person("Nino"), await company.person("Head", Role.BRANCH_HEAD)
    old = await company.group(nino)
    conversation = await company.conversation(holder_id=nino)
    await company.happen(wrote(conversation, await company.wrote(conversation, delivery="shown")))
    await company.conversation(holder_id=head)
    outcome = await company.happen(PersonalGroupBound(chat_id=-1009, title="New", person_id=nino), by=nino)
    assert [one.chat_id for one in shown(outcome, ShowConversationCard)] == [-1009]
    assert len(shown(outcome, ShowClientMessage)) == 1
    places = await company.sql("SELECT chat_id FROM conversation_places")
    assert places == [{"chat_id": -1009}]
    [row] = await company.sql("SELECT purpose, person_id FROM chats WHERE chat_id = %s", old)
    assert row == {"purpose": "unbound", "person_id": None}


async def test_somebody_elses_group_is_not_given_away(company: Company):
    nino, oleg = await company.person("Nino"), await company.person("Oleg")
    group = await company.group(nino)
    outcome = await company.happen(PersonalGroupBound(chat_id=group, title="Mine", person_id=oleg), by=oleg)
    assert keys(outcome) == [(group, "bind-group-is-taken")]
    [row] = await company.sql("SELECT person_id FROM chats WHERE chat_id = %s", group)
    assert row["person_id"] == nino


async def test_a_group_for_tasks_becomes_its_persons_and_gets_no_client(company: Company):
    nino, oleg = await company.person("Nino"), await company.person("Oleg")
    await company.group(nino)
    await company.conversation(holder_id=nino)
    body = PersonalGroupBound(chat_id=-1009, title="Tasks", person_id=nino, purpose="task_group")
    assert (await company.happen(body, by=nino)).commands == ()
    [row] = await company.sql("SELECT purpose, person_id FROM chats WHERE chat_id = -1009")
    assert row == {"purpose": "task_group", "person_id": nino}
    theirs = PersonalGroupBound(chat_id=-1009, title="Tasks", person_id=oleg, purpose="task_group")
    assert keys(await company.happen(theirs, by=oleg)) == [(-1009, "bind-group-is-taken")]
