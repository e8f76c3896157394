"""Dashboard: photos of the instruments come in; mileage and fuel, checked against what is known, come out."""

from agents.dashboard import agent
from agents.spec import AgentSpec
from core.commands import SendMessage, ShowForm, ShowInspection
from core.events import (
    AlarmRaised,
    DashboardPhotographed,
    InspectionSubmitted,
    ReadingTaken,
    TaskCreated,
)

AGENT = AgentSpec(
    name="dashboard",
    handles=(DashboardPhotographed, InspectionSubmitted),
    causes=(ReadingTaken, AlarmRaised, TaskCreated, SendMessage, ShowInspection, ShowForm),
    run=agent.run,
)
