"""What is said to people, as keys and plain values: bot/send.py renders and escapes it in one place."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Text(BaseModel):
    """A text of bot/texts by its key, with plain values.

    ``parts`` are appended, one a line; where they are a list (``is_list``), on its own line, with commas between.
    """

    model_config = ConfigDict(frozen=True)
    key: str
    args: dict[str, str | int] = {}
    parts: tuple["Text", ...] = ()
    is_list: bool = False


class Button(BaseModel):
    """A button is an event waiting to happen: a press records ``event_kind`` with ``event`` as its payload.

    ``min_role`` is read again at the press; ``only`` restricts it to one Telegram user.
    """

    model_config = ConfigDict(frozen=True)
    label: Text
    event_kind: str
    event: dict[str, Any]
    subject: str
    min_role: str = "employee"
    only: int | None = None
    style: str | None = None
