"""Trouble of the local disk, in our error words."""

import asyncio
import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from core.errors import Broken, NeedsAttention, Temporary

_FOR_STAFF = {errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOTDIR, errno.EEXIST}

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def disk_errors() -> Iterator[None]:
    """Map every ``OSError``: rights and space need staff, a file that should be there is our bug, the rest may pass."""
    try:
        yield
    except FileNotFoundError as error:
        raise Broken("a stored object is gone") from error
    except OSError as error:
        if error.errno in _FOR_STAFF:
            raise NeedsAttention(f"the storage folder cannot be used: {error.strerror}") from error
        raise Temporary(f"the storage folder does not answer: {error.strerror}") from error


async def on_disk(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do ``work`` in a thread, so that a slow disk does not hold the event loop."""
    with disk_errors():
        return await asyncio.to_thread(work, *args, **kwargs)
