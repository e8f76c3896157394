"""What a command is performed with."""

from dataclasses import dataclass

from bot.calls import Calls
from bot.posting import Posting
from bot.texts import Texts
from bot.topics import Topics
from core.clock import Clock
from db.session import Database
from storage.api import Storage


@dataclass(frozen=True, slots=True)
class Showing:
    """How staff see what a client wrote (settings ``translation.show_original``, ``speech.min_confidence``)."""

    has_original: bool = True
    min_confidence: float = 0.6


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
