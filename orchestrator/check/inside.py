"""The invariants that the database alone decides: one function each, from a question to an assertion."""

from core.commands import BODIES, Repeat
from db.queries import audit, oracle
from db.session import Tx
from orchestrator.check.assertion import Assertion, counted, unseen
from orchestrator.check.limits import Limits
from orchestrator.router import PLANS

REPEATABLE = tuple(body.kind for body in BODIES if body.repeat is not Repeat.NEVER)


async def nothing_lost(tx: Tx, limits: Limits, since: int) -> list[Assertion]:
    """I1 and I7: the same look tells what is unfinished and how old the oldest is."""
    plans = [(kind, agent) for kind, plan in PLANS.items() for stage in plan.stages for agent in stage]
    left = await oracle.unfinished(tx, longer_than_s=limits.quiet_for_s)
    waits = f", {left.by_order:,} more wait by order" if left.by_order else ""
    example = "" if left.example is None else f"; for example {left.example}"
    unfinished = "" if limits.quiet_for_s == 0 else f" for longer than {limits.quiet_for_s:g} s"
    return [
        counted("I1", "every event has the runs that its plan asks for",
                await oracle.events_without_runs(tx, since=since, plans=plans)),
        counted("I1", "no run waits for something that has ended", await oracle.forgotten_runs(tx)),
        Assertion("I1", f"no run or command is unfinished{unfinished}",
                f"{left.late:,} of {left.runs:,} runs and {left.commands:,} commands in hand{waits}{example}",
                left.late == 0),
        Assertion("I7", f"work that may go on starts within {limits.stall_s:g} s",
                f"the oldest has waited {left.oldest_s:.1f} s", left.oldest_s <= limits.stall_s),
    ]  # fmt: skip


async def nothing_twice(tx: Tx, _limits: Limits, since: int) -> list[Assertion]:
    """I2, as far as the rows tell."""
    return [
        counted("I2", "only a command that must not repeat ends as unknown",
                await oracle.wrongly_unknown(tx, repeatable=REPEATABLE)),
        counted("I2", "what must not repeat went out again only by a person's order",
                await oracle.repeated_by_itself(tx, since=since, repeatable=REPEATABLE)),
    ]  # fmt: skip


async def in_order(tx: Tx, _limits: Limits, since: int) -> list[Assertion]:
    """I3, as far as the rows tell."""
    return [
        counted("I3", "runs of one agent and subject end in the order of their events, stages in theirs",
                await oracle.out_of_order_runs(tx, since=since)),
        counted("I3", "commands of one line reach their destination in the order of ordering",
                await oracle.out_of_order_commands(tx, since=since)),
    ]  # fmt: skip


async def together(tx: Tx, _limits: Limits, since: int) -> list[Assertion]:
    """I4: what belongs together was committed together."""
    return [
        counted("I4", "what a run caused was committed with its end", await oracle.torn_runs(tx, since=since)),
        counted("I4", "what a command brought about was committed with its mark",
                await oracle.torn_commands(tx, since=since)),
        counted("I4", "no row of the mirror changed without its run", await oracle.torn_mirror(tx, since=since)),
    ]  # fmt: skip


async def within_limits(tx: Tx, limits: Limits, since: int) -> list[Assertion]:
    """I5, for what is written down."""
    tally = await oracle.over_limits(
        tx,
        since=since,
        max_attempts=limits.max_attempts,
        note_length=limits.note_length,
        body_bytes=limits.body_bytes,
    )
    return [counted("I5", f"at most {limits.max_attempts} tries, short notes, bounded bodies", tally)]


async def with_cause(tx: Tx, _limits: Limits, since: int) -> list[Assertion]:
    """I8: whose word stands behind each effect."""
    return [
        counted("I8", "every command has an event with a known actor, and its approval where one is asked for",
                await oracle.effects_without_cause(tx, since=since)),
        counted("I8", "every row of the audit names who, what and whom", await oracle.nameless_audit(tx)),
    ]  # fmt: skip


async def unchanged_history(tx: Tx, _limits: Limits, _since: int) -> list[Assertion]:
    """I13: a changed or removed row of the audit shows."""
    chain = await audit.verify(tx)
    figure = (
        f"{chain.rows:,} rows" if chain.broken_at is None else f"row {chain.broken_at} of {chain.rows:,} does not fit"
    )
    return [Assertion("I13", "the audit's chain verifies", figure, chain.broken_at is None), await _rights(tx)]


async def _rights(tx: Tx) -> Assertion:
    statement = "the application may only add to the audit and read it"
    rights = await oracle.rights_over_history(tx)
    if not rights:
        return unseen("I13", statement, "this database has no role of the application; tests/db/test_rights.py")
    return Assertion("I13", statement, f"it may {', '.join(rights)}", set(rights) <= {"select", "insert"})
