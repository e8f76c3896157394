"""What breaks in the middle: the model is away while a client writes, and Umnico's answer to our answer gets lost."""

from core.events import NewEvent, TranslationsDue
from core.ids import new_id
from db.events import record
from orchestrator.demo.scenes.a_client_writes.inbox import CLERK, ENGLISHMAN, Inbox, text_of
from orchestrator.router import route


async def play(inbox: Inbox) -> None:
    await _outage(inbox)
    await _lost_answer(inbox)
    await _close(inbox)


async def _outage(inbox: Inbox) -> None:
    stage, line = inbox.stage, inbox.lines.english_in_the_outage
    await stage.step("The model is out of order when the client writes again")
    await inbox.clients.model_down()
    await inbox.clients.writes(ENGLISHMAN, line.said)
    shown = await stage.comes_true("the original is there at once", inbox.shows(ENGLISHMAN, "⏳", line.said))
    await stage.step("The model is back")
    await inbox.clients.model_up()
    number = shown[0]["message_id"] if shown else 0

    async def is_edited_in() -> bool:
        await _look_for_translations(inbox)
        now = await inbox.from_jarvis(ENGLISHMAN, line.read)
        return [message["message_id"] for message in now] == [number]

    await stage.comes_true("the translation is edited into the same message", is_edited_in)


async def _look_for_translations(inbox: Inbox) -> None:
    """The clock says so every minute; here nobody waits for it."""
    due = NewEvent(body=TranslationsDue(), subject="translations:due", external_id=f"demo:{new_id()}")
    async with inbox.stage.db.transaction() as tx:
        await record(tx, [due], route)


async def _lost_answer(inbox: Inbox) -> None:
    stage, line = inbox.stage, inbox.lines.english_is_answered
    await stage.step(f"{CLERK} answers; Umnico delivers it, but its answer to Jarvis is lost")
    before = len(await inbox.clients.umnico_calls("send"))
    await inbox.clients.lose_answer_of_send()
    await inbox.answers(line)
    calls = len(await inbox.clients.umnico_calls("send")) - before
    stage.check("Jarvis found it in the history and did not send again", calls == 1, f"{calls} calls")
    sent = [one["delivery"] for one in await inbox.messages(ENGLISHMAN, "outgoing") if one["original"] == line.said]
    stage.check("it is known as sent", sent == ["sent"], sent)


async def _close(inbox: Inbox) -> None:
    stage, line = inbox.stage, inbox.lines.english_thanks
    await stage.step(f"The client thanks; {CLERK} closes the conversation (/close)")
    await inbox.clients.writes(ENGLISHMAN, line.said)
    await stage.comes_true("the thanks are read", inbox.shows(ENGLISHMAN, line.read))
    await inbox.says(ENGLISHMAN, "/close")

    async def is_closed() -> bool:
        return (await inbox.conversation(ENGLISHMAN)).get("state") == "closed"

    await stage.comes_true("it is closed and owes nobody anything", is_closed)
    cards = [text_of(message) for message in await inbox.in_topic(ENGLISHMAN) if message["pinned"]]
    stage.check("its card is still pinned", len(cards) == 1, len(cards))
