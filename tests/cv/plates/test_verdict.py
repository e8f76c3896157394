import pytest

from cv.found import Box
from cv.plates.patterns import bare, distance, is_plate, shaped
from cv.plates.verdict import PlateVerdict, Reads, decide, identify

FLEET = ("AB123CD", "AB128CD", "KR475MT", "XZ908PL")
NEAR, FAR_OFF = Box(0.3, 0.5, 0.6, 0.6), Box(0.8, 0.4, 0.9, 0.43)


def reads(*texts: str, box: Box = NEAR) -> Reads:
    return Reads(texts, box)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("AB123CD", "AB123CD", 0.0), ("AB1230D", "AB123OD", 0.4), ("AB123CD", "AB123C", 1.0), ("KR475MT", "KR475XT", 1.0)],
)
def test_characters_that_look_alike_cost_less(one, other, apart):
    assert distance(one, other) == pytest.approx(apart)
    assert distance(other, one) == pytest.approx(apart)


@pytest.mark.parametrize(("read", "meant"), [("0B1Z3CO", "OB123CO"), ("TTBSS1", "TTB551"), ("WA566604", "WA566604")])
def test_a_georgian_plate_has_letters_where_letters_stand(read, meant):
    assert shaped(read) == meant


@pytest.mark.parametrize(("text", "is_one"), [("AB123CD", True), ("ABC123", True), ("B1", False), ("ABCDEFG", False)])
def test_a_plate_has_letters_and_figures(text, is_one):
    assert is_plate(text) is is_one


def test_signs_and_case_do_not_matter():
    assert bare("ab-123 cd") == "AB123CD"


def test_exact_reads_agree():
    assert decide([reads("KR475MT", "KR475MT")], "KR-475-MT", FLEET).verdict is PlateVerdict.AGREES


def test_two_cars_that_differ_by_a_figure_are_not_taken_for_each_other():
    assert decide([reads("AB12CD", "AB12CD")], "AB123CD", FLEET).verdict is PlateVerdict.UNREADABLE


def test_one_lucky_pass_proves_nothing():
    assert decide([reads("KR475MT", "K4T", "XX")], "KR475MT", FLEET).verdict is PlateVerdict.UNREADABLE


def test_another_car_needs_nearly_exact_reads():
    poor = decide([reads("KR475M", "KR475M")], "XZ908PL", FLEET)
    good = decide([reads("KR475MT", "KR475MT")], "XZ908PL", FLEET)
    assert (poor.verdict, good.verdict, good.other) == (PlateVerdict.UNREADABLE, PlateVerdict.DISAGREES, "KR475MT")


def test_a_strange_plate_needs_most_passes():
    few = decide([reads("HU694WK", "HU694WK", "HU69WK")], "AB123CD", FLEET)
    most = decide([reads("HU694WK", "HU694WK", "HU694WK", "HU694WK", "HUWK")], "AB123CD", FLEET)
    assert (few.verdict, most.verdict) == (PlateVerdict.UNREADABLE, PlateVerdict.DISAGREES)


def test_a_smaller_plate_behind_never_disagrees():
    behind = reads("KR475MT", "KR475MT", box=FAR_OFF)
    assert decide([reads("A1", "A1"), behind], "AB123CD", FLEET).verdict is PlateVerdict.UNREADABLE


def test_the_expected_car_far_behind_another_does_not_agree():
    front, behind = reads("KR475MT", "KR475MT"), reads("XZ908PL", "XZ908PL", box=FAR_OFF)
    assert decide([front, behind], "XZ908PL", FLEET).verdict is PlateVerdict.UNREADABLE


def test_nothing_read_is_unreadable():
    assert decide([], "AB123CD", FLEET).verdict is PlateVerdict.UNREADABLE


@pytest.mark.parametrize(("read", "car"), [("XZ9O8PL", "XZ908PL"), ("AB12CD", None), ("QQ111QQ", None)])
def test_a_car_is_named_only_without_doubt(read, car):
    assert identify(reads(read, read), FLEET) == car
