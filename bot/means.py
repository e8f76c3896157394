"""What a command is performed with."""

from dataclasses import dataclass

from bot.calls import Calls
from bot.posting import Posting
from bot.texts import Texts
from bot.topics import Topics
from core.clock import Clock
from core.settings.inspection import DEFAULT_KIT
from db.session import Database
from storage.api import Storage


@dataclass(frozen=True, slots=True)
class Showing:
    """What of the settings people see.

    ``translation.show_original`` and ``speech.min_confidence``: how staff see what a client wrote; ``photos.kit``: what
    belongs into a trunk.
    """

    has_original: bool = True
    min_confidence: float = 0.6
    kit: tuple[str, ...] = DEFAULT_KIT


@dataclass(frozen=True, slots=True)
class Means:
    """Everything outgoing shares one set of budgets, one registry of topics and one catalog of texts."""

    calls: Calls
    posting: Posting
    topics: Topics
    db: Database
    storage: Storage
    clock: Clock
    texts: Texts
    showing: Showing
