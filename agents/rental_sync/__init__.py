"""Rental sync: RentProg's webhooks and lists come in; cars, clients, bookings and what happened to them come out.

agent.py is the story; deliveries.py, refreshes.py and pages.py (the steps of passes.py) are the three ways in.
decide.py and news.py hold the rules; apply.py is the one path into the tables. No model: plain rules.
"""

from datetime import timedelta

from agents.rental_sync import agent
from agents.spec import AgentSpec
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
    ClientUpdated,
    RefreshWanted,
    RentprogDelivered,
    SyncDue,
    SyncFinished,
    SyncPageWanted,
)

AGENT = AgentSpec(
    name="rental_sync",
    handles=(RentprogDelivered, RefreshWanted, SyncDue, SyncPageWanted),
    causes=(
        RefreshWanted,
        SyncPageWanted,
        SyncFinished,
        CarAdded,
        CarMoved,
        CarUpdated,
        CarRemoved,
        BookingCreated,
        BookingIssued,
        BookingReturned,
        BookingUpdated,
        BookingCancelled,
        ClientUpdated,
        AlarmRaised,
        AlarmCleared,
    ),
    run=agent.run,
    save=agent.save,
    quick=(RentprogDelivered, SyncDue),
    time_limit=timedelta(minutes=3),
)

__all__ = ["AGENT"]
