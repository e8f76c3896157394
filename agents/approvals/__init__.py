"""Approvals: commands that need consent come in; cards, releases and refusals come out."""

from agents.approvals import agent
from agents.spec import AgentSpec
from core.events import ApprovalAsked, ApprovalDecided, ApprovalsDue

AGENT = AgentSpec(
    name="approvals",
    handles=(ApprovalAsked, ApprovalDecided, ApprovalsDue),
    causes=(),
    run=agent.run,
)
