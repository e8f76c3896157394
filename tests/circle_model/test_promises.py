"""The promises hold in the model, whatever order its steps come in and wherever its processes die."""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.circle_model.model import MAX_ATTEMPTS, PLANS, Circle, Command, LeaseLostError, Run

SUBJECTS = ("car:1", "car:2")
ENOUGH = 8
"""Unfinished runs, above which nothing new comes: steps that do something are worth more."""
CHATS = ("chat:1", "chat:2")


@dataclass
class Worker:
    """What a process has in its memory: runs it thinks about, and what it would save. Death forgets it."""

    holds: list[tuple[Run, int]] = field(default_factory=list[tuple[Run, int]])
    batch: int | None = None


@dataclass
class Deliverer:
    holds: list[tuple[Command, int]] = field(default_factory=list[tuple[Command, int]])
    has_sent: bool = False


class TheCircle(RuleBasedStateMachine):
    """Ingress, relay, bells, two workers and a deliverer; every rule is a step between two lines of their code."""

    def __init__(self) -> None:
        super().__init__()
        self.circle = Circle()
        self.workers = [Worker(), Worker()]
        self.deliverer = Deliverer()
        self.lost_batches: list[int] = []
        self.stream: list[tuple[int, str]] = []
        self.answered: set[str] = set()
        self.sent: Counter[int] = Counter()
        self.order_of_effects: dict[tuple[str, str], list[int]] = {}

    @initialize(kinds=st.lists(st.sampled_from([*PLANS]), min_size=3, max_size=8), data=st.data())
    def begin(self, kinds: list[str], data: st.DataObject) -> None:
        for key, kind in enumerate(kinds):
            self.circle.record(f"hook:{key}", kind, data.draw(st.sampled_from(SUBJECTS)))

    # -- ingress ---------------------------------------------------------------------------------------------------

    @rule(
        key=st.integers(0, 20), kind=st.sampled_from([*PLANS]), subject=st.sampled_from(SUBJECTS), rings=st.booleans()
    )
    def a_webhook_is_committed_and_answered(self, key: int, kind: str, subject: str, rings: bool) -> None:
        """It may be a repeat; the bell behind the commit may never ring because the process dies."""
        self.circle.record(f"hook:{key}", kind, subject)
        self.answered.add(f"hook:{key}")
        if rings:
            self.stream += [(run.event, run.agent) for run in self.circle.queued()]

    # -- Redis -----------------------------------------------------------------------------------------------------

    @rule()
    def redis_forgets_everything(self) -> None:
        self.stream.clear()

    # -- workers ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.circle.claimable())
    @rule(number=st.integers(0, 1), most=st.integers(1, 3), by_bell=st.booleans())
    def a_worker_claims(self, number: int, most: int, by_bell: bool) -> None:
        """Those it was rung for, or what it finds by looking; a ring for what is gone already does nothing."""
        found = self.circle.claimable()
        if by_bell:
            rung, self.stream = self.stream[:most], self.stream[most:]
            found = [run for run in found if (run.event, run.agent) in rung]
        self._claim(self.workers[number], found[:most])

    @precondition(lambda self: self.circle.suspects())
    @rule(number=st.integers(0, 1))
    def a_worker_with_empty_hands_takes_a_suspect(self, number: int) -> None:
        worker = self.workers[number]
        if not worker.holds:
            self._claim(worker, self.circle.suspects()[:1])

    def _claim(self, worker: Worker, runs: list[Run]) -> None:
        token = self.circle.claim(runs)
        worker.holds += [(run, token) for run in runs]

    @precondition(lambda self: any(worker.holds for worker in self.workers))
    @rule(data=st.data(), outcome=st.sampled_from(["done", "done", "done", "failed", "dead", "retry"]))
    def a_worker_saves(self, data: st.DataObject, outcome: str) -> None:
        worker = data.draw(st.sampled_from([worker for worker in self.workers if worker.holds]))
        run, token = worker.holds.pop(data.draw(st.integers(0, len(worker.holds) - 1)))
        self._save(run, token, outcome)

    def _save(self, run: Run, token: int, outcome: str) -> None:
        try:
            match outcome:
                case "done":
                    self.circle.save(run, token)
                    self._follow(run)
                case "failed" | "dead":
                    self.circle.give_up(run, token, outcome)
                case _ if run.attempt >= MAX_ATTEMPTS:
                    self.circle.give_up(run, token, "dead")
                case _:
                    self.circle.retry_later(run, token)
        except LeaseLostError:
            pass

    def _follow(self, run: Run) -> None:
        """What the save of a run brings with it: its effect, a command, for the first ones an event."""
        self.order_of_effects.setdefault(run.line, []).append(run.event)
        self.circle.order(run.event, CHATS[run.event % 2], may_repeat=run.event % 3 > 0)
        if run.event < 8:
            self.circle.record(f"run:{run.event}:{run.agent}", "pair", SUBJECTS[run.event % 2])

    @precondition(lambda self: self.circle.batchable())
    @rule(number=st.integers(0, 1), most=st.integers(1, 5))
    def a_worker_takes_a_batch(self, number: int, most: int) -> None:
        worker = self.workers[number]
        if worker.batch is None:
            worker.batch = self.circle.take_batch(self.circle.batchable()[:most])

    @precondition(lambda self: any(worker.batch for worker in self.workers))
    @rule(number=st.integers(0, 1))
    def a_worker_saves_its_batch(self, number: int) -> None:
        worker = self.workers[number]
        if worker.batch is not None:
            for run in self.circle.save_batch(worker.batch):
                self._follow(run)
            worker.batch = None

    @rule(number=st.integers(0, 1))
    def a_worker_dies(self, number: int) -> None:
        worker, self.workers[number] = self.workers[number], Worker()
        for _, token in worker.holds:
            self.circle.expire(token)
        if worker.batch is not None:
            self.lost_batches.append(worker.batch)

    @rule(number=st.integers(0, 1))
    def a_worker_stands_still_past_its_leases(self, number: int) -> None:
        """It will wake up as a zombie, and save."""
        for _, token in self.workers[number].holds:
            self.circle.expire(token)
        self.lost_batches += [batch for batch in [self.workers[number].batch] if batch is not None]

    # -- relay -----------------------------------------------------------------------------------------------------

    @rule(dies=st.booleans())
    def the_relay_goes_round(self, dies: bool) -> None:
        self._take_back()
        if not dies:
            self.stream += [(run.event, run.agent) for run in self.circle.queued()]

    def _take_back(self) -> None:
        while self.lost_batches:
            self.circle.lose_batch(self.lost_batches.pop())
        self.circle.take_back()
        self.circle.judge_lost()

    # -- deliverer -------------------------------------------------------------------------------------------------

    @precondition(lambda self: not self.deliverer.holds and self.circle.deliverable())
    @rule(data=st.data())
    def the_deliverer_claims(self, data: st.DataObject) -> None:
        command = data.draw(st.sampled_from(self.circle.deliverable()))
        self.deliverer = Deliverer([(command, self.circle.claim_command(command))])

    @precondition(lambda self: self.deliverer.holds and not self.deliverer.has_sent)
    @rule()
    def the_deliverer_sends(self) -> None:
        [(command, _)] = self.deliverer.holds
        self.sent[command.key] += 1
        self.deliverer.has_sent = True

    @precondition(lambda self: self.deliverer.has_sent)
    @rule()
    def the_deliverer_marks(self) -> None:
        [(command, token)] = self.deliverer.holds
        self.circle.settle(command, token)
        self.deliverer = Deliverer()

    @precondition(lambda self: self.deliverer.holds)
    @rule()
    def the_deliverer_dies(self) -> None:
        [(command, _)] = self.deliverer.holds
        self.circle.lose_deliverer(command.destination)
        self.deliverer = Deliverer()

    # -- the promises ----------------------------------------------------------------------------------------------

    @invariant()
    def what_was_answered_is_stored(self) -> None:
        """I1."""
        assert self.answered <= self.circle.events.keys()

    @invariant()
    def each_effect_is_saved_once(self) -> None:
        """I2, inside."""
        done = {(run.event, run.agent) for run in self.circle.runs.values() if run.end == "done"}
        assert self.circle.effects == Counter(done)

    @invariant()
    def outside_only_what_may_be_repeated_is(self) -> None:
        """I2, outside: at most once for each attempt, and once at most where the class forbids more."""
        for key, times in self.sent.items():
            command = self.circle.commands[key]
            assert times <= (command.attempt if command.may_repeat else 1)

    @invariant()
    def effects_of_a_line_come_in_the_order_of_their_events(self) -> None:
        """I3."""
        for events in self.order_of_effects.values():
            assert events == sorted(events)

    @invariant()
    def one_run_of_a_line_is_in_work(self) -> None:
        held = Counter(run.line for run in self.circle.unfinished() if run.token is not None)
        assert not held or max(held.values()) == 1

    def teardown(self) -> None:
        """I1, I11: with everybody well, and not one bell, all that was begun comes to an end."""
        for number in range(2):
            self.a_worker_dies(number)
        if self.deliverer.holds:
            self.the_deliverer_dies()
        for _ in range(len(self.circle.runs) * MAX_ATTEMPTS + 100):
            self._take_back()
            for run in self.circle.queued():
                self._save(run, self.circle.claim([run]), "done")
            for command in self.circle.deliverable():
                self.circle.settle(command, self.circle.claim_command(command))
        assert self.circle.unfinished() == []
        assert {command.state for command in self.circle.commands.values()} <= {"sent", "unknown", "dead"}
        self.each_effect_is_saved_once()
        self.effects_of_a_line_come_in_the_order_of_their_events()


TheCircle.TestCase.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
test_the_promises_hold_in_whatever_order_things_happen = TheCircle.TestCase
