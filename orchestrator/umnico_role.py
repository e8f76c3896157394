"""Sending to clients: any process may, because each conversation's queue has its own lease."""

import asyncio

from orchestrator.deliverer import Deliverer
from orchestrator.router import route
from orchestrator.umnico_sending import UmnicoPerformer
from orchestrator.wiring import Jarvis

ROLE = "deliver-umnico"


async def deliver(jarvis: Jarvis, stop: asyncio.Event) -> None:
    performer = UmnicoPerformer(
        jarvis.db, jarvis.deps.umnico, jarvis.storage, settings=jarvis.settings, clock=jarvis.deps.clock
    )
    deliverer = Deliverer(
        {"umnico": performer}, jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress, role=ROLE
    )
    await deliverer.run(stop)
