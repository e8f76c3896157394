"""A message is read, translated and checked; what waits for a model is asked for again when it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from agents.spec import Deps, Outcome
from agents.translator.ask import Told, translate
from agents.translator.context import Context, context_of, load_context
from agents.translator.decide import Verdict, is_away, of_client, of_staff, without_model
from core.events import Event, StaffAnswered, TranslationsDue, TranslationWanted
from db.queries import messages
from db.queries.messages import Message

AT_ONCE = 50
"""Waiting translations that one tick asks for."""
VOICES_AT_ONCE = 5
"""Of messages without words: each costs a try of the speech server."""


@dataclass(frozen=True, slots=True)
class Translated:
    """What ``save`` writes, if the message still says what was translated. ``wanted`` are to be asked for next."""

    context: Context | None = None
    verdict: Verdict | None = None
    is_late: bool = False
    wanted: tuple[tuple[UUID, UUID], ...] = ()


async def run(event: Event[Any], deps: Deps) -> Outcome:
    if isinstance(event.body, TranslationsDue):
        return await _due(deps)
    context = await load_context(event.body, deps)
    if context is None:
        return Outcome(note="internal, or no such message")
    is_late = isinstance(event.body, TranslationWanted)
    if (is_late or isinstance(event.body, StaffAnswered)) and context.message.translation_state != "waiting":
        return Outcome(note="decided already")
    verdict, told = await _judge(context, deps, is_late=is_late)
    return Outcome(changes=Translated(context, verdict, is_late), note=_note(verdict, told), records=told.records)


async def _due(deps: Deps) -> Outcome:
    """The oldest message asks whether the model is back; only if it is are the others asked for."""
    async with deps.db.transaction() as tx:
        spoken = await messages.waiting_for_translation(tx, limit=AT_ONCE, has_words=True)
        mute = await messages.waiting_for_translation(tx, limit=VOICES_AT_ONCE, has_words=False)
    first = await context_of(spoken[0].id, deps) if spoken else None
    if first is None:
        return Outcome(changes=Translated(wanted=_named(mute)), note=f"{len(mute)} without words wait")
    verdict, told = await _judge(first, deps, is_late=True)
    others = () if is_away(told) else _named(spoken[1:])
    changes = Translated(first, verdict, is_late=True, wanted=_named(mute) + others)
    return Outcome(changes=changes, note=f"{len(spoken)} waited; {_note(verdict, told)}", records=told.records)


def _named(waiting: Sequence[Message]) -> tuple[tuple[UUID, UUID], ...]:
    return tuple((message.conversation_id, message.id) for message in waiting)


async def _judge(context: Context, deps: Deps, *, is_late: bool) -> tuple[Verdict, Told]:
    verdict = without_model(context)
    if verdict is not None:
        return verdict, Told()
    settings = deps.settings.translation
    told = await translate(context, deps.thinker, settings)
    if context.is_of_staff:
        return of_staff(context, told, is_late=is_late, is_confirmed_first=settings.confirm_before_send), told
    return of_client(context, told, is_late=is_late), told


def _note(verdict: Verdict, told: Told) -> str:
    """Never a word of the message: notes are read by whoever looks at runs."""
    if told.degraded is not None:
        return f"{verdict.state}: {told.degraded.reason} {told.degraded.detail}".rstrip()
    return f"{verdict.state}: {len(told.faults)} faults" if told.faults else verdict.state
