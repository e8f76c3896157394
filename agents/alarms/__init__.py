"""Alarms: what staff must see comes in; one message at once, repeats in groups, and the end come out."""

from agents.alarms import agent, store
from agents.spec import AgentSpec
from core.commands import SendMessage, TellAlarm
from core.events import AlarmCleared, AlarmRaised, HealthDue, WebhookQuarantined

HANDLED = (AlarmRaised, AlarmCleared, WebhookQuarantined, HealthDue)

AGENT = AgentSpec(
    name="alarms",
    handles=HANDLED,
    causes=(TellAlarm, SendMessage),
    run=agent.run,
    save=store.save,
    quick=HANDLED,
)
