"""What a figure was measured on, and how noisy it was."""

import os
import platform
import statistics
import time
from datetime import UTC, datetime
from typing import Any

import psutil


def machine() -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cpus": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "noise": noise(),
    }


def noise(rounds: int = 15) -> float:
    """(max - min) / median of a fixed piece of work: how far one and the same thing differs here."""
    times: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        sum(n * n for n in range(200_000))
        times.append(time.perf_counter() - began)
    return round((max(times) - min(times)) / statistics.median(times), 3)


def spread(values: list[float]) -> dict[str, float]:
    return {
        "min": round(min(values), 3),
        "median": round(statistics.median(values), 3),
        "max": round(max(values), 3),
    }
