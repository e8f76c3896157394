"""The storm: a company at work, every role a process of its own, faults from one seed, and the oracle at the end."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx

from core.settings import Settings
from db.queries import evidence
from db.session import Database, Tx
from orchestrator.check import Assertion, Observed, Witness, check, limits_of
from orchestrator.servers import Servers
from sandbox.app import SandboxSettings, create_app
from sandbox.company import World
from sandbox.company import company as whole_company
from sandbox.scenes.director import Director
from sandbox.serve import serving
from tests.chaos.storm_clients import Talks, open_inbox
from tests.chaos.storm_faults import Faults
from tests.chaos.storm_fleet import Fleet, Ground, ground
from tests.chaos.storm_looks import Looks
from tests.chaos.storm_traffic import Traffic
from tests.flows.company import ADMIN, BATUMI, FREE, TBILISI, Company
from tests.flows.conftest import start_working
from tests.flows.inspect_at_work import FEW
from tests.flows.opening import settings_for
from tests.flows.talk import Talk
from tests.wait import wait_until

COMPANIES = {1001, 1003}
"""Tbilisi and Batumi."""
OPENING_S = 180.0
"""Eight processes start at once, perhaps for the first time after an installation, on a machine that may be busy."""
OUTSIDE_S = 2.0
"""A busy machine answers late; the slow answers among the faults are slower still."""
LOOK_EVERY_S = 5.0
LOOK_THROUGHS = 3
"""A gap is seen by one look, its leads are read by the next, and what waited for the model by one more."""
DRAIN_S = 180.0
"""The longest that the backlog may take to drain when the faults are over (I7)."""

MUST_BE_NONE = ("runs dead or failed", "commands dead or unknown")


@dataclass(frozen=True)
class Weather:
    """How long and how hard it blows. The same seed gives the same acts and faults, not the same moments."""

    seed: int
    seconds: float
    acts_per_s: float = 8.0
    questions_per_s: float = 2.0
    clients_per_s: float = 2.0
    answers_per_s: float = 2.0
    fault_every_s: float = 2.5


@dataclass
class Aftermath:
    """What is left when it is over: figures to print, and what the oracle asserts."""

    figures: dict[str, Any] = field(default_factory=dict)
    assertions: list[Assertion] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    kinds: int = 0
    wrong: list[str] = field(default_factory=list)
    """What the oracle does not know of: the mirror against RentProg, questions without an answer."""

    @property
    def broken(self) -> list[str]:
        """Every promise that does not hold; empty after a storm that was weathered."""
        broken = [f"{a.invariant} {a.statement}: {a.figure}" for a in self.assertions if a.is_broken]
        dead = [f"{self.figures[name]} {name}" for name in MUST_BE_NONE if self.figures.get(name)]
        return [*broken, *dead, *self.wrong]

    def lines(self) -> list[str]:
        told = [f"{name:28} {value}" for name, value in self.figures.items()]
        struck = [f"fault: {name:21} {count}" for name, count in sorted(self.faults.items())]
        words = {True: "held", False: "BROKEN", None: "-"}
        held = [f"{a.invariant:4} {words[a.is_held]:6} {a.statement}: {a.figure}" for a in self.assertions]
        return [*told, *struck, *held, *self.wrong]


def two_branches() -> World:
    """The cars, bookings and clients of two branches; everything else has left."""
    world = whole_company()
    cars = {row["id"] for row in world.cars.rows.values() if row["company_id"] in COMPANIES and row["active"]}
    for table, is_kept in (
        (world.cars, lambda row: row["id"] in cars),
        (world.bookings, lambda row: row["car_id"] in cars),
        (world.clients, lambda row: row["company_id"] in COMPANIES),
    ):
        for row in [row for row in table.rows.values() if not is_kept(row)]:
            table.drop(row["id"])
    world.operations = {company: table for company, table in world.operations.items() if company in COMPANIES}
    return world


@asynccontextmanager
async def company_of_processes(home: Path) -> AsyncIterator[tuple[Company, Fleet, Ground, Witness]]:
    """The outside world in this process, Jarvis in eight others, working as on any day."""
    async with AsyncExitStack() as stack:
        laid = await stack.enter_async_context(ground(home))
        sandbox_url = await stack.enter_async_context(serving(create_app(SandboxSettings(), two_branches())))
        http = httpx.AsyncClient(base_url=f"{sandbox_url}/_sandbox/", timeout=30, verify=False)
        stack.push_async_callback(http.aclose)
        await http.post("rentprog/limits", json={"enabled": False})
        settings = _hurried(await settings_for(http, sandbox_url, home, talks=True))
        company = Company(Director(sandbox_url), http, laid.servers, settings, _database(laid.servers))
        company.patience_s = OPENING_S
        stack.push_async_callback(company.director.close)
        stack.push_async_callback(_stop_looking, company)
        await company.meet()
        await company.director.aim_webhooks(company.jarvis_url)
        fleet = Fleet(settings, laid.servers)
        stack.callback(fleet.end_all)
        fleet.start_all()
        await stack.enter_async_context(fleet.kept_up())
        witness = await stack.enter_async_context(Witness(sandbox_url))
        await _open(company, fleet)
        yield company, fleet, laid, witness


def _hurried(given: Settings) -> Settings:
    """Quick, patient with a busy machine, with few photos of a car, and with money enough for a model."""
    plenty = given.llm.agent_day.model_copy(update={"requests": 1_000_000, "tokens": 1_000_000_000})
    sections: dict[str, dict[str, Any]] = {
        "work": {"poll_s": 0.2, "backoff_first_s": 0.1, "backoff_max_s": 2.0},
        "rentprog": {"timeout_s": OUTSIDE_S},
        "umnico": {"timeout_s": OUTSIDE_S, "calls_per_s": 100.0},
        "llm": {"object_day": plenty, "branch_day": plenty, "agent_day": plenty},
        "escalation": {"look_every_s": 5},
    }
    changed = {name: getattr(given, name).model_copy(update=fields) for name, fields in sections.items()}
    return given.model_copy(update=changed | {"photos": FEW})


async def _open(company: Company, fleet: Fleet) -> None:
    try:
        await company.director.start(company.people[ADMIN])
        await company.synced()
        await start_working(company)
        await open_inbox(Talk(company))
    except AssertionError as error:
        raise AssertionError("\n".join([str(error), *await company.ask(_left), *fleet.last_words()])) from error


async def storm(weather: Weather, home: Path) -> Aftermath:
    """Work, break things, let it calm down, and look."""
    dice = Random(weather.seed)
    async with company_of_processes(home) as (company, fleet, laid, witness):
        looks = Looks(dice, company)
        await looks.begin()
        replies_before = await company.ask(_replies)
        cars = [row["id"] for row in (await company.director.company())["cars"]]
        topic = await company.topic(TBILISI, FREE)
        talk = Talk(company)
        await talk.meet()
        talks = Talks(dice, talk)
        traffic = Traffic(dice, company, cars, thread_id=topic["thread_id"], talks=talks, looks=looks)
        faults = Faults(dice, company, fleet, laid, talks)
        await _blow(weather, traffic, faults, witness)
        await talks.calm()
        await _look_anew(company)
        drained_s = await _drain(company)
        if drained_s > DRAIN_S:
            return Aftermath(wrong=[f"not drained after {DRAIN_S:g} s", *await company.ask(_left), *fleet.last_words()])
        await looks.hand_in()
        for branch in (TBILISI, BATUMI):  # RentProg never posts again what no ingress took
            await company.start_reconcile(branch)
        for _ in range(LOOK_THROUGHS):
            await talks.look_through()
            await _drain(company)
        observed = await witness.look()
        after = Aftermath(faults=faults.struck, kinds=len(faults.kinds), wrong=await _differences(company))
        after.assertions = await check(
            company.db, limits_of(company.settings, quiet_for_s=0), observed=observed, jarvis_url=company.jarvis_url
        )
        answers, photos = await company.ask(_replies) - replies_before, await company.ask(_photos)
        given = traffic.done["photos"] + talks.done["photos"] + looks.done["photos of cars"]
        if (answers, photos) != (traffic.done["questions"], given):
            after.wrong.append(f"{traffic.done} and {given} photos became {answers} answers and {photos} stored photos")
        after.wrong += [*await talks.left_over(), *await looks.left_over(), *fleet.fallen]
        after.figures = _figures(weather, traffic, fleet, observed) | talks.done | looks.done
        after.figures |= await company.ask(_counts)
        after.figures |= {"drained after, s": round(drained_s, 1), "handed in after, s": round(looks.handed_in_s, 1)}
        after.figures |= {"ended by themselves": fleet.fallen}
        return after


def _figures(weather: Weather, traffic: Traffic, fleet: Fleet, observed: Observed) -> dict[str, Any]:
    return {
        "seed": weather.seed,
        "storm, s": round(weather.seconds),
        "acts of RentProg": traffic.done["acts"],
        "webhooks posted": len(observed.posted),
        "webhooks answered 2xx": sum(each.is_accepted for each in observed.posted),
        "questions of people": traffic.done["questions"],
        "photos of people": traffic.done["photos"],
        "messages taken by Telegram": sum(call.method == "sendMessage" for call in observed.calls),
        "processes started": fleet.starts,
    }


async def _blow(weather: Weather, traffic: Traffic, faults: Faults, witness: Witness) -> None:
    """Everything at once for the given time; then the faults stop and whoever is away comes back."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(_watch(witness))
        flow = group.create_task(
            traffic.flow(
                acts_per_s=weather.acts_per_s,
                questions_per_s=weather.questions_per_s,
                clients_per_s=weather.clients_per_s,
                answers_per_s=weather.answers_per_s,
                stop=stop,
            )
        )
        await faults.strike(seconds=weather.seconds, every_s=weather.fault_every_s)
        stop.set()
        await flow
        watching.cancel()


