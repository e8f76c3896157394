"""The record of findings: how often people agreed, and the threshold that would have been right more often."""

from core.inspection.damage import DamageKind
from core.inspection.record import Judged, Verdict, right_threshold, summed


def judged(verdict: Verdict, confidence: float = 0.7, kind: DamageKind = DamageKind.DENT, model: str = "m1") -> Judged:
    return Judged(model, kind, confidence, verdict)


def test_every_kind_of_every_model_has_its_own_line():
    lines = summed([judged("confirmed"), judged("confirmed", model="m2"), judged("missed", kind=DamageKind.SCRATCH)])
    assert [(line.model, line.kind) for line in lines] == [
        ("m1", DamageKind.DENT),
        ("m1", DamageKind.SCRATCH),
        ("m2", DamageKind.DENT),
    ]


def test_a_line_counts_what_people_made_of_the_proposals():
    (line,) = summed(
        [judged("confirmed"), judged("confirmed"), judged("not_damage"), judged("kind_changed"), judged("undecided")]
    )
    counts = (line.proposed, line.confirmed, line.not_damage, line.kind_changed, line.undecided, line.decided)
    assert counts == (5, 2, 1, 1, 1, 4)
    assert line.precision == 0.5


def test_what_people_added_was_missed_and_not_proposed():
    (line,) = summed([judged("missed"), judged("missed")])
    assert (line.missed, line.proposed, line.precision) == (2, 0, None)


def test_a_threshold_is_the_lowest_that_is_right_four_times_of_five():
    right = [judged("confirmed", 0.9 - place / 1000) for place in range(24)]
    wrong = [judged("not_damage", 0.5 - place / 1000) for place in range(16)]
    assert right_threshold([*right, *wrong]) == (0.495, None)
    assert right_threshold([*right, *wrong[:6]]) == (0.495, None)


def test_too_few_decisions_name_no_threshold():
    assert right_threshold([judged("confirmed")] * 29) == (None, "29 of 30 decided findings")


def test_a_model_that_is_never_right_enough_gets_no_threshold():
    mixed = [judged("confirmed", 0.5 + place / 100) for place in range(20)]
    mixed += [judged("not_damage", 0.505 + place / 100) for place in range(20)]
    assert right_threshold(mixed) == (None, "no threshold reaches 80%")


def test_findings_of_one_confidence_stand_or_fall_together():
    same = [judged("confirmed", 0.6)] * 20 + [judged("not_damage", 0.6)] * 20
    assert right_threshold(same) == (None, "no threshold reaches 80%")
