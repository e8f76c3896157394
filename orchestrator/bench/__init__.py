"""``jarvis bench``: speed and size, measured beside a reference in the same run, printed as ratios; never a test."""

from collections.abc import Callable
from typing import Any

from orchestrator.bench import ingress, sync, up

BENCHES: dict[str, Callable[[], dict[str, Any]]] = {
    "sync": sync.measure,
    "ingress": ingress.measure,
    "up": up.measure,
}
