"""Evidence: an examined or reviewed inspection comes in; the card, the archive, the report and its links come out."""

from agents.evidence import agent
from agents.spec import AgentSpec
from core.commands import ArchiveInspection, SendMessage, ShowFinding, ShowInspection, ShowPairs
from core.events import (
    InspectionExamined,
    InspectionReviewed,
    ReportMade,
    ReportWanted,
)

AGENT = AgentSpec(
    name="evidence",
    handles=(InspectionExamined, InspectionReviewed, ReportWanted, ReportMade),
    causes=(ReportMade, SendMessage, ShowInspection, ShowFinding, ShowPairs, ArchiveInspection),
    run=agent.run,
)
