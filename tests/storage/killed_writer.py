"""A process that stores objects, tells the key of each stored one, and is killed at a moment the seed decides."""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path
from threading import Timer

from core.clock import SystemClock
from storage.location import open_storage


async def write_until_killed(folder: str, seed: int) -> None:
    dice = random.Random(seed)
    store = open_storage(Path(folder).as_uri(), clock=SystemClock())
    Timer(dice.uniform(0.01, 0.3), os.kill, (os.getpid(), signal.SIGKILL)).start()
    while True:
        stored = await store.put(dice.randbytes(dice.randrange(1, 400_000)), content_type="image/jpeg")
        sys.stdout.write(f"{stored.key}\n")
        sys.stdout.flush()


asyncio.run(write_until_killed(sys.argv[1], int(sys.argv[2])))
