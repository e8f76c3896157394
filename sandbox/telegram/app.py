"""The simulated Telegram put together: state, Bot API, control API, webhook."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter

from sandbox.clock import VirtualClock
from sandbox.company.telegram import TelegramSeed
from sandbox.faults import FaultQueue
from sandbox.journal import Journal
from sandbox.telegram.bot_api import BotApi
from sandbox.telegram.control import Control
from sandbox.telegram.seed import bot_of, plant
from sandbox.telegram.state import TelegramState
from sandbox.telegram.webhook import WebhookSender


@dataclass(frozen=True, slots=True)
class TelegramOptions:
    """Who is there at the beginning, and how strict the simulation is."""

    token: str
    seed: TelegramSeed
    titles: Mapping[int, str]
    dice_seed: int
    is_strict: bool
    webhook_pause_s: float
    with_people: bool


class Telegram:
    """One simulated Telegram, ready to be mounted."""

    def __init__(self, clock: VirtualClock, faults: FaultQueue, journal: Journal, options: TelegramOptions) -> None:
        self._options = options
        self.state = TelegramState(bot_of(options.seed), clock, options.dice_seed)
        self.state.limiter.is_enabled = options.is_strict
        self._plant(self.state)
        self._bot_api = BotApi(self.state, options.token, faults, journal)
        self._control = Control(self.state, faults, journal, self._plant, is_strict=options.is_strict)

    def routers(self) -> list[APIRouter]:
        return [self._bot_api.router(), self._control.router()]

    @asynccontextmanager
    async def sending_webhooks(self) -> AsyncIterator[None]:
        """Deliver to the bot's webhook, if it sets one, for the length of the block."""
        sender = WebhookSender(
            self.state.updates,
            now=lambda: self.state.clock.now().timestamp(),
            answer=self._bot_api.perform_webhook_answer,
            first_pause_s=self._options.webhook_pause_s,
        )
        async with asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(sender.run())
            try:
                yield
            finally:
                self.let_go()
                sending.cancel()

    def let_go(self) -> None:
        """End long polls and event streams."""
        self.state.updates.close()
        self.state.events.close()

    def _plant(self, state: TelegramState) -> None:
        if self._options.with_people:
            plant(state, self._options.seed, self._options.titles)
