"""Inspections: what people press, answer and photograph comes in; the form, its gates and the next step come out."""

from datetime import timedelta

from agents.inspections import agent, store
from agents.spec import AgentSpec
from core.commands import SendMessage, ShowForm, ShowInspection
from core.events import (
    BodyPhotographed,
    DashboardPhotographed,
    DocumentPhotographed,
    FluidsPhotographed,
    InspectionAnswered,
    InspectionNoLongerMissing,
    InspectionOverdue,
    InspectionsDue,
    InspectionSteered,
    InspectionSubmitted,
    InspectionWanted,
    IssuePlanned,
    PhotoGiven,
    ReadingTaken,
    ReturnPlanned,
    TaskCreated,
    TrunkPhotographed,
)

AGENT = AgentSpec(
    name="inspections",
    handles=(
        IssuePlanned,
        ReturnPlanned,
        InspectionsDue,
        InspectionWanted,
        InspectionSteered,
        InspectionAnswered,
        PhotoGiven,
        ReadingTaken,
    ),
    causes=(
        IssuePlanned,
        ReturnPlanned,
        InspectionOverdue,
        InspectionNoLongerMissing,
        BodyPhotographed,
        DashboardPhotographed,
        TrunkPhotographed,
        DocumentPhotographed,
        FluidsPhotographed,
        InspectionSubmitted,
        TaskCreated,
        SendMessage,
        ShowForm,
        ShowInspection,
    ),
    run=agent.run,
    save=store.save,
    time_limit=timedelta(minutes=5),
)
