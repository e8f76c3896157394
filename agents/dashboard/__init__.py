"""Dashboard: photos of the instruments come in; mileage and fuel, checked against what is known, come out."""

from datetime import timedelta

from agents.dashboard import agent, store
from agents.spec import AgentSpec
from core.commands import SendMessage, ShowInspection, ShowMileage
from core.events import (
    DashboardPhotographed,
    InspectionSubmitted,
    MileageDecided,
    ReadingTaken,
    TaskCreated,
    TaskStatusChanged,
)

AGENT = AgentSpec(
    name="dashboard",
    handles=(DashboardPhotographed, InspectionSubmitted, MileageDecided),
    causes=(ReadingTaken, TaskCreated, TaskStatusChanged, SendMessage, ShowMileage, ShowInspection),
    run=agent.run,
    save=store.save,
    time_limit=timedelta(minutes=2),
)
