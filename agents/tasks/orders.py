"""Where a task is shown and said, each order with the key that makes it happen once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.commands import NewCommand, Priority, SendMessage, ShowTaskCard, Text, chat_destination
from core.commands.task_buttons import task_buttons
from db.queries import chats, people, tasks
from db.queries.tasks import Task
from db.session import Tx


@dataclass(frozen=True, slots=True)
class Spot:
    """A chat where a card belongs. ``is_group``: in a topic of its own there."""

    chat_id: int
    is_group: bool = False
    thread_id: int | None = None
    reply_to: int | None = None


async def home_of(tx: Tx, person_id: UUID | None) -> Spot | None:
    """A person's group of tasks, else their private chat; None for nobody and for who works here no more."""
    person = None if person_id is None else await people.by_id(tx, person_id)
    if person is None:
        return None
    group = await chats.group_of(tx, person.id, "task_group")
    return Spot(group.chat_id, is_group=True) if group is not None and group.can_work else Spot(person.tg_user_id)


async def spots_of(tx: Tx, task: Task, source: Spot | None = None) -> list[Spot]:
    """Where it came from, where its cards stand already, and where its assignee looks."""
    spots = {chat_id: Spot(chat_id) for chat_id in await tasks.card_chats(tx, task.id)}
    if source is not None:
        spots[source.chat_id] = source
    home = await home_of(tx, task.assignee_id)
    if home is not None and (home.is_group or home.chat_id not in spots):
        spots[home.chat_id] = home
    return list(spots.values())


def show(task_id: UUID, spot: Spot, *, event_id: int, branch: str | None) -> NewCommand:
    """Several wishes for one card are one wish: it shows the newest state."""
    return NewCommand(
        body=ShowTaskCard(
            chat_id=spot.chat_id,
            task_id=task_id,
            thread_id=spot.thread_id,
            reply_to=spot.reply_to,
            is_group=spot.is_group,
        ),
        destination=chat_destination(spot.chat_id),
        effect_key=f"task-card:{spot.chat_id}:{task_id}:{event_id}",
        priority=Priority.CARD,
        merge_key=f"task-card:{spot.chat_id}:{task_id}",
        branch=branch,
    )


async def show_everywhere(tx: Tx, task: Task, *, event_id: int, source: Spot | None = None) -> tuple[NewCommand, ...]:
    spots = await spots_of(tx, task, source)
    return tuple(show(task.id, spot, event_id=event_id, branch=task.branch) for spot in spots)


def remind(task: Task, home: Spot, moment: datetime) -> NewCommand:
    """Said aloud to whoever owes it, with the buttons of the card."""
    text = Text(key="task-reminder", args={"number": str(task.number), "title": task.title, "priority": task.priority})
    body = SendMessage(
        chat_id=home.chat_id,
        text=text,
        entity=task.subject if home.is_group else None,
        buttons=task_buttons(task.id, task.status),
    )
    return NewCommand(
        body=body,
        destination=chat_destination(home.chat_id),
        effect_key=f"task-{tasks.reminder_key(task.id, moment)}",
        priority=Priority.ANSWER,
        branch=task.branch,
    )


def tell(chat_id: int, text: Text, language: str, *, event_id: int) -> NewCommand:
    return NewCommand(
        body=SendMessage(chat_id=chat_id, text=text, language=language),
        destination=chat_destination(chat_id),
        effect_key=f"task-told:{event_id}:{chat_id}",
        priority=Priority.ANSWER,
    )
