"""What an agent is: what it handles, what it may cause, how it thinks and how its outcome is saved."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from agents.kit.question import NO_MODEL, Thinker
from agents.kit.record import Record
from core.clock import Clock
from core.commands import CommandBody, NewCommand
from core.errors import Broken
from core.events import Event, EventBody, NewEvent
from core.settings import Settings
from cv.vision import Vision
from db.session import Database, Tx
from integrations.rentprog import RentprogApi
from integrations.speech import SpeechApi
from integrations.umnico import UmnicoApi
from storage.api import Storage


@dataclass(frozen=True, slots=True)
class Deps:
    """What an agent may reach while it thinks. Reading the database is short; no transaction stays open meanwhile."""

    db: Database
    clock: Clock
    settings: Settings
    rentprog: Mapping[str, RentprogApi] = field(default_factory=dict[str, RentprogApi])
    """One client per branch code."""
    umnico: UmnicoApi | None = None
    """The inbox of clients; None without a token."""
    storage: Storage | None = None
    speech: SpeechApi | None = None
    """Writes down what was said; None without a server for it."""
    vision: Vision | None = None
    """The eyes; None where they are switched off: people look."""
    thinker: Thinker = NO_MODEL


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found: a value without side effects.

    ``changes`` is what the agent's own ``save`` understands; ``note`` says in a few words what was decided and why.
    """

    changes: Any = None
    events: tuple[NewEvent[Any], ...] = ()
    commands: tuple[NewCommand, ...] = ()
    note: str | None = None
    records: tuple[Record, ...] = ()
    """Of every question asked of a model: kept with the run."""


Run = Callable[[Event[Any], Deps], Awaitable[Outcome]]
Save = Callable[[Tx, Event[Any], Outcome], Awaitable[Outcome]]
SaveMany = Callable[[Tx, Sequence[tuple[Event[Any], Outcome]]], Awaitable[Sequence[Outcome]]]


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """Read first in every agent's folder.

    ``save`` writes domain rows in the one transaction that ends the run, and returns the outcome with the events
    that follow from what really changed. ``causes`` is checked on save: anything else is refused. ``save_many``, where
    an agent has one, does the same for many runs in as few statements; it is always called instead.
    """

    name: str
    handles: tuple[type[EventBody], ...]
    causes: tuple[type[EventBody] | type[CommandBody], ...]
    run: Run
    save: Save | None = None
    save_many: SaveMany | None = None
    quick: tuple[type[EventBody], ...] = ()
    """Kinds for which ``run`` waits for nothing: their runs are claimed and saved in batches."""
    time_limit: timedelta = timedelta(seconds=30)
    share: float = 0.5
    """The part of a worker's places it may take, so that one agent's slow system leaves room for the others."""

    async def save_outcomes(self, tx: Tx, found: Sequence[tuple[Event[Any], Outcome]]) -> list[Outcome]:
        """Write what each run found, and check what it causes; in the order of ``found``."""
        if self.save_many is not None:
            outcomes = list(await self.save_many(tx, found))
        elif self.save is not None:
            outcomes = [await self.save(tx, event, outcome) for event, outcome in found]
        else:
            outcomes = [outcome for _, outcome in found]
        if len(outcomes) != len(found):
            raise Broken(f"agent {self.name} saved {len(outcomes)} outcomes of {len(found)}")
        for outcome in outcomes:
            self.check(outcome)
        return outcomes

    def check(self, outcome: Outcome) -> None:
        """Raise ``Broken`` when the outcome holds something this agent may not cause."""
        bodies = [event.body for event in outcome.events] + [command.body for command in outcome.commands]
        for body in bodies:
            if type(body) not in self.causes:
                raise Broken(f"agent {self.name} may not cause {body.kind}")
