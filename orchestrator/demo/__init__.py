"""``jarvis demo``: a simulated company, a real Jarvis, and a day that can be watched, joined, or checked headless."""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from core.settings import WrongSettings, load_settings
from orchestrator.demo.processes import Address, Company, company
from orchestrator.demo.scene import Check, Scene, Stage
from orchestrator.demo.scenes import SCENES
from orchestrator.up import stop_on_signals

SIMULATED = (
    "Simulated here: Telegram, RentProg, Umnico, the people, the clients and the cars. The language model and the ear "
    "for voice messages are scripted: they say what is written for them and think nothing. All photos of cars "
    "are drawn by the project. Real here: Jarvis with its eyes, PostgreSQL, Redis, every HTTP call."
)


def play(scene: str | None, *, is_headless: bool, port: int, sandbox_port: int) -> int:
    """Play a scene; the exit code is 0 when every check held.

    Without a name the first is played for whoever watches, and all of them, one after another, for whoever checks.
    """
    if scene is None:
        chosen = list(SCENES.values())[: None if is_headless else 1]
    elif scene in SCENES:
        chosen = [SCENES[scene]]
    else:
        raise WrongSettings(f"there is no scene {scene!r}; scenes: {', '.join(SCENES)}")
    address = Address(port=port, sandbox_port=sandbox_port)
    home = (load_settings().home / "demo").absolute()
    return asyncio.run(_play(chosen, home, address, is_headless=is_headless))


async def _play(scenes: Sequence[Scene], home: Path, address: Address, *, is_headless: bool) -> int:
    """All in one company: what one scene leaves is where the next begins."""
    console = Console(soft_wrap=True)
    stop = stop_on_signals()
    stopping = asyncio.ensure_future(stop.wait())
    began = time.monotonic()
    checks: list[Check] = []
    async with company(home, address) as played:
        console.print(f"{SIMULATED}\n")
        _say_where(console, played)
        for scene in scenes:
            console.print(f"[bold]{scene.title}[/bold]\n{scene.about}\n")
            playing = asyncio.ensure_future(scene.play(Stage(played, console, is_watched=not is_headless)))
            await asyncio.wait({playing, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not playing.done():
                playing.cancel()
                console.print("stopped before the end of the scene")
                return 130
            checks += playing.result()
            console.print()
        _show(console, checks, seconds=time.monotonic() - began)
        if not is_headless:
            _say_where(console, played)
            _say_what_next(console, scenes)
            await stopping
        stopping.cancel()
    return 0 if all(check.is_held for check in checks) else 1


def _say_what_next(console: Console, played: Sequence[Scene]) -> None:
    console.print("The company is yours now: be anybody on the chat page, or a client on theirs. Ctrl-C ends it.")
    for name, scene in SCENES.items():
        if scene not in played:
            console.print(f'Another scene, {scene.title!r}: make demo ARGS="--scene {name}"')


def _say_where(console: Console, played: Company) -> None:
    console.print(f"  chat page  {played.sandbox_url}/")
    console.print(f"  clients    {played.sandbox_url}/clients")
    console.print(f"  panel      {played.panel_link()}\n")


def _show(console: Console, checks: list[Check], *, seconds: float) -> None:
    table = Table(title="What was checked", title_justify="left")
    for column in ("step", "what must be true", "", "seen"):
        table.add_column(column, overflow="fold")
    last = ""
    for check in checks:
        is_new = check.step != last
        if is_new and last:
            table.add_section()
        table.add_row(check.step if is_new else "", check.what, "ok" if check.is_held else "MISSING", check.seen)
        last = check.step
    console.print(table)
    failed = [check for check in checks if not check.is_held]
    console.print(f"{len(checks) - len(failed)} of {len(checks)} hold, {seconds:.0f} s")
    for check in failed:
        print(f"MISSING: {check.step}: {check.what} ({check.seen})", file=sys.stderr)  # noqa: T201 - fails loudly
