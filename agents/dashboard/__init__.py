"""Dashboard: photos of the instruments come in; mileage and fuel, checked against what is known, come out."""

from datetime import timedelta

from agents.dashboard import agent, store
from agents.spec import AgentSpec
from core.commands import SendMessage
from core.events import DashboardPhotographed, InspectionSubmitted, ReadingTaken, TaskCreated

AGENT = AgentSpec(
    name="dashboard",
    handles=(DashboardPhotographed, InspectionSubmitted),
    causes=(ReadingTaken, TaskCreated, SendMessage),
    run=agent.run,
    save=store.save,
    time_limit=timedelta(minutes=2),
)
