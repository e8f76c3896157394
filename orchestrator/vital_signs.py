"""Beside the roles of every process: how late its event loop wakes, and /metrics where no role of it serves HTTP."""

import asyncio
import time
from contextlib import nullcontext

from orchestrator import metrics
from orchestrator.exposition import Exporter, shown_on
from orchestrator.wiring import Jarvis

LOOK_EVERY_S = 0.5


async def vital_signs(jarvis: Jarvis, stop: asyncio.Event) -> None:
    port = jarvis.settings.monitoring.metrics_port
    registry = Exporter(jarvis, shows_circle=False).registry
    with nullcontext() if port is None else shown_on(jarvis.settings.http.host, port, registry):
        while not stop.is_set():
            began = time.monotonic()
            try:
                await asyncio.wait_for(stop.wait(), LOOK_EVERY_S)
            except TimeoutError:
                metrics.loop_lagged(time.monotonic() - began - LOOK_EVERY_S)
