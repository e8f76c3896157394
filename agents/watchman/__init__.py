"""Watchman: every minute, what has been silent, stale or about to run out becomes an alarm, and its end is said."""

from agents.spec import AgentSpec
from agents.watchman import agent
from core.events import AlarmCleared, AlarmRaised, HealthDue

AGENT = AgentSpec(
    name="watchman",
    handles=(HealthDue,),
    causes=(AlarmRaised, AlarmCleared),
    run=agent.run,
)
