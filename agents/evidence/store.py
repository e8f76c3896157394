"""Write down the reports that were made (the same run again made them under the same names) and their words."""

from typing import Any

from agents.evidence.agent import Made
from agents.spec import Outcome
from core.events import Event
from db.queries import report_words, reports
from db.session import Tx


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    del event
    if isinstance(outcome.changes, Made):
        await reports.put(tx, outcome.changes.reports)
        await report_words.put(tx, outcome.changes.words)
    return outcome
