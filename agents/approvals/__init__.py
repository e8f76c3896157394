"""Approvals: commands that need consent come in; cards, releases and refusals come out."""

from agents.approvals import agent, store
from agents.spec import AgentSpec
from core.commands import SendMessage, ShowApproval, ShowSending
from core.events import ApprovalAsked, ApprovalDecided, ApprovalEnded, ApprovalsDue

AGENT = AgentSpec(
    name="approvals",
    handles=(ApprovalAsked, ApprovalDecided, ApprovalsDue),
    causes=(ApprovalEnded, ShowApproval, ShowSending, SendMessage),
    run=agent.run,
    save=store.save,
)
