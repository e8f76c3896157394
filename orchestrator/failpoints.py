"""Failpoints: named places where a test makes a process die, fail or stand still; free when none is armed.

``JARVIS_FAILPOINT=worker.before_commit`` kills the process there with SIGKILL, ``worker.before_commit:raise`` raises,
``worker.before_commit:stop`` stops it as SIGSTOP does, until somebody sends SIGCONT. ``worker.before_commit#3:stop``
acts at the third time only; without a number it acts every time.
"""

import os
import re
import signal
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

from core.errors import Temporary
from core.settings import WrongSettings

VARIABLE = "JARVIS_FAILPOINT"
FAILPOINTS = (
    "ingress.after_body",
    "ingress.after_verify",
    "ingress.before_commit",
    "ingress.after_commit",
    "relay.after_claim",
    "relay.after_append",
    "relay.after_mark",
    "worker.after_read",
    "worker.after_claim",
    "worker.in_think",
    "worker.before_commit",
    "worker.after_commit",
    "worker.after_ack",
    "deliverer.after_claim",
    "deliverer.after_send",
    "deliverer.after_mark",
    "clock.after_compute",
    "clock.after_insert",
)
"""Every name there is; one that is not here is a wrong setting, so that a test cannot wait for a place that is gone."""


class Action(StrEnum):
    KILL = "kill"
    RAISE = "raise"
    STOP = "stop"


@dataclass
class Armed:
    """One failpoint and what happens there. ``only`` is the time at which it acts, None for every time."""

    name: str
    action: Action
    only: int | None
    _times: "count[int]" = field(default_factory=lambda: count(1))

    def reach(self) -> None:
        nth = next(self._times)
        if self.only is not None and nth != self.only:
            return
        # Past every buffer: nothing is left to flush it after SIGKILL.
        os.write(2, f"{evidence(self.name)}, time {nth}: {self.action}\n".encode())
        match self.action:
            case Action.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            case Action.STOP:
                os.kill(os.getpid(), signal.SIGSTOP)
            case Action.RAISE:
                raise Temporary(f"failpoint {self.name}")


_armed: Armed | None = None


def failpoint(name: str) -> None:
    if _armed is not None and _armed.name == name:
        _armed.reach()


def evidence(name: str) -> str:
    """How the line begins that a process leaves on stderr when it reaches an armed failpoint."""
    return f"failpoint {name} reached"


def arm(text: str) -> None:
    """Arm what ``JARVIS_FAILPOINT`` says, nothing when it is empty; raises ``WrongSettings`` for what is not there."""
    global _armed  # noqa: PLW0603 - a failpoint is reached from everywhere and belongs to the process
    _armed = _read(text) if text else None


@contextmanager
def armed(text: str) -> Generator[None]:
    """For the length of a block; for tests inside one process."""
    before = _armed
    arm(text)
    try:
        yield
    finally:
        globals()["_armed"] = before


def _read(text: str) -> Armed:
    found = re.fullmatch(r"(?P<name>[a-z._]+)(#(?P<only>[1-9]\d*))?(:(?P<action>[a-z]+))?", text)
    if found is None:
        raise WrongSettings(f"{VARIABLE}: {text!r} is not of the form name#time:action")
    name, action, only = found["name"], found["action"] or Action.KILL, found["only"]
    if name not in FAILPOINTS:
        raise WrongSettings(f"{VARIABLE}: there is no failpoint {name!r}; there are {', '.join(FAILPOINTS)}")
    if action not in [*Action]:
        raise WrongSettings(f"{VARIABLE}: {action!r} is none of {', '.join(Action)}")
    return Armed(name, Action(action), int(only) if only else None)
