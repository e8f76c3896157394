"""The topic of a task in its assignee's group of tasks, called as people call the task."""

from bot.cards import BLUE, RED, YELLOW
from bot.markup import TOPIC_NAME_LIMIT, cut_plain
from bot.quoting import line
from bot.topics import Place
from db.queries.chats import Chat
from db.queries.tasks import Task

_COLOURS = {"low": BLUE, "normal": BLUE, "high": YELLOW, "urgent": RED}


def task_place(chat: Chat, task: Task) -> Place:
    name = cut_plain(f"#{task.number} {line(task.title)}", TOPIC_NAME_LIMIT)
    return Place(chat.chat_id, task.subject, name, _COLOURS[task.priority])
