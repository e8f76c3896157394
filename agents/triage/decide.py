"""What becomes of a reading: pure rules. The car, the people and the chat come from code, never from the model."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from agents.triage.answer import Reading
from agents.triage.context import Context
from core.hours import WorkingHours
from core.slang import Urgency
from db.queries.people import Person
from db.queries.tasks import MODEL, RULES

TITLE = 120
URGENT = timedelta(hours=1)
"""Of working time."""
_LINK = re.compile(r"https?://\S+|\bt\.me/\S+|\bwww\.\S+|@\w{4,}", re.IGNORECASE)
_FIGURE = re.compile(r"\d+")


class Next(StrEnum):
    """``ASK_CAR``: several cars are named, and a person has to choose."""

    TASK = "task"
    ASK_CAR = "ask_car"
    QUESTION = "question"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class NewWork:
    """The task that words become."""

    title: str
    nature: str
    part: str | None
    priority: str
    assignee_id: UUID
    due_at: datetime | None
    links: tuple[str, ...]
    made_by: str


def next_step(reading: Reading, context: Context) -> Next:
    match reading.nature:
        case "other":
            return Next.NOTHING
        case "question":
            return Next.QUESTION
        case "breakdown" | "incident" | "task":
            return Next.ASK_CAR if len(context.cars) > 1 else Next.TASK


def work_of(reading: Reading, context: Context, *, is_by_model: bool) -> NewWork:
    links: list[str] = []
    for car in context.cars[:1]:
        links.append(f"car:{car.id}")
        links += [f"booking:{car.booking_id}"] if car.booking_id is not None else []
    return NewWork(
        title=title_of(reading.title if is_by_model else "", context.text),
        nature=reading.nature,
        part=None if reading.part == "other" else reading.part,
        priority=reading.urgency,
        assignee_id=assignee(reading, context).id,
        due_at=due_at(reading.urgency, context.hours, now=context.now),
        links=tuple(links),
        made_by=MODEL if is_by_model else RULES,
    )


def assignee(reading: Reading, context: Context) -> Person:
    """What is broken or has happened is the head's to give on; anything else stays with whoever wrote it."""
    is_for_head = reading.nature in {"breakdown", "incident"}
    return context.head if is_for_head and context.head is not None else context.writer


def due_at(urgency: Urgency, hours: WorkingHours, *, now: datetime) -> datetime | None:
    """Until when it is to be done, so that somebody is reminded and it climbs; what can wait for ever is not due."""
    match urgency:
        case "urgent":
            return hours.after_working(now, URGENT)
        case "high":
            return hours.closing(now)
        case "normal":
            return hours.next_evening(now)
        case "low":
            return None


def title_of(proposed: str, words: str) -> str:
    """The model's title where each figure in it stands in the words and it holds no link, else the words."""
    title = " ".join(proposed.split())
    has_new_figures = not set(_FIGURE.findall(title)) <= set(_FIGURE.findall(words))
    if not title or _LINK.search(title) or has_new_figures:
        title = " ".join(_LINK.sub("…", words).split())
    return title if len(title) <= TITLE else f"{title[: TITLE - 1].rstrip()}…"


def is_clean(answer: str) -> bool:
    """No links and no names of strangers in what is said to staff."""
    return bool(answer.strip()) and _LINK.search(answer) is None
