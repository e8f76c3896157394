"""Every agent of this version, in one flat tuple."""

from agents.access import AGENT as ACCESS
from agents.alarms import AGENT as ALARMS
from agents.car_topics import AGENT as CAR_TOPICS
from agents.media_keeper import AGENT as MEDIA_KEEPER
from agents.rental_sync import AGENT as RENTAL_SYNC
from agents.spec import AgentSpec
from agents.watchman import AGENT as WATCHMAN

AGENTS: tuple[AgentSpec, ...] = (RENTAL_SYNC, CAR_TOPICS, ACCESS, MEDIA_KEEPER, WATCHMAN, ALARMS)
