"""The moment and the settings of a run, carried from ``run`` to ``save`` with what was thought meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from agents.inspections.look import Looked
from core.settings import HoursSettings, OperationsSettings, PhotosSettings


@dataclass(frozen=True, slots=True)
class Frame:
    now: datetime
    photos: PhotosSettings
    operations: OperationsSettings
    hours: HoursSettings
    looked: Looked | None = None
    """Of a photo that came; None where there is nothing to look at."""
