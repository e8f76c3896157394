"""``jarvis bench``: speed and size, measured beside a reference in the same run, printed as ratios; never a test."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from orchestrator.bench.contenders import Contender

BENCHES = ("sync", "ingress", "up", "dispatch", "kill", "latency", "history", "conversation", "vision")
"""Each is a module here with ``measure``; loaded when it is asked for."""

SIZED = ("dispatch", "kill", "latency", "history")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller wants of a bench; what is None stays as the bench has it."""

    against: tuple[Contender, ...] = ()
    events: int | None = None
    rounds: int | None = None
    data: Path | None = None

    def sizes(self) -> dict[str, int]:
        return {name: size for name, size in (("events", self.events), ("rounds", self.rounds)) if size is not None}


def measure(name: str, wish: Wish) -> dict[str, Any]:
    module = import_module(f"orchestrator.bench.{name}")
    if name in SIZED:
        return module.measure(wish.against, **wish.sizes())
    if name == "vision":
        return module.measure(wish.data)
    return module.measure()
