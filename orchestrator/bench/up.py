"""``bench up``: how soon ``jarvis up`` is ready on a warm install, and how much memory it holds when idle."""

import time
from typing import Any

import psutil

from orchestrator.bench.ground import child, free_port, ground
from orchestrator.bench.machine import machine, spread

ROUNDS = 3
IDLE_S = 20.0
MEGABYTE = 1_000_000


def measure() -> dict[str, Any]:
    about = machine()
    rounds = [_round() for _ in range(ROUNDS)]
    return {
        "bench": "up",
        "machine": about,
        "ready_s": spread([ready for ready, _ in rounds]),
        "idle_resident_mb": spread([resident for _, resident in rounds]),
        "targets": {"ready_s": 15, "idle_resident_mb": 350},
    }


def _round() -> tuple[float, float]:
    """Seconds until /readyz says 200 (embedded servers included), and MB of Jarvis's own processes after idling."""
    port, sandbox_port = free_port(), free_port()
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    with (
        ground() as found,
        child(
            ["-m", "orchestrator.cli", "sandbox", "--port", str(sandbox_port)],
            {},
            ready_url=f"{sandbox}/_sandbox/telegram/state",
        ),
    ):
        settings = {
            "JARVIS_HOME": str(found.home / "up"),
            "JARVIS_HTTP__PORT": str(port),
            "JARVIS_TELEGRAM__API_URL": f"{sandbox}/telegram",
            "JARVIS_RENTPROG__BASE_URL": f"{sandbox}/rentprog/api/v1",
            "JARVIS_RENTPROG__RATE_SHARE": "1.0",
        }
        began = time.perf_counter()
        with child(["-m", "orchestrator.cli", "up"], settings, ready_url=f"http://127.0.0.1:{port}/readyz") as process:
            ready = time.perf_counter() - began
            time.sleep(IDLE_S)
            return ready, _resident_mb(process.pid)


def _resident_mb(pid: int) -> float:
    """Our own Python processes; Postgres and Redis are the same servers anywhere else."""
    top = psutil.Process(pid)
    ours = [top, *(one for one in top.children(recursive=True) if "python" in one.name())]
    return sum(one.memory_info().rss for one in ours) / MEGABYTE
