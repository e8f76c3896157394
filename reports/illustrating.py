"""Which pictures a page shows: sides before and after with the places of findings, and each finding from near."""

from reports.model import Finding, FindingState, Pair, Report
from reports.pictures import Mark, Tone, cut_out, small

_TONES = {
    FindingState.NEW: Tone.NEW,
    FindingState.PROPOSED: Tone.OPEN,
    FindingState.NEED_PHOTO: Tone.OPEN,
    FindingState.KNOWN: Tone.KNOWN,
}
"""What a person called no damage is drawn on no photo."""


def illustrate(report: Report) -> dict[str, bytes]:
    """Small JPEGs by ``after:<side>``, ``before:<side>``, ``wide:<number>``, ``close:<number>``.

    It takes seconds: not for the event loop.
    A photo that could not be read from the store has no picture; the page says so in its place.
    """
    found: dict[str, bytes] = {}
    for pair in (*report.pairs, *report.more):
        found |= _pair(report, pair)
    for finding in report.findings:
        found |= _finding(report, finding)
    return found


def _pair(report: Report, pair: Pair) -> dict[str, bytes]:
    marks = [
        mark for finding in report.findings if finding.picture == pair.after and (mark := _mark(finding)) is not None
    ]
    made: dict[str, bytes] = {}
    after, before = _photo(report, pair.after), _photo(report, pair.before)
    if after is not None:
        made[f"after:{pair.viewpoint}"] = small(after, marks=marks)
    if before is not None:
        made[f"before:{pair.viewpoint}"] = small(before)
    return made


def _finding(report: Report, finding: Finding) -> dict[str, bytes]:
    mark, wide, close = _mark(finding), _photo(report, finding.picture), _photo(report, finding.close_up)
    made: dict[str, bytes] = {}
    if wide is not None:
        made[f"wide:{finding.number}"] = small(wide, marks=[mark] if mark is not None else [])
    if close is not None:
        made[f"close:{finding.number}"] = small(close)
    elif wide is not None and mark is not None:
        made[f"close:{finding.number}"] = cut_out(wide, mark.box)
    return made


def _photo(report: Report, name: str | None) -> bytes | None:
    return None if name is None else report.pictures.get(name)


def _mark(finding: Finding) -> Mark | None:
    tone = _TONES.get(finding.state)
    return None if tone is None or finding.box is None else Mark(finding.number, finding.box, tone)
