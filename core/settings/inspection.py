"""Inspections by photo: what is asked for, what vision may say, when people are reminded and who confirms."""

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from core.inspection.damage import DamageKind, Severity
from core.inspection.views import EXTERIOR, INSIDE, Viewpoint
from core.roles import Role
from core.settings.section import Section

DEFAULT_KIT = ("spare_wheel", "jack", "wheel_wrench", "triangle", "extinguisher", "first_aid", "vest")


def _climbs(minutes: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    if minutes[0] < 0 or any(later <= sooner for sooner, later in pairwise(minutes)):
        raise ValueError("each step comes later than the one before")
    return minutes


Steps = Annotated[tuple[float, float, float, float], AfterValidator(_climbs)]
"""Working minutes until each is asked: employee, head of branch, of division, director."""


class PhotosSettings(Section):
    """What a hand-over or return must show."""

    exterior_angles: tuple[Viewpoint, ...] = EXTERIOR
    other_required: tuple[Viewpoint, ...] = INSIDE
    tyres_required: bool = False
    minimum_total: int = Field(default=13, ge=1)
    """Fewer accepted photos than this, and the inspection is incomplete: said so, with a task."""
    min_long_side_px: int = Field(default=1280, ge=320)
    time_window_minutes: int = Field(default=180, ge=1)
    """A photo taken longer before or after it was received is flagged."""
    same_set_for_return: bool = True
    missing_blocks_closing: bool = False
    reject_duplicates: bool = True
    """The same picture does not count for two sides."""
    kit: tuple[str, ...] = DEFAULT_KIT
    """What belongs into the trunk; a name without a text of its own is shown as it is."""
    retakes: int = Field(default=3, ge=1)
    """How often one side is asked for again before the photo is taken as it is, with its faults written down."""

    @field_validator("exterior_angles", "other_required")
    @classmethod
    def _each_once(cls, asked: tuple[Viewpoint, ...]) -> tuple[Viewpoint, ...]:
        if len(set(asked)) != len(asked):
            raise ValueError("a side is asked for twice")
        return asked


class DamageSettings(Section):
    """What follows from damage. Nobody is ever charged by Jarvis."""

    notify_head_from: Severity = Severity.LIGHT
    notify_division_head_from: Severity = Severity.SERIOUS
    notify_director_from: Severity = Severity.CRITICAL
    blocks_issue_from: Severity = Severity.CRITICAL
    """From here "do not issue" is proposed; one step below the head of the branch is asked."""
    head_verifies_up_to: Severity = Severity.LIGHT
    """Above it the head of the division confirms."""
    review_minutes: Steps = (15, 30, 60, 120)
    """Until somebody has decided about every finding: employee, head of branch, of division, director."""
    prices: dict[str, dict[DamageKind, int]] = Field(default_factory=dict[str, dict[DamageKind, int]])
    """In GEL by part and kind; wins over the table that is shipped (agents/damage/prices.py)."""
    second_opinion: bool = False
    """Ask a vision model about the crop of a finding; it can lower a finding's rank, never make or end one."""

    def verifier(self, severity: Severity) -> Role:
        """The least role that may confirm a finding of this severity."""
        return Role.BRANCH_HEAD if severity <= self.head_verifies_up_to else Role.DIVISION_HEAD


class VisionSettings(Section):
    """Where the eyes are. Without damage weights Jarvis says so, and people look."""

    is_on: bool = True
    damage_weights: Path | None = None
    """An ONNX file (or ``.pt`` with the extra) with its card beside it; None: the ones that are shipped."""
    shipped_weights: bool = True
    """False: without ``damage_weights`` there are none. The shipped ones carry AGPL-3.0."""
    plate_weights: Path | None = None
    vehicle_weights: Path | None = None
    """A YOLO that knows cars (COCO's names): a photo without a whole car on it is asked for again. None: people see."""
    mask_encoder: Path | None = None
    mask_decoder: Path | None = None
    """SAM2 as two ONNX files; without them masks are the detector's own."""
    min_confidence: float = Field(default=0.5, ge=0, le=1)
    """What a wash or another closed answer needs to be proposed; damage has thresholds per class on its card."""
    sure_confidence: float = Field(default=0.9, ge=0, le=1)
    """From here a wash or the fluids are closed without a person."""
    thresholds: dict[DamageKind, float] = Field(default_factory=dict[DamageKind, float])
    """By kind; they win over those of the card."""
    branch_thresholds: dict[str, dict[DamageKind, float]] = Field(default_factory=dict[str, dict[DamageKind, float]])
    """By branch and kind, tuned by the record of overturned findings; they win over all others."""
    workers: int = Field(default=1, ge=1)
    threads: int = Field(default=2, ge=1)
    memory_mb: int = Field(default=900, ge=256)
    task_timeout_s: float = Field(default=60.0, gt=0)
    max_megapixels: float = Field(default=64.0, gt=0)
    """Above it a picture is not opened: it would be a bomb before it was a photo."""

    @model_validator(mode="after")
    def _masks_need_both(self) -> Self:
        if (self.mask_encoder is None) != (self.mask_decoder is None):
            raise ValueError("masks need mask_encoder and mask_decoder")
        return self


class FuelSettings(Section):
    tolerance_percent: float = Field(default=5.0, ge=0, le=100)
    """Percentage points of the tank; exactly this much passes (given by the business)."""


class OperationsSettings(Section):
    """Hand-overs and returns that are planned."""

    remind_before_minutes: tuple[float, ...] = (120, 30)
    post_overdue_minutes: Steps = (15, 30, 60, 120)
    """An inspection that is missing after the planned time: employee, head of branch, of division, director."""
    max_km_per_day: int = Field(default=1500, ge=1)
    """More than this since the last reading is asked about."""


class ReportSettings(Section):
    link_days: int = Field(default=7, ge=1, le=7)
    """How long a signed link opens a report; a new one is made by a button. S3 allows seven days."""
