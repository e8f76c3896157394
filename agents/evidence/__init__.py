"""Evidence: an examined or reviewed inspection comes in; the card, the archive, the report and its links come out."""

from datetime import timedelta

from agents.evidence import agent, store
from agents.spec import AgentSpec
from core.commands import ArchiveInspection, SendMessage, ShowFinding, ShowInspection
from core.events import InspectionExamined, InspectionReviewed, ReportMade, ReportWanted

AGENT = AgentSpec(
    name="evidence",
    handles=(InspectionExamined, InspectionReviewed, ReportWanted, ReportMade),
    causes=(ReportMade, SendMessage, ShowInspection, ShowFinding, ArchiveInspection),
    run=agent.run,
    save=store.save,
    time_limit=timedelta(minutes=10),
    share=0.25,
)
