"""Proven progress of each role in this process: what heartbeats and /readyz are made of."""

import os
import socket
import time
from dataclasses import dataclass, field
from typing import Any


def this_process() -> str:
    """Its name over all hosts."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass
class Progress:
    """``beat`` is called by a loop when it really went round, never by a timer beside it."""

    process: str = field(default_factory=this_process)
    beats: dict[str, float] = field(default_factory=dict[str, float])
    details: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    def beat(self, role: str, **details: Any) -> None:
        self.beats[role] = time.monotonic()
        self.details[role] = details

    def age_s(self, role: str) -> float | None:
        """Seconds since the role last went round; None when it never did."""
        at = self.beats.get(role)
        return None if at is None else time.monotonic() - at
