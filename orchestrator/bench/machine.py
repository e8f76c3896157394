"""What a figure was measured on, and how noisy it was."""

import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from orchestrator.bench.contenders import Contender


def machine() -> dict[str, Any]:
    return {
        "cpus": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "noise": noise(),
    }


def versions(contenders: Sequence[Contender]) -> dict[str, str]:
    """Of the packages of peers, by the name of the peer."""
    return {
        contender.name: _version(contender.package, contender.libraries)
        for contender in contenders
        if contender.package is not None
    }


def _version(package: str, libraries: Path | None) -> str:
    folders = sys.path if libraries is None else [str(libraries)]
    found = next(iter(metadata.distributions(name=package, path=folders)), None)
    return "not installed" if found is None else found.version


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
