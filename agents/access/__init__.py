"""Access: a stranger's request goes to the managers; a manager's decision lets in, refuses, changes or ends a role."""

from agents.access import agent, store
from agents.spec import AgentSpec
from core.commands import EditMessage, SendMessage
from core.events import AccessDecided, AccessRequested, RoleDecided, StaffLinked

AGENT = AgentSpec(
    name="access",
    handles=(AccessRequested, AccessDecided, RoleDecided, StaffLinked),
    causes=(SendMessage, EditMessage),
    run=agent.run,
    save=store.save,
)
