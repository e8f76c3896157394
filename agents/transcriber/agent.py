"""Every recording of a message is read once; without words the later stages go on as they can."""

import asyncio
from typing import Any

from agents.spec import Deps, Outcome
from agents.transcriber.context import Context, Recorded, load_context
from agents.transcriber.decide import Heard, Reading, decide
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
    settings = deps.settings.speech
    try:
        async with asyncio.timeout(settings.timeout_s):
            content = await deps.storage.get(recorded.storage_key)
            told = await deps.speech.transcribe(
                Recording(content, recorded.name, recorded.mime), language=context.language
            )
    except (Temporary, TimeoutError) as error:
        return Reading(recorded.storage_key, why=f"away: {error}", is_away=True)
    except NeedsAttention as error:
        return Reading(recorded.storage_key, why=str(error), is_away=True, needs=str(error))
    except JarvisError as error:
        return Reading(recorded.storage_key, why=str(error))
    is_long = told.seconds is not None and told.seconds > settings.longest_s
    transcript = Transcript(
        recorded.storage_key, "" if is_long else told.text, told.confidence, told.language, told.seconds
    )
    return Reading(recorded.storage_key, transcript, why="too long" if is_long else None)


def _note(heard: Heard) -> str:
    return "; ".join(heard.whys) or "written down"
