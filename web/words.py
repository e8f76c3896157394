"""Numbers and states in the words of the trade, each with the tone in which it is shown."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

Tone = Literal["good", "bad", "warn", "calm", "accent"]


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    tone: Tone = "calm"


CAR_STATES = {
    1: Word("ready to issue", "good"),
    2: Word("in repair", "warn"),
    3: Word("critical condition", "bad"),
    4: Word("long-term rent", "accent"),
    5: Word("do not issue", "bad"),
    6: Word("needs maintenance", "warn"),
}
"""RentProg's numbers, in the words of the cards in Telegram."""

BOOKING_STATES = {
    "new": Word("new", "accent"),
    "active": Word("active", "good"),
    "confirmed": Word("confirmed", "good"),
    "finished": Word("finished"),
    "cancelled": Word("cancelled", "warn"),
    "refused": Word("refused by client", "warn"),
    "no_answer": Word("no answer", "warn"),
    "unconfirmed": Word("not confirmed", "warn"),
    "waiting": Word("waits for client", "warn"),
}

WORK_STATES: dict[str, Word] = {
    "done": Word("done", "good"),
    "sent": Word("sent", "good"),
    "queued": Word("queued", "accent"),
    "running": Word("running", "accent"),
    "waiting": Word("waiting", "accent"),
    "pending": Word("pending", "accent"),
    "sending": Word("sending", "accent"),
    "awaiting_approval": Word("waits for approval", "warn"),
    "unknown": Word("unknown", "warn"),
    "cancelled": Word("cancelled"),
    "failed": Word("failed", "bad"),
    "dead": Word("dead", "bad"),
    "intended": Word("being opened", "accent"),
    "live": Word("open", "good"),
}
"""States of runs, commands and topics."""

ROLES = {
    "employee": Word("employee"),
    "branch_head": Word("branch head", "accent"),
    "division_head": Word("division head", "accent"),
    "director": Word("director", "good"),
    "admin": Word("administrator", "warn"),
}

TROUBLES = {
    "dead_runs": ("dead run", "dead runs"),
    "dead_commands": ("dead command", "dead commands"),
    "unknown_commands": ("command with an unknown end", "commands with an unknown end"),
    "quarantined_records": ("record in quarantine", "records in quarantine"),
    "open_alarms": ("open alarm", "open alarms"),
}
"""One and many."""


def car_state(number: int | None) -> Word:
    return CAR_STATES.get(number or 0, Word("state unknown" if number is None else f"state {number}", "warn"))


def booking_state(state: str, raw: str | None) -> Word:
    """A state nobody knows is shown in RentProg's own words."""
    return BOOKING_STATES.get(state, Word(raw or "state unknown", "warn"))


def work_state(state: str) -> Word:
    return WORK_STATES.get(state, Word(state))


def role(name: str) -> Word:
    return ROLES.get(name, Word(name))


def alarm(text_key: str) -> str:
    """The sentence itself is written by the bot in its readers' languages; here its key says what it is about."""
    return text_key.removeprefix("alarm-").replace("-", " ").capitalize()


def duration(seconds: float) -> str:
    """``40 s``, ``12 min``, ``3 h``, ``5 d``: the largest whole unit."""
    whole = max(0, int(seconds))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if whole >= size:
            return f"{whole // size} {unit}"
    return f"{whole} s"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, or ``in 5 min`` for what is still to come."""
    seconds = (now - moment).total_seconds()
    if abs(seconds) < 5:
        return "just now"
    return f"{duration(seconds)} ago" if seconds > 0 else f"in {duration(-seconds)}"


def local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%d.%m %H:%M")


def to_the_millisecond(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S.%f")[:-3]


def exact(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime(f"%d.%m.%Y %H:%M:%S {zone}")


def readable(value: Any) -> str:
    """JSON for people."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def topic_link(chat_id: int, thread_id: int) -> str:
    """Opens a topic of a supergroup in Telegram for its members; the link leaves the ``-100`` of the chat id out."""
    return f"https://t.me/c/{str(chat_id).removeprefix('-100')}/{thread_id}"
