"""A button of the form: it opens a page of it or says what the person wants, and carries the step it was shown with."""

from typing import Any

from bot.callbacks import screen_button
from core.commands import Button, Text
from db.queries.inspections import Inspection

SCREEN = "form"


def form_button(inspection: Inspection, label: Text, do: str, *, style: str | None = None, **more: Any) -> Button:
    """A press on an old one is told apart by its step."""
    about = {"inspection_id": str(inspection.id), "step": inspection.step or ""}
    return screen_button(label, SCREEN, style=style, do=do, **about, **more)


def plain(label: str) -> Text:
    return Text(key="button-plain", args={"label": label})
