"""An answer to a question of staff: from reading tools alone, and held to what they said."""

from agents.kit.question import Answer, Limits, Question
from agents.kit.record import Record
from agents.reading_tools import ReadingTools, unfounded
from agents.spec import Deps
from agents.triage.answer import Reply
from agents.triage.car_tool import CarTool
from agents.triage.changes import Said
from agents.triage.context import Context
from agents.triage.decide import is_clean
from agents.triage.prompts import ANSWERING, filled
from core.events import Event, StaffWrote
from core.masking import mask

LIMITS = Limits(requests=6, tokens=40_000, answer_tokens=800, tool_calls=6, seconds=60.0)


async def answer(event: Event[StaffWrote], context: Context, deps: Deps) -> tuple[Said, str, Record]:
    """What is said, and the record; anything a tool did not tell is not known."""
    # Nobody's bookings can be read: what staff quote may be a stranger's words.
    tools = ReadingTools(deps.db, deps.settings, deps.rentprog, context.now, client_id=None, branch=context.branch)
    cars = CarTool(deps.db, tuple(car.id for car in context.cars), context.now, tools.facts)
    question = Question(
        agent="triage",
        prompt=filled(ANSWERING, context),
        content=mask(context.text).text,
        output=Reply,
        tools=(tools.availability, tools.price, tools.branch_hours_and_address, cars.cars_of_the_message),
        limits=LIMITS,
        object=event.subject,
        branch=context.branch,
    )
    answered = await deps.thinker.ask(question)
    if not isinstance(answered, Answer):
        return Said.UNKNOWN, "", answered.record
    reply = answered.output
    is_founded = bool(tools.facts) and not unfounded(reply.text, tools.facts)
    if not (reply.is_known and is_founded and is_clean(reply.text)):
        return Said.UNKNOWN, "", answered.record
    return Said.ANSWER, " ".join(reply.text.split()), answered.record
