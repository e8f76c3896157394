"""The round over the inbox: a hook that was off is switched on, and what nobody told is found."""

from dataclasses import replace

from core.events import AlarmCleared, AlarmRaised, ClientWrote, EventBody, InboxDue
from core.settings import HttpSettings
from db.queries import alarms
from tests.agents.inbox.at_work import InboxAtWork


def alarms_of(told: list[EventBody]) -> list[tuple[str, str]]:
    return [(one.key, str(one.args["why"])) for one in told if isinstance(one, AlarmRaised)]


def status(inbox: InboxAtWork) -> list[int]:
    return [hook["status"] for hook in inbox.twin.read("state")["webhooks"]]


def switch_off(inbox: InboxAtWork, hook: int) -> None:
    inbox.twin.call("PUT", f"/webhooks/{hook}", {"status": 0}).raise_for_status()


async def opened(inbox: InboxAtWork, raised: AlarmRaised) -> None:
    """As the agent of alarms writes it down."""
    now = inbox.twin.clock.now()
    async with inbox.db.transaction() as tx:
        await alarms.count_up(tx, raised.key, text_key=raised.text_key, args=raised.args, now=now, quiet_since=now)


async def test_the_first_round_registers_the_hook_without_an_alarm_and_the_next_changes_nothing(inbox: InboxAtWork):
    assert alarms_of(await inbox.look()) == []
    assert status(inbox) == [1]
    assert await inbox.look() == []
    inbox.twin.writes("Hello")
    assert [body.kind for body in await inbox.receive()] == ["umnico.message.incoming"]


async def test_a_hook_that_was_off_is_switched_on_and_what_was_missed_is_told_once(inbox: InboxAtWork):
    hook = inbox.hook()
    lead = inbox.twin.writes("Before")["lead_id"]
    await inbox.receive()
    switch_off(inbox, hook)
    inbox.twin.writes("Missed")
    inbox.twin.writes("Missed too", login="10000000008")
    told = await inbox.look()
    assert (alarms_of(told), status(inbox)) == ([("umnico-hook", "off")], [1])
    assert len([one for one in told if isinstance(one, ClientWrote)]) == 2
    assert [message.original for message in await inbox.messages(lead)] == ["Before", "Missed"]
    assert [one for one in await inbox.look() if isinstance(one, ClientWrote)] == []


async def test_the_alarm_ends_with_the_first_round_that_finds_the_hook_on(inbox: InboxAtWork):
    switch_off(inbox, inbox.hook())
    raised = next(one for one in await inbox.look() if isinstance(one, AlarmRaised))
    await opened(inbox, raised)
    assert [one.key for one in await inbox.look() if isinstance(one, AlarmCleared)] == ["umnico-hook"]
    async with inbox.db.transaction() as tx:
        await alarms.clear(tx, raised.key, now=inbox.twin.clock.now())
    assert await inbox.look() == []


async def test_a_hook_that_somebody_deleted_is_told_and_registered_again(inbox: InboxAtWork):
    hook = inbox.hook()
    inbox.twin.writes("Before")
    await inbox.receive()
    inbox.twin.call("DELETE", f"/webhooks/{hook}").raise_for_status()
    assert alarms_of(await inbox.look()) == [("umnico-hook", "absent")]
    assert status(inbox) == [1]


async def test_a_lost_webhook_is_found_although_a_younger_one_came(inbox: InboxAtWork):
    inbox.hook()
    lead = inbox.twin.writes("one")["lead_id"]
    inbox.twin.writes("two", webhook=False)
    inbox.twin.writes("three")
    await inbox.receive()
    assert len([one for one in await inbox.look() if isinstance(one, ClientWrote)]) == 1
    assert sorted(message.original for message in await inbox.messages(lead)) == ["one", "three", "two"]


async def test_after_a_gap_every_lead_is_read_also_one_whose_last_message_is_known(inbox: InboxAtWork):
    hook = inbox.hook()
    inbox.twin.writes("one", webhook=False)
    inbox.twin.writes("two")
    await inbox.receive()
    inbox.twin.clock.advance(7_200)
    assert await inbox.look() == []
    switch_off(inbox, hook)
    assert len([one for one in await inbox.look() if isinstance(one, ClientWrote)]) == 1


async def test_an_edit_whose_webhook_was_lost_is_found(inbox: InboxAtWork):
    inbox.hook()
    written = inbox.twin.writes("From Friday")
    await inbox.receive()
    inbox.twin.order("edit", message_id=written["message_id"], text="From Saturday", webhook=False)
    [told] = await inbox.look()
    assert isinstance(told, ClientWrote)
    assert told.is_edit


async def test_a_hook_that_cannot_be_registered_is_told_and_the_inbox_is_read_all_the_same(inbox: InboxAtWork):
    for number in range(10):
        inbox.twin.hook(f"http://other.example.test/{number}")
    inbox.twin.writes("Hello", webhook=False)
    told = await inbox.look()
    assert alarms_of(told) == [("umnico-hook", "trouble")]
    assert len([one for one in told if isinstance(one, ClientWrote)]) == 1


async def test_without_a_public_address_nothing_is_registered_and_the_inbox_is_read(inbox: InboxAtWork):
    inbox.settings = inbox.settings.model_copy(update={"http": HttpSettings()})
    inbox.twin.writes("Hello", webhook=False)
    told = await inbox.look()
    assert (status(inbox), alarms_of(told)) == ([], [])
    assert len([one for one in told if isinstance(one, ClientWrote)]) == 1


async def test_without_a_token_the_round_says_that_umnico_is_off(inbox: InboxAtWork):
    inbox_off = replace(inbox, client=None)
    assert await inbox_off.happen(InboxDue(), None, "inbox") == []


async def test_many_leads_are_read_page_after_page(inbox: InboxAtWork):
    for number in range(60):
        inbox.twin.writes("Hello", login=f"100000{number:05}", webhook=False)
    assert len([one for one in await inbox.look() if isinstance(one, ClientWrote)]) == 60
