"""How bad a finding looks, 1 to 4 (``damage.severities``): by kind, part, and about how large it is."""

from core.inspection.damage import DamageKind, Part, Severity
from core.inspection.views import Viewpoint
from cv.found import Box

METRES_ACROSS = {
    Viewpoint.LEFT: 5.0,
    Viewpoint.RIGHT: 5.0,
    Viewpoint.FRONT: 2.5,
    Viewpoint.REAR: 2.5,
    Viewpoint.FRONT_LEFT: 4.2,
    Viewpoint.FRONT_RIGHT: 4.2,
    Viewpoint.REAR_LEFT: 4.2,
    Viewpoint.REAR_RIGHT: 4.2,
}
"""How much of the world a photo of the whole car shows from edge to edge. Rough: it only sorts small from large."""
COSMETIC_SCRATCH_CM = 5.0
LIGHT_DENT_CM = 10.0
USUAL_ASPECT = 4 / 3

_ALWAYS = {
    DamageKind.AIRBAG: Severity.CRITICAL,
    DamageKind.FLAT_TYRE: Severity.CRITICAL,  # not driveable
    DamageKind.BROKEN_GLASS: Severity.SERIOUS,
    DamageKind.BROKEN_LAMP: Severity.SERIOUS,
    DamageKind.MISSING_PART: Severity.SERIOUS,
}
_REPLACED_WHEN_CRACKED = frozenset(
    {Part.WINDSCREEN, Part.REAR_WINDOW, Part.SIDE_WINDOW, Part.HEADLAMP, Part.TAIL_LAMP, Part.WHEEL}
)


def severity_of(kind: DamageKind, part: Part, size_cm: float | None) -> Severity:
    """``size_cm`` of None: nobody can tell how large it is; then it is neither the least nor the worst of its kind.

    Whether a scratch goes through the lacquer is not seen on a photo: a short one is taken as cosmetic.
    """
    if kind in _ALWAYS:
        return _ALWAYS[kind]
    if kind is DamageKind.CRACK:
        return Severity.SERIOUS if part in _REPLACED_WHEN_CRACKED else _larger(size_cm, LIGHT_DENT_CM, Severity.LIGHT)
    if kind is DamageKind.DENT:
        return _larger(size_cm, LIGHT_DENT_CM, Severity.LIGHT)
    if kind is DamageKind.SCRATCH:
        return Severity.LIGHT if size_cm is None else _larger(size_cm, COSMETIC_SCRATCH_CM, Severity.COSMETIC)
    return Severity.LIGHT


def size_cm(viewpoint: Viewpoint, box: Box, *, width: int | None, height: int | None) -> float | None:
    """About how long the longer side of the box is; None where the photo does not show the whole car."""
    across = METRES_ACROSS.get(viewpoint)
    if across is None:
        return None
    aspect = width / height if width and height else USUAL_ASPECT
    return 100 * max(box.width * across, box.height * across / aspect)


def _larger(size: float | None, limit: float, small: Severity) -> Severity:
    return Severity(small + 1) if size is not None and size > limit else small
