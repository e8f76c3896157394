"""Every agent of this version, in one flat tuple."""

from agents.access import AGENT as ACCESS
from agents.alarms import AGENT as ALARMS
from agents.approvals import AGENT as APPROVALS
from agents.car_topics import AGENT as CAR_TOPICS
from agents.client_topics import AGENT as CLIENT_TOPICS
from agents.damage import AGENT as DAMAGE
from agents.dashboard import AGENT as DASHBOARD
from agents.documents import AGENT as DOCUMENTS
from agents.escalation import AGENT as ESCALATION
from agents.evidence import AGENT as EVIDENCE
from agents.fluids import AGENT as FLUIDS
from agents.inbox import AGENT as INBOX
from agents.inspections import AGENT as INSPECTIONS
from agents.media_keeper import AGENT as MEDIA_KEEPER
from agents.rental_sync import AGENT as RENTAL_SYNC
from agents.reply_drafter import AGENT as REPLY_DRAFTER
from agents.spec import AgentSpec
from agents.tasks import AGENT as TASKS
from agents.transcriber import AGENT as TRANSCRIBER
from agents.translator import AGENT as TRANSLATOR
from agents.triage import AGENT as TRIAGE
from agents.trunk_kit import AGENT as TRUNK_KIT
from agents.wash import AGENT as WASH
from agents.watchman import AGENT as WATCHMAN

AGENTS: tuple[AgentSpec, ...] = (
    RENTAL_SYNC,
    CAR_TOPICS,
    INBOX,
    TRANSCRIBER,
    TRANSLATOR,
    CLIENT_TOPICS,
    REPLY_DRAFTER,
    TRIAGE,
    TASKS,
    ESCALATION,
    APPROVALS,
    INSPECTIONS,
    DAMAGE,
    DASHBOARD,
    TRUNK_KIT,
    WASH,
    FLUIDS,
    DOCUMENTS,
    EVIDENCE,
    ACCESS,
    MEDIA_KEEPER,
    WATCHMAN,
    ALARMS,
)
