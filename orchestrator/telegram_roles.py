"""The roles that talk to Telegram: one listens to people, one performs what was ordered."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.app import build_dispatcher
from bot.commands_menu import set_commands
from bot.desk import Office
from bot.intake import Intake
from bot.means import Showing
from bot.polling import Poller, poller_lock_name
from bot.send import TelegramPerformer
from bot.webhook import register_webhook
from core.errors import JarvisError, NeedsAttention, Temporary
from core.events import NewEvent, Recorded
from core.log import get_logger
from core.settings import WrongSettings
from db.locks import SingletonLock
from orchestrator.deliverer import Deliverer
from orchestrator.router import route
from orchestrator.signals import metrics, tracing
from orchestrator.stopping import sleep_or_stop
from orchestrator.wiring import Jarvis

log = get_logger(__name__)

LOCK_PAUSE_S = 1.0


async def deliver(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Perform commands. The limits of Telegram belong to the bot, so one process sends at a time; another may wait."""
    bot = jarvis.bot
    if bot is None:
        await _stand_by(jarvis, stop, "deliver")
        return
    lock = SingletonLock(jarvis.database_url, f"telegram-sender:{bot.id}")
    try:
        while not stop.is_set():
            if not await _owns(lock):
                jarvis.progress.beat("deliver", waits="another process sends")
                await sleep_or_stop(stop, LOCK_PAUSE_S)
                continue
            await _deliver_while_owned(jarvis, lock, stop)
    finally:
        await lock.release()


async def _deliver_while_owned(jarvis: Jarvis, lock: SingletonLock, stop: asyncio.Event) -> None:
    assert jarvis.bot is not None
    settings = jarvis.settings
    performer = TelegramPerformer(
        jarvis.bot,
        jarvis.db,
        jarvis.storage,
        settings=settings.telegram,
        clock=jarvis.deps.clock,
        showing=Showing(settings.translation.show_original, settings.speech.min_confidence, settings.photos.kit),
    )
    deliverer = Deliverer({"telegram": performer}, jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress)
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        watching = [group.create_task(_watch_lock(lock, over)), group.create_task(_pass_on(stop, over))]
        await deliverer.run(over)
        for task in watching:
            task.cancel()


async def _watch_lock(lock: SingletonLock, over: asyncio.Event) -> None:
    """End the deliverer when the lock went to somebody else."""
    while not over.is_set() and await _owns(lock):
        await sleep_or_stop(over, LOCK_PAUSE_S)
    over.set()


async def _pass_on(stop: asyncio.Event, over: asyncio.Event) -> None:
    """At once, and not after a look at the lock: Postgres may hang."""
    await stop.wait()
    over.set()


async def _owns(lock: SingletonLock) -> bool:
    try:
        return await lock.is_held()
    except Temporary as error:
        log.warning("lock not known", error=error)
        return False


async def bot(jarvis: Jarvis, stop: asyncio.Event) -> None:
    """Listen to people by long polling; in mode ``webhook`` the ingress listens and this role registers it."""
    if jarvis.bot is None:
        await _stand_by(jarvis, stop, "bot")
        return
    while not stop.is_set():
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(_listen(jarvis, stop))
            stopping = group.create_task(stop.wait())
            await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
            listening.cancel()
            stopping.cancel()
        await sleep_or_stop(stop, jarvis.settings.work.backoff_max_s)


async def _listen(jarvis: Jarvis, stop: asyncio.Event) -> None:
    assert jarvis.bot is not None
    lock = SingletonLock(jarvis.database_url, poller_lock_name(jarvis.bot))
    try:
        await _show_menu(jarvis)
        if jarvis.settings.telegram.mode == "webhook":
            await _register(jarvis)
            await _stand_by(jarvis, stop, "bot")
        else:
            await Poller(jarvis.bot, intake(jarvis), lock, beat=lambda: jarvis.progress.beat("bot")).run()
    except (NeedsAttention, Temporary) as error:
        log.error("the bot does not listen, it tries again later", error=error)  # noqa: TRY400 - the text says it all


async def _show_menu(jarvis: Jarvis) -> None:
    """The menu of commands is a comfort: without it the bot listens all the same."""
    assert jarvis.bot is not None
    try:
        await set_commands(jarvis.bot)
    except JarvisError as error:
        log.warning("the menu of commands is not set", error=error)


async def _register(jarvis: Jarvis) -> None:
    assert jarvis.bot is not None
    telegram, public_url = jarvis.settings.telegram, jarvis.settings.http.public_url
    if public_url is None or telegram.webhook_secret is None:
        raise WrongSettings("telegram.mode webhook needs http.public_url and telegram.webhook_secret")
    await register_webhook(jarvis.bot, public_url, telegram.webhook_secret.get_secret_value())


def intake(jarvis: Jarvis) -> Intake:
    """Where updates go, however they come."""
    assert jarvis.bot is not None
    office = Office(jarvis.db, route, jarvis.settings, jarvis.deps.clock, ring(jarvis), _note)
    return Intake(jarvis.bot, build_dispatcher(office), office)


def _note(events: Sequence[NewEvent[Any]], recorded: Recorded) -> None:
    metrics.events_recorded(events, recorded)
    tracing.recorded("bot", events, recorded)


def ring(jarvis: Jarvis) -> Callable[[Sequence[int], bool], Awaitable[None]]:
    async def ring_both(run_ids: Sequence[int], has_commands: bool) -> None:
        await jarvis.bell.ring_runs(run_ids)
        if has_commands:
            await jarvis.bell.ring_commands()

    return ring_both


async def _stand_by(jarvis: Jarvis, stop: asyncio.Event, role: str) -> None:
    while not stop.is_set():
        jarvis.progress.beat(role, stands_by=True)
        await sleep_or_stop(stop, LOCK_PAUSE_S)
