"""Nothing is thought about beforehand: what is owed is read, and decided about, under the locks of ``store``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agents.escalation.decide import Rules, Steps, WaitKind
from agents.spec import Deps, Outcome
from core.events import Event
from core.settings import DamageSettings, EscalationSettings, HoursSettings, OperationsSettings


@dataclass(frozen=True, slots=True)
class Frame:
    """The moment and the settings, carried from ``run`` to ``save``."""

    now: datetime
    hours: HoursSettings
    escalation: EscalationSettings
    operations: OperationsSettings
    damage: DamageSettings

    def rules(self, zone: ZoneInfo) -> Rules:
        minutes = {
            WaitKind.CONVERSATION: self.escalation.chat_minutes,
            WaitKind.TASK: self.escalation.task_minutes,
            WaitKind.APPROVAL: self.escalation.approval_minutes,
            WaitKind.INSPECTION: self.operations.post_overdue_minutes,
            WaitKind.REVIEW: self.damage.review_minutes,
        }
        steps = {kind: Steps.of_minutes(*given) for kind, given in minutes.items()}
        return Rules(self.hours.working(zone), self.hours.quiet(zone), steps)


async def run(event: Event[Any], deps: Deps) -> Outcome:
    del event
    given = deps.settings
    return Outcome(changes=Frame(deps.clock.now(), given.hours, given.escalation, given.operations, given.damage))
