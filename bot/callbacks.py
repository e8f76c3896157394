"""Buttons from both ends: how a handler makes one that opens a screen, and who may press one that came back."""

from core.commands import Button, Text
from core.roles import Role
from db.queries.buttons import StoredButton
from db.queries.people import Person

SCREEN = "screen."
"""Buttons of this kind only show something (or set the presser's own language); they may be pressed again and again.
Every other button is an event and works once."""


def screen_button(
    label: Text, screen: str, *, min_role: Role = Role.EMPLOYEE, style: str | None = None, **payload: str | int
) -> Button:
    return Button(
        label=label,
        event_kind=SCREEN + screen,
        event=payload,
        subject=f"screen:{screen}",
        min_role=str(min_role),
        style=style,
    )


def refusal(button: StoredButton | None, person: Person) -> Text | None:
    """Why this press does nothing, told to the presser alone; None when it may go on. Rights are those of now."""
    if button is None or button.is_expired:
        return Text(key="button-stale")
    if button.only_user is not None and button.only_user != person.tg_user_id:
        return Text(key="button-not-yours")
    needed = Role(button.min_role)
    if not person.role.is_at_least(needed):
        return Text(key="button-no-right")
    if needed.is_at_least(Role.BRANCH_HEAD) and button.branch is not None and not person.decides_for(button.branch):
        return Text(key="button-no-right")
    if button.is_used and not button.event_kind.startswith(SCREEN):
        return Text(key="button-used")
    return None
