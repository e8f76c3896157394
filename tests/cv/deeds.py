"""What the tests of the pool let a worker do."""

import os
import resource
import signal
import time
from pathlib import Path
from typing import NoReturn

from core.errors import Rejected


def add(one: int, other: int) -> int:
    return one + other


def pid() -> int:
    return os.getpid()


def refuse(text: str) -> NoReturn:
    raise Rejected(text)


def fail() -> NoReturn:
    raise ZeroDivisionError("a bug")


def hang(sign: str) -> None:
    Path(sign).touch()
    time.sleep(600)


def die(number: int) -> None:
    os.kill(os.getpid(), number)


def burn() -> None:
    while True:
        pass


def take(megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def hold(megabytes: int) -> int:
    _HELD.append(b"\x01" * megabytes * 1024 * 1024)
    return os.getpid()


_HELD: list[bytes] = []


def write(path: str) -> None:
    Path(path).write_text("taken over", encoding="utf-8")


def surroundings() -> dict[str, str]:
    return dict(os.environ)


def open_files() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class Trap:
    """What a worker that was taken over would answer with: whoever unpickles it makes a folder."""

    def __init__(self, sign: str) -> None:
        self._sign = sign

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (self._sign,)


def trap(sign: str) -> Trap:
    return Trap(sign)


def ignores_sigint() -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN
