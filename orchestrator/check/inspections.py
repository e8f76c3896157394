"""What the database tells about inspections: nothing given is lost, nobody is forgotten, every word has a name."""

from core.inspection.chain import START, verify_chain
from db.queries import oracle_inspections as known
from db.queries.oracle import Tally
from db.session import Tx
from orchestrator.check.assertion import Assertion, counted
from orchestrator.check.limits import Limits


async def nothing_given_is_lost(tx: Tx, _limits: Limits, since: int) -> list[Assertion]:
    """I1 and I2, of forms and what comes of them."""
    return [
        counted("I1", "every photo that was given is kept with its inspection, or its run is not over",
                await known.photos_lost(tx, since=since)),
        counted("I1", "what was handed in is examined, or the run that shall do it is seen",
                await known.unexamined(tx)),
        counted("I1", "a finding that waits for a person has somebody who owes the decision",
                await known.unowed_findings(tx)),
        counted("I2", "a person has one form in hand, a car one in work for an occasion",
                await known.doubled_forms(tx)),
    ]  # fmt: skip


async def no_damage_without_a_name(tx: Tx, _limits: Limits, _since: int) -> list[Assertion]:
    """I8: the machine proposes, a person with the right role decides."""
    return [
        counted("I8", "every decision about a finding is in the audit, by a person whose role allowed it",
                await known.undecided_findings(tx)),
        counted("I8", "every damage of a car was confirmed by a person", await known.nameless_damages(tx)),
        counted("I8", "behind every review stands a person, and nothing in it is undecided",
                await known.nameless_reviews(tx)),
    ]  # fmt: skip


async def unchanged_evidence(tx: Tx, _limits: Limits, since: int) -> list[Assertion]:
    """I13: a photo that was changed, removed or slipped in shows."""
    evidence = await known.chains(tx, since=since)
    links = [(one.number, verify_chain(one.photos, end=one.end or START)) for one in evidence]
    broken = [f"inspection {number}, photo {link.ordinal}: {link.why}" for number, link in links if link is not None]
    return [
        counted("I13", "the chain of evidence of every inspection verifies",
                Tally(len(evidence), len(broken), broken[0] if broken else None)),
        counted("I13", "a report names files and an end of the chain that its inspection had",
                await known.groundless_reports(tx)),
    ]  # fmt: skip