async def _watch(witness: Witness) -> None:
    """The sandbox forgets; whoever wants to compare later must look now."""
    while True:
        await witness.look()
        await asyncio.sleep(LOOK_EVERY_S)


async def _look_anew(company: Company) -> None:
    """The connections of the test itself were cut like all others."""
    await _stop_looking(company)
    company.db = _database(company.servers)


async def _stop_looking(company: Company) -> None:
    await company.db.close()


def _database(servers: Servers) -> Database:
    return Database(servers.database_url, pool_size=3)


async def _drain(company: Company) -> float:
    """Seconds until nothing is left to do; more than DRAIN_S when something is left."""
    began = time.monotonic()

    async def is_over() -> bool:
        left = await company.ask(evidence.unfinished)
        return left["runs"] + left["commands"] == 0 or time.monotonic() - began > DRAIN_S

    await wait_until(is_over, timeout_s=2 * DRAIN_S)
    return time.monotonic() - began


async def _left(tx: Tx) -> list[str]:
    """What is not done, for whoever has to find out why."""
    rows = await tx.rows(
        """SELECT 'run' AS what, id, agent AS name, subject AS place, state, attempt, not_before, error FROM runs
           WHERE state IN ('queued', 'running', 'waiting')
           UNION ALL
           SELECT 'command', id, kind, destination, state, attempt, not_before, error FROM commands
           WHERE state IN ('pending', 'sending')
           UNION ALL
           SELECT 'destination', 0, destination, parked_reason, 'parked', 0, parked_at, held_until::text
           FROM destinations WHERE parked_at IS NOT NULL
           UNION ALL
           SELECT 'pause', 0, scope, name, 'paused', 0, since, reason FROM pauses"""
    )
    return [" ".join(str(value) for value in row.values()) for row in rows[:40]]


