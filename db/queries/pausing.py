"""Standing still by order of a person: a system, an agent or one destination, with reason and actor in the audit."""

from datetime import datetime
from typing import Literal

from db import commands
from db.queries import audit, status
from db.session import Tx

Scope = Literal["system", "agent", "destination"]


async def pause(tx: Tx, scope: Scope, name: str, *, reason: str, by: str, at: datetime) -> bool:
    """Stop it until it is resumed; False for a destination that nothing was ever ordered for."""
    if scope != "destination":
        await status.pause(tx, scope, name, reason)
    elif await tx.row("SELECT 1 AS one FROM destinations WHERE destination = %s", (name,)) is None:
        return False
    else:
        await commands.park(tx, name, reason)
    await _note(tx, f"{scope}.paused", f"{scope}:{name}", by, at, reason=reason)
    return True


async def resume(tx: Tx, scope: Scope, name: str, *, by: str, at: datetime) -> bool:
    """Let it go on; False when it does not stand still."""
    went_on = await (commands.unpark(tx, name) if scope == "destination" else status.resume(tx, scope, name))
    if went_on:
        await _note(tx, f"{scope}.resumed", f"{scope}:{name}", by, at)
    return went_on


async def is_paused(tx: Tx, scope: str, name: str) -> bool:
    """Whether a person stopped it; read on every use, so that one press works at once."""
    return await tx.row("SELECT 1 AS one FROM pauses WHERE scope = %s AND name = %s", (scope, name)) is not None


async def _note(tx: Tx, action: str, subject: str, by: str, at: datetime, **details: str) -> None:
    await audit.append(tx, actor=by, action=action, subject=subject, at=at, details=details)
