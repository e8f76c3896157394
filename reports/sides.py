"""Which pair of photos shows a finding: the side it was seen on, else the one side on which its part is seen best."""

from core.inspection.damage import Part
from core.inspection.part_of_view import ZONES
from core.inspection.views import Viewpoint
from reports.model import Finding, Pair, Report

_STRAIGHT = (Viewpoint.FRONT, Viewpoint.REAR, Viewpoint.LEFT, Viewpoint.RIGHT)


def side_of(report: Report, finding: Finding) -> Pair | None:
    """A person who marks what the machine missed names a part and no photo."""
    viewpoint = finding.viewpoint or _best(finding.part)
    return next((pair for pair in report.pairs if pair.viewpoint == viewpoint), None)


def _best(part: Part) -> Viewpoint | None:
    """None where two sides show one as well as the other: a mirror or a wheel may be of either."""
    seen = sorted(((_size(view, part), view) for view in _STRAIGHT if part in ZONES[view]), reverse=True)
    is_one_of_two = len(seen) > 1 and abs(seen[0][0] - seen[1][0]) < 1e-6
    return None if not seen or is_one_of_two else seen[0][1]


def _size(viewpoint: Viewpoint, part: Part) -> float:
    return sum(zone.area for zone in ZONES[viewpoint][part])
