"""The faults that a test or a person orders: the next calls that match fail as told, in every twin alike."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

ANY = "*"


@dataclass(slots=True)
class Fault:
    """What the next `times` matching calls suffer.

    `operation` is a method name or `*`; `destination` (a chat, a company) narrows it further. `effect` says that
    the call is performed first and only its answer suffers, which is how an answer gets lost on the way back.
    """

    system: str
    operation: str = ANY
    destination: str | None = None
    times: int = 1
    error_code: int | None = None
    description: str = ""
    body: Any = None
    retry_after: int | None = None
    latency_s: float = 0.0
    drop: bool = False
    effect: bool = False

    def matches(self, system: str, operation: str, destination: str | None) -> bool:
        return (
            self.times > 0
            and self.system in {ANY, system}
            and self.operation in {ANY, operation}
            and self.destination in {None, destination}
        )

    @property
    def refuses(self) -> bool:
        """Whether the caller gets something else than the true answer."""
        return self.drop or self.error_code is not None


class FaultQueue:
    """Faults in the order in which they were asked for; the oldest that matches is used first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self, system: str = ANY) -> None:
        """Forget what is still waiting, of one system or of all."""
        self._faults = [fault for fault in self._faults if system not in {ANY, fault.system}]

    def waiting(self, system: str = ANY) -> Iterable[Fault]:
        return tuple(fault for fault in self._faults if system in {ANY, fault.system})

    def take(self, system: str, operation: str, destination: str | None = None) -> Fault | None:
        """The fault that this call meets, used up by one."""
        for fault in self._faults:
            if fault.matches(system, operation, destination):
                fault.times -= 1
                if fault.times == 0:
                    self._faults.remove(fault)
                return fault
        return None


async def suffer_latency(fault: Fault | None) -> None:
    """Hold the caller for the ordered time."""
    if fault is not None and fault.latency_s > 0:
        await asyncio.sleep(fault.latency_s)
