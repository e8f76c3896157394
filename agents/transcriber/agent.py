"""Every recording of a message is read once; without words the later stages go on as they can."""

import asyncio
from typing import Any

from agents.spec import Deps, Outcome
from agents.transcriber.context import Context, Recorded, load_context
from agents.transcriber.decide import Heard, Reading, decide, is_too_large, is_too_long
from core.errors import JarvisError, NeedsAttention, Temporary
from core.events import Event
from db.queries import transcripts
from db.queries.transcripts import Transcript
from integrations.speech import Recording


async def run(event: Event[Any], deps: Deps) -> Outcome:
    context = await load_context(event.body, deps)
    if not context.recordings:
        return Outcome(note="no recording")
    readings = [await _read(recorded, context, deps) for recorded in context.recordings]
    heard = decide(context.message_id, readings, is_of_staff=context.is_of_staff)
    return Outcome(changes=heard, note=_note(heard))


async def _read(recorded: Recorded, context: Context, deps: Deps) -> Reading:
    """Whoever waits for the message waits no longer than the server's own time; an error never keeps it back."""
    async with deps.db.transaction() as tx:
        known = await transcripts.find(tx, recorded.storage_key)
    if known is not None:
        return Reading(recorded.storage_key, known)
    if deps.speech is None or deps.storage is None:
        return Reading(recorded.storage_key, why="no server writes down what is said")
    try:
        async with asyncio.timeout(deps.settings.speech.timeout_s):
            return await _listened(recorded, await deps.storage.get(recorded.storage_key), context, deps)
    except (Temporary, TimeoutError) as error:
        return Reading(recorded.storage_key, why=f"away: {error}", is_away=True)
    except NeedsAttention as error:
        return Reading(recorded.storage_key, why=str(error), is_away=True, needs=str(error))
    except JarvisError as error:
        return Reading(recorded.storage_key, why=str(error))


async def _listened(recorded: Recorded, content: bytes, context: Context, deps: Deps) -> Reading:
    assert deps.speech is not None
    longest_s = deps.settings.speech.longest_s
    if is_too_large(recorded.kind, len(content), longest_s=longest_s):
        return _unread(recorded, "too large")
    told = await deps.speech.transcribe(Recording(content, recorded.name, recorded.mime), language=context.language)
    if is_too_long(told.text, told.seconds, longest_s=longest_s):
        return _unread(recorded, "too long", told.seconds)
    transcript = Transcript(recorded.storage_key, told.text, told.confidence, told.language, told.seconds)
    return Reading(recorded.storage_key, transcript)


def _unread(recorded: Recorded, why: str, seconds: float | None = None) -> Reading:
    """It stays a file, and nobody listens to it again."""
    return Reading(recorded.storage_key, Transcript(recorded.storage_key, "", seconds=seconds), why=why)


def _note(heard: Heard) -> str:
    return "; ".join(heard.whys) or "written down"
