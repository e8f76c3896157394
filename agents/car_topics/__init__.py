"""Car topics: what happens to cars, bookings and forums comes in; cards, short lines and closed topics come out."""

from agents.car_topics import agent
from agents.spec import AgentSpec
from core.commands import CloseTopic, SendMessage, ShowCarCard
from core.events import (
    AlarmCleared,
    AlarmRaised,
    BookingCancelled,
    BookingCreated,
    BookingIssued,
    BookingReturned,
    BookingUpdated,
    CarAdded,
    CarMoved,
    CarRemoved,
    CarUpdated,
    ChatChanged,
    ForumBound,
    SyncFinished,
)

HANDLED = (
    CarAdded,
    CarMoved,
    CarUpdated,
    CarRemoved,
    BookingCreated,
    BookingIssued,
    BookingReturned,
    BookingUpdated,
    BookingCancelled,
    SyncFinished,
    ForumBound,
    ChatChanged,
)

AGENT = AgentSpec(
    name="car_topics",
    handles=HANDLED,
    causes=(ShowCarCard, SendMessage, CloseTopic, AlarmRaised, AlarmCleared),
    run=agent.run,
    save=agent.save,
    quick=HANDLED,
)
