"""Keep what was read by its recording, and put the words into the message's row."""

from dataclasses import replace
from typing import Any

from agents.spec import Outcome
from agents.transcriber.context import VOICE_KINDS
from agents.transcriber.decide import Heard
from core.events import AlarmCleared, AlarmRaised, Event, NewEvent
from db.queries import alarms, messages, transcripts
from db.queries.messages import Message
from db.session import Tx

ALARM = "speech"


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    del event
    if not isinstance(outcome.changes, Heard):
        return outcome
    heard = outcome.changes
    for transcript in heard.transcripts:
        await transcripts.store(tx, transcript)
    message = None if heard.message_id is None else await messages.lock(tx, heard.message_id)
    if message is not None:
        changed = _of_staff(message, heard) if heard.is_of_staff else _with_words(message, heard)
        await messages.store(tx, changed)
    return replace(outcome, events=await _alarm(tx, heard))


async def _alarm(tx: Tx, heard: Heard) -> tuple[NewEvent[Any], ...]:
    """A refused key is told once, and so is its end; meanwhile messages come without their words."""
    if heard.needs is not None:
        raised = AlarmRaised(
            key=ALARM, text_key="alarm-needs-attention", args={"who": "Speech to text", "text": heard.needs}
        )
        return (NewEvent(body=raised, subject=f"alarm:{ALARM}"),)
    alarm = await alarms.find(tx, ALARM) if heard.words else None
    if alarm is None or alarm.cleared_at is not None:
        return ()
    return (NewEvent(body=AlarmCleared(key=ALARM), subject=f"alarm:{ALARM}"),)


def _with_words(message: Message, heard: Heard) -> Message:
    """Until the server is back the message waits like one whose translation is missing."""
    if heard.is_away and not message.original:
        return replace(message, translation_state="waiting", translation_note="no words yet")
    return replace(
        message,
        transcript=heard.words or None,
        confidence=heard.confidence,
        language=heard.language or message.language,
    )


def _of_staff(message: Message, heard: Heard) -> Message:
    """A client is sent words, never the voice of a colleague, and only after somebody has read them."""
    if message.delivery not in {"pending", "held"}:
        return message
    changed = replace(_with_words(message, heard), delivery="held")
    if heard.is_away:
        return changed
    return replace(changed, attachments=tuple(one for one in message.attachments if one.kind not in VOICE_KINDS))
