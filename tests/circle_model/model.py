"""The circle without I/O: what design section 4 says of events, runs and commands, and nothing of how SQL does it.

Each method is one transaction of the real system. Which run may start is not kept but derived: it is the oldest
unfinished one of its line, and every earlier stage of its event has ended. That is the whole rule of order.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

MAX_ATTEMPTS = 4
MAX_CRASHES = 3
SUSPECT = 2
"""Crashes after which a run is claimed only by itself."""

PLANS: dict[str, tuple[tuple[str, ...], ...]] = {
    "plain": (("reader",),),
    "pair": (("reader", "writer"),),
    "staged": (("reader",), ("writer",)),
    "reversed": (("writer",), ("reader",)),
    "overtaking": (("clerk",), ("writer",)),
    "nobody": (),
}
"""Agents of a kind of event, stage after stage."""

End = Literal["done", "failed", "dead"]


class LeaseLostError(Exception):
    """A zombie: somebody else has the run now."""


@dataclass
class Run:
    event: int
    agent: str
    stage: int
    subject: str
    end: End | None = None
    token: int | None = None
    is_expired: bool = False
    attempt: int = 0
    crashes: int = 0

    @property
    def line(self) -> tuple[str, str]:
        return self.agent, self.subject


@dataclass
class Command:
    key: int
    destination: str
    may_repeat: bool
    state: Literal["pending", "sending", "sent", "unknown", "dead"] = "pending"
    attempt: int = 0


@dataclass
class Circle:
    """``effects`` counts how often each run's effect was saved: the promise is once for each that is done."""

    events: dict[str, int] = field(default_factory=dict[str, int])
    runs: dict[tuple[int, str], Run] = field(default_factory=dict[tuple[int, str], Run])
    commands: dict[int, Command] = field(default_factory=dict[int, Command])
    leased: dict[str, int | None] = field(default_factory=dict[str, int | None])
    batches: dict[int, list[Run]] = field(default_factory=dict[int, list[Run]])
    effects: Counter[tuple[int, str]] = field(default_factory=Counter[tuple[int, str]])
    _tokens: int = 0

    # -- what may happen to runs ---------------------------------------------------------------------------------

    def record(self, key: str, kind: str, subject: str) -> int | None:
        """A new event with its runs; None for a repeat, which adds nothing."""
        if key in self.events:
            return None
        event = self.events[key] = len(self.events) + 1
        for stage, agents in enumerate(PLANS[kind]):
            for agent in agents:
                self.runs[event, agent] = Run(event, agent, stage, subject)
        return event

    def claim(self, runs: Iterable[Run]) -> int:
        """The token under which a worker holds these runs from now on."""
        self._tokens += 1
        for run in runs:
            assert run in self.queued()
            run.token, run.is_expired, run.attempt = self._tokens, False, run.attempt + 1
        return self._tokens

    def save(self, run: Run, token: int) -> None:
        self._end(run, token, "done")
        self.effects[run.event, run.agent] += 1

    def give_up(self, run: Run, token: int, end: End) -> None:
        self._end(run, token, end)

    def _end(self, run: Run, token: int, end: End) -> None:
        if run.end is not None or run.token != token:
            raise LeaseLostError
        run.end, run.token = end, None

    def retry_later(self, run: Run, token: int) -> None:
        """A zombie's wish is ignored."""
        if run.end is None and run.token == token:
            run.token = None

    def expire(self, token: int) -> None:
        """Time passes, or the process that holds this token dies."""
        for run in self.runs.values():
            run.is_expired |= run.token == token

    def expired(self) -> list[Run]:
        return [run for run in self.unfinished() if run.token is not None and run.is_expired]

    def take_back(self) -> list[Run]:
        """Free what the dead held; returns those that had their tries and are dead now."""
        buried: list[Run] = []
        for run in self.expired():
            if run.attempt >= MAX_ATTEMPTS or run.crashes + 1 >= MAX_CRASHES:
                run.end = "dead"
                buried.append(run)
            else:
                run.crashes += 1
            run.token, run.is_expired = None, False
        return buried

    # -- batches: many runs under one lease, each written only when it is done ----------------------------------------

    def batchable(self) -> list[Run]:
        taken = [run for batch in self.batches.values() for run in batch]
        return [run for run in self.claimable() if not any(run is other for other in taken)]

    def take_batch(self, runs: Iterable[Run]) -> int:
        self._tokens += 1
        self.batches[self._tokens] = list(runs)
        return self._tokens

    def save_batch(self, number: int) -> list[Run]:
        """Those that nobody has taken alone; none when the batch was taken for dead."""
        saved = [run for run in self.batches.pop(number, []) if run in self.queued()]
        for run in saved:
            run.end, run.attempt = "done", run.attempt + 1
            self.effects[run.event, run.agent] += 1
        return saved

    def lose_batch(self, number: int) -> None:
        """Its worker died: that counts for each of its runs, whoever has it now."""
        for run in self.batches.pop(number, []):
            if run.end is None:
                run.attempt += 1
                run.crashes += 1

    # -- what follows --------------------------------------------------------------------------------------------

    def unfinished(self) -> list[Run]:
        return [run for run in self.runs.values() if run.end is None]

    def may_start(self, run: Run) -> bool:
        return not any(
            (other.line == run.line and other.event < run.event)
            or (other.event == run.event and other.stage < run.stage)
            for other in self.unfinished()
        )

    def queued(self) -> list[Run]:
        return [run for run in self.unfinished() if run.token is None and self.may_start(run)]

    def claimable(self) -> list[Run]:
        return [run for run in self.queued() if run.crashes < SUSPECT]

    def suspects(self) -> list[Run]:
        return [run for run in self.queued() if run.crashes >= SUSPECT]

    def state_of(self, run: Run) -> str:
        if run.end is not None:
            return run.end
        if run.token is not None:
            return "running"
        return "queued" if self.may_start(run) else "waiting"

    # -- commands ------------------------------------------------------------------------------------------------

    def order(self, key: int, destination: str, *, may_repeat: bool) -> None:
        """An effect key is ordered once for ever."""
        self.commands.setdefault(key, Command(key, destination, may_repeat))
        self.leased.setdefault(destination, None)

    def in_doubt(self) -> list[Command]:
        """What deliverers that are dead now were sending."""
        return [
            command
            for command in self.commands.values()
            if command.state == "sending" and self.leased[command.destination] is None
        ]

    def deliverable(self) -> list[Command]:
        """The oldest waiting command of each destination that nobody serves and where none is in doubt."""
        found: list[Command] = []
        for destination, token in self.leased.items():
            line = [command for command in self.commands.values() if command.destination == destination]
            pending = [command for command in line if command.state == "pending"]
            if token is None and pending and not any(command.state == "sending" for command in line):
                found.append(pending[0])
        return found

    def claim_command(self, command: Command) -> int:
        assert command in self.deliverable()
        self._tokens += 1
        command.state, command.attempt = "sending", command.attempt + 1
        self.leased[command.destination] = self._tokens
        return self._tokens

    def settle(self, command: Command, token: int) -> bool:
        """It was sent: written down even by a deliverer that lost its lease, because it is what happened outside."""
        is_news = command.state != "sent"
        command.state = "sent"
        if self.leased[command.destination] == token:
            self.leased[command.destination] = None
        return is_news

    def lose_deliverer(self, destination: str) -> None:
        self.leased[destination] = None

    def judge_lost(self) -> None:
        """What a dead deliverer left: again where the class allows it, else nobody knows and a person decides."""
        for command in self.in_doubt():
            if not command.may_repeat:
                command.state = "unknown"
            else:
                command.state = "pending" if command.attempt < MAX_ATTEMPTS else "dead"
