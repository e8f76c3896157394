"""Somebody asks for access, and the administrator lets them in; whoever is in already stays."""

from collections.abc import Mapping
from typing import Any

from db.queries import evidence
from orchestrator.demo.scene import Stage

ADMIN = "Ada"


async def open_the_door(stage: Stage, people: Mapping[str, int]) -> None:
    """A bot may write to nobody who never wrote to it, so the administrator greets it first."""
    await stage.director.start(people[ADMIN])


async def let_in(stage: Stage, people: Mapping[str, int], name: str, role: str, branch: str | None) -> None:
    """``branch`` is None for those above all branches."""
    person, admin = people[name], people[ADMIN]
    if await stage.ask(evidence.role_of, person) == role:
        return
    await stage.director.start(person)

    async def request() -> dict[str, Any] | None:
        asked = await stage.director.messages(admin)
        return next((m for m in reversed(asked) if str(person) in m.get("text", "") and "reply_markup" in m), None)

    message = await stage.comes_true(f"the administrator is asked about {name}", request)
    if message is None:
        return
    words = role.replace("_", " ")
    await stage.director.press(admin, admin, message, words if branch is None else f"{words} · {branch.title()}")

    async def has_role() -> bool:
        return await stage.ask(evidence.role_of, person) == role

    await stage.comes_true(f"{name} is {words} now", has_role)
