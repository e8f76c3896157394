"""Beside the roles of every process: how late its event loop wakes, and /metrics where no role of it serves HTTP."""

import asyncio
import time
from contextlib import AbstractContextManager, nullcontext

from orchestrator.signals import metrics
from orchestrator.wiring import Jarvis

LOOK_EVERY_S = 0.5


async def vital_signs(jarvis: Jarvis, stop: asyncio.Event) -> None:
    with nullcontext() if jarvis.settings.monitoring.metrics_port is None else _shown(jarvis):
        while not stop.is_set():
            began = time.monotonic()
            try:
                await asyncio.wait_for(stop.wait(), LOOK_EVERY_S)
            except TimeoutError:
                metrics.loop_lagged(time.monotonic() - began - LOOK_EVERY_S)


def _shown(jarvis: Jarvis) -> AbstractContextManager[int]:
    from orchestrator.signals.exposition import Exporter, shown_on

    port = jarvis.settings.monitoring.metrics_port
    assert port is not None
    return shown_on(jarvis.settings.http.host, port, Exporter(jarvis, shows_circle=False).registry)
