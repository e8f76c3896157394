"""Where something was found on a photo: points, boxes and findings, relative to the photo (0..1, y goes down)."""

from dataclasses import dataclass

from core.inspection.damage import DamageKind


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return self.width * self.height

    def overlap(self, other: "Box") -> float:
        """The area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of the detector on one photo.

    ``label`` is the weights' own name of the class. ``polygon`` is empty where the weights only give boxes.
    """

    kind: DamageKind
    confidence: float
    box: Box
    polygon: tuple[Point, ...]
    label: str
