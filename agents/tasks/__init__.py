"""Tasks: what people decide about tasks comes in; cards and reminders come out."""

from agents.spec import AgentSpec
from agents.tasks import agent, store
from core.commands import SendMessage, ShowTaskCard
from core.events import (
    PersonalGroupBound,
    TaskCreated,
    TaskReminder,
    TasksDue,
    TaskStatusChanged,
    TaskSteered,
    TaskUpdated,
    TaskWanted,
)

AGENT = AgentSpec(
    name="tasks",
    handles=(
        TaskCreated,
        TaskUpdated,
        TaskStatusChanged,
        TaskSteered,
        TaskWanted,
        TaskReminder,
        TasksDue,
        PersonalGroupBound,
    ),
    causes=(TaskCreated, TaskUpdated, TaskStatusChanged, TaskReminder, SendMessage, ShowTaskCard),
    run=agent.run,
    save=store.save,
)
