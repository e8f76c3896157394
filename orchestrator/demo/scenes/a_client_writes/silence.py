"""Nobody answers: the employee is reminded, then the head, the division head and the director own it in turn."""

from db.queries import talk_evidence
from orchestrator.demo.scenes.a_client_writes.inbox import (
    CLERK,
    DIRECTOR,
    DIVISION_HEAD,
    HEAD,
    TURK,
    Inbox,
    Json,
)

QUICK_MINUTE_S = 0.4
WATCHED_MINUTE_S = 1.5
STEPS = (5, 10, 20, 40)
"""Working minutes until the reminder and each move, as they stand in the settings of a real company."""
ABOVE = (HEAD, DIVISION_HEAD, DIRECTOR)


async def play(inbox: Inbox) -> None:
    stage, line = inbox.stage, inbox.lines.turk_asks
    await stage.step("A Turkish client writes, and nobody answers")
    minute_s = WATCHED_MINUTE_S if stage.is_watched else QUICK_MINUTE_S
    stage.tell(
        f"From here a working minute of escalation lasts {minute_s} s; the steps are those of the settings, {STEPS}."
    )
    minutes = [step * minute_s / 60 for step in STEPS]
    await stage.company.jarvis.start({"JARVIS_ESCALATION__CHAT_MINUTES": str(minutes)})
    await inbox.clients.writes(TURK, line.said)
    await stage.comes_true(f"{CLERK} reads it", inbox.shows(TURK, line.read))
    await stage.comes_true(f"{CLERK} is reminded in the topic", inbox.shows(TURK, "⏰"))
    for person in ABOVE:
        await _comes_to(inbox, person)
    await _is_explained(inbox)
    await stage.step("The director answers")
    await inbox.answers(inbox.lines.turk_is_answered, by=DIRECTOR)

    async def is_over() -> bool:
        return (await inbox.wait(TURK)).get("ended_why") == "answered"

    await stage.comes_true("the wait is over", is_over)
    stage.check("the director owns the conversation", await _holder(inbox) == inbox.people[DIRECTOR])


async def _comes_to(inbox: Inbox, person: str) -> None:
    stage, line = inbox.stage, inbox.lines.turk_asks

    async def holds() -> bool:
        return await _holder(inbox) == inbox.people[person]

    await stage.comes_true(f"{person} is asked", holds)
    await stage.comes_true(
        f"{person} reads the client in a topic of their own", inbox.shows(TURK, line.read, of=person)
    )


async def _is_explained(inbox: Inbox) -> None:
    stage = inbox.stage
    moves = [move for move in await _moves(inbox) if move["level"] > 0]
    told = [(move["holder"], move["level"], move["why"]) for move in moves]
    wanted = [(inbox.people[person], level, "silent") for level, person in enumerate(ABOVE, start=1)]
    stage.check("each level was asked once, in turn, because of the silence", told == wanted, len(told))

    for moves_seen, person in zip((3, 3, 2, 1), (CLERK, *ABOVE), strict=True):
        await _are_told(inbox, person, moves_seen)
    steps = [one["step"] for one in (await inbox.wait(TURK)).get("told", [])]
    stage.check("one reminder, three moves, no step twice", steps == ["remind", "move", "move", "move"], steps)


async def _are_told(inbox: Inbox, person: str, times: int) -> None:
    """Whoever has the client in a group reads of the move that brought it and of every later one."""

    async def all_lines() -> bool:
        return len(await inbox.from_jarvis(TURK, "⏫", of=person)) == times

    await inbox.stage.comes_true(f"{person} reads why, {times} time(s)", all_lines)


async def _moves(inbox: Inbox) -> list[Json]:
    return await inbox.stage.ask(talk_evidence.moves_of_lead, await inbox.lead(TURK))


async def _holder(inbox: Inbox) -> int | None:
    return (await inbox.conversation(TURK)).get("holder")