async def _differences(company: Company) -> list[str]:
    """Where the mirror tells something else than RentProg, after the last full check."""
    told = {row["id"]: (row["branch"], row["mileage"]) for row in (await company.director.company())["cars"]}
    stored = await company.ask(_mirror)
    return [f"car {car}: RentProg {told.get(car)}, mirror {stored.get(car)}"
            for car in sorted(told.keys() | stored.keys()) if told.get(car) != stored.get(car)]  # fmt: skip


async def _mirror(tx: Tx) -> dict[int, tuple[str, int]]:
    rows = await tx.rows("SELECT rentprog_id, branch, mileage FROM cars WHERE deleted_at IS NULL")
    return {row["rentprog_id"]: (row["branch"], row["mileage"]) for row in rows}


async def _replies(tx: Tx) -> int:
    row = await tx.row("SELECT count(*) AS n FROM commands WHERE effect_key LIKE 'reply:%%' AND state = 'sent'")
    assert row is not None
    return row["n"]


async def _photos(tx: Tx) -> int:
    row = await tx.row("SELECT count(*) AS n FROM media")
    assert row is not None
    return row["n"]


async def _counts(tx: Tx) -> dict[str, int]:
    row = await tx.row(
        """SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM runs) AS runs,
                  (SELECT count(*) FROM commands) AS commands,
                  (SELECT count(*) FROM runs WHERE attempt > 1) AS "runs tried again",
                  (SELECT count(*) FROM commands WHERE attempt > 1) AS "commands tried again",
                  (SELECT count(*) FROM runs WHERE state IN ('dead', 'failed')) AS "runs dead or failed",
                  (SELECT count(*) FROM commands WHERE state IN ('dead', 'unknown')) AS "commands dead or unknown",
                  (SELECT count(*) FROM commands WHERE state = 'cancelled') AS "commands refused"
        """
    )
    assert row is not None
    return row
