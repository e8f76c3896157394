"""Alarms: what staff must see comes in; one message at once, repeats in groups, and the end come out."""

from agents.alarms import agent, store
from agents.spec import AgentSpec
from core.commands import SendMessage, TellAlarm
from core.events import AlarmCleared, AlarmRaised, HealthDue, WebhookQuarantined

AGENT = AgentSpec(
    name="alarms",
    handles=(AlarmRaised, AlarmCleared, WebhookQuarantined, HealthDue),
    causes=(TellAlarm, SendMessage),
    run=agent.run,
    save=store.save,
)
