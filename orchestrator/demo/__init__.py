"""``jarvis demo``: a simulated company, a real Jarvis, and a day that can be watched, joined, or checked headless."""

import asyncio
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from core.settings import WrongSettings, load_settings
from orchestrator.demo.processes import Address, Company, company
from orchestrator.demo.scene import Check, Scene, Stage
from orchestrator.demo.scenes import SCENES
from orchestrator.up import stop_on_signals

SIMULATED = (
    "Simulated here: Telegram, RentProg, Umnico, the people, the clients and the cars. The language model is scripted: "
    "it says what is written for it and thinks nothing. Real here: Jarvis, PostgreSQL, Redis, every HTTP call."
)


def play(scene: str, *, is_headless: bool, port: int, sandbox_port: int) -> int:
    """Play a scene; the exit code is 0 when every check held."""
    chosen = SCENES.get(scene)
    if chosen is None:
        raise WrongSettings(f"there is no scene {scene!r}; scenes: {', '.join(SCENES)}")
    address = Address(port=port, sandbox_port=sandbox_port)
    home = (load_settings().home / "demo").absolute()
    return asyncio.run(_play(chosen, home, address, is_headless=is_headless))


async def _play(scene: Scene, home: Path, address: Address, *, is_headless: bool) -> int:
    console = Console(soft_wrap=True)
    stop = stop_on_signals()
    began = time.monotonic()
    async with company(home, address) as played:
        console.print(f"[bold]{scene.title}[/bold]\n{SIMULATED}\n")
        _say_where(console, played)
        stage = Stage(played, console, is_watched=not is_headless)
        playing = asyncio.ensure_future(scene.play(stage))
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({playing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not playing.done():
            playing.cancel()
            console.print("stopped before the end of the scene")
            return 130
        stopping.cancel()
        checks = playing.result()
        _show(console, checks, seconds=time.monotonic() - began)
        if not is_headless:
            _say_where(console, played)
            console.print("The company is yours now: be anybody on the chat page. Ctrl-C ends it.")
            await stop.wait()
    return 0 if all(check.is_held for check in checks) else 1


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
