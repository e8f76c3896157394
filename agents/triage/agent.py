"""Cheap code first; then one closed question to a model; only a question of staff gets a second one, with tools."""

from agents.kit.question import Answer, Limits, Question
from agents.kit.record import Record
from agents.spec import Deps, Outcome
from agents.triage.answer import Reading
from agents.triage.changes import Changes, Said
from agents.triage.context import Context, load_context
from agents.triage.decide import Next, next_step, work_of
from agents.triage.prompts import SORTING, filled
from agents.triage.questions import answer
from core.events import Event, StaffWrote
from core.masking import mask
from core.slang import guess, says_nothing

LIMITS = Limits(requests=3, tokens=12_000, answer_tokens=300, tool_calls=0, seconds=30.0)


async def run(event: Event[StaffWrote], deps: Deps) -> Outcome:
    context = await load_context(event, deps)
    if context is None:
        return Outcome(note="whoever wrote it works here no more")
    if says_nothing(context.text):
        return _silent(context, "nothing to do about it")
    read = await _read(event, context, deps)
    if isinstance(read, Answer):
        reading = read.output.model_copy(update={"title": mask(context.text).unmask(read.output.title)})
        return await _follow(event, context, reading, (read.record,), deps)
    return _by_rules(context, read)


async def _read(event: Event[StaffWrote], context: Context, deps: Deps) -> Answer[Reading] | Record:
    question = Question(
        agent="triage",
        prompt=filled(SORTING, context),
        content=mask(context.text).text,
        output=Reading,
        limits=LIMITS,
        object=event.subject,
        branch=context.branch,
    )
    answered = await deps.thinker.ask(question)
    return answered if isinstance(answered, Answer) else answered.record


async def _follow(
    event: Event[StaffWrote], context: Context, reading: Reading, records: tuple[Record, ...], deps: Deps
) -> Outcome:
    match next_step(reading, context):
        case Next.TASK:
            changes = Changes(context, work=work_of(reading, context, is_by_model=True))
        case Next.ASK_CAR:
            changes = Changes(context, said=Said.WHICH_CAR)
        case Next.QUESTION:
            said, text, record = await answer(event, context, deps)
            return Outcome(changes=Changes(context, said=said, answer=text), records=(*records, record), note=said)
        case Next.NOTHING:
            return _silent(context, "other", records)
    return Outcome(changes=changes, records=records, note=reading.nature)


def _by_rules(context: Context, record: Record) -> Outcome:
    """No model answers: what the words say plainly becomes a task all the same, and says how it was made."""
    found = guess(context.text)
    if found is None:
        return _silent(context, "no model, and the words alone do not tell", (record,))
    reading = Reading(nature=found.nature, part=found.part, urgency=found.urgency, title="")
    if next_step(reading, context) is Next.ASK_CAR:
        return Outcome(changes=Changes(context, said=Said.WHICH_CAR), records=(record,), note="no model")
    work = work_of(reading, context, is_by_model=False)
    return Outcome(changes=Changes(context, work=work), records=(record,), note="no model: by rules")


def _silent(context: Context, note: str, records: tuple[Record, ...] = ()) -> Outcome:
    """In private people get the usual hint, groups are left in peace."""
    said = Said.HINT if context.is_private else None
    return Outcome(changes=Changes(context, said=said), records=records, note=note)
