"""One thing that the doctor looked at, and how checks become diagnoses whatever happens."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import JarvisError

PATIENCE_S = 20.0
"""For one check; the doctor must end although a system hangs."""
SKEW = timedelta(seconds=2)
"""Clocks further apart than this are told: leases and slots live by them."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``mend`` says in one line what to do and is empty when all is well."""

    name: str
    is_well: bool
    text: str
    mend: str = ""

    def line(self) -> str:
        mark = "ok  " if self.is_well else "BAD "
        return f"{mark} {self.name}: {self.text}" + (f" -> {self.mend}" if self.mend else "")


def well(name: str, text: str) -> Diagnosis:
    return Diagnosis(name, is_well=True, text=text)


def ill(name: str, text: str, mend: str) -> Diagnosis:
    return Diagnosis(name, is_well=False, text=text, mend=mend)


async def guarded(name: str, mend: str, look: Callable[[], Awaitable[list[Diagnosis]]]) -> list[Diagnosis]:
    """A check that cannot be made is a diagnosis too."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await look()
    except TimeoutError:
        return [ill(name, f"no answer within {PATIENCE_S:.0f} s", mend)]
    except JarvisError as error:
        return [ill(name, str(error), mend)]


def apart(told: datetime, *, asked: datetime, answered: datetime, precision: timedelta = timedelta(0)) -> timedelta:
    """How far another clock certainly is from ours, which read ``asked`` before and ``answered`` after the question.

    ``precision``: the other clock told its time cut to this.
    """
    if told + precision < asked:
        return asked - told - precision
    return max(timedelta(0), told - answered)


def skew_of(name: str, skew: timedelta, whose: str, *, allowed: timedelta | None = None) -> Diagnosis:
    if skew > (SKEW if allowed is None else allowed):
        text = f"{skew.total_seconds():.0f} s apart from {whose}"
        return ill(name, text, "let the machines follow a time server (NTP)")
    return well(name, f"agrees with {whose}")
