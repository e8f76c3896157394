import json

import pytest

from cv.plates.check import check_plate, read_plates
from cv.plates.measure import measure
from cv.plates.verdict import PlateVerdict

FLEET = ("AB-123-CD", "KR-475-MT", "XZ-908-PL", "TTB-551")


def test_the_expected_car_is_recognised_however_its_plate_is_written(draw_plates):
    seen = check_plate(draw_plates(("KR475MT", 330)), "kr 475 mt", FLEET)
    assert (seen.verdict, seen.read) == (PlateVerdict.AGREES, "KR475MT")
    assert 0.05 < seen.box.left < seen.box.right < 0.6


def test_another_car_of_the_fleet_is_named(draw_plates):
    seen = check_plate(draw_plates(("KR475MT", 330)), "AB-123-CD", FLEET)
    assert (seen.verdict, seen.other) == (PlateVerdict.DISAGREES, "KR-475-MT")


def test_a_strange_car_disagrees_without_a_name(draw_plates):
    seen = check_plate(draw_plates(("HU694AK", 330)), "AB-123-CD", FLEET)
    assert (seen.verdict, seen.read, seen.other) == (PlateVerdict.DISAGREES, "HU694AK", None)


def test_the_neighbours_smaller_plate_does_not_stop_anybody(draw_plates):
    seen = check_plate(draw_plates(("AB123CD", 330), ("KR475MT", 210)), "AB-123-CD", FLEET)
    assert seen.verdict is PlateVerdict.AGREES


@pytest.mark.parametrize("blur", [9.0, 14.0])
def test_what_nobody_can_read_is_unreadable(draw_plates, blur):
    assert check_plate(draw_plates(("KR475MT", 330), blur=blur), "AB-123-CD", FLEET).verdict is PlateVerdict.UNREADABLE


def test_a_photo_without_a_plate_is_unreadable(draw_plates):
    seen = check_plate(draw_plates(), "AB-123-CD", FLEET)
    assert (seen.verdict, seen.read, seen.box) == (PlateVerdict.UNREADABLE, "", None)


def test_without_tesseract_the_verdict_says_what_to_install(draw_plates, monkeypatch):
    monkeypatch.setenv("PATH", "")
    seen = check_plate(draw_plates(("KR475MT", 330)), "KR-475-MT", FLEET)
    assert seen.verdict is PlateVerdict.UNREADABLE
    assert "apt-get install tesseract-ocr" in seen.why


def test_several_places_are_read_in_one_call(draw_plates):
    reads = read_plates(draw_plates(("AB123CD", 330), ("KR475MT", 260)))
    assert {each.most_read()[0] for each in reads} == {"AB123CD", "KR475MT"}


def test_the_measure_counts_every_photo_of_a_folder(draw_plates, tmp_path):
    for text in ("AB123CD", "KR475MT"):
        (tmp_path / f"{text}.jpg").write_bytes(draw_plates((text, 330)))
        (tmp_path / f"{text}.txt").write_text(f"{text}.jpg 1 2 3 4 {text}")
    figures = measure(tmp_path)
    assert (figures.photos, figures.right, figures.wrong) == (2, 1.0, 0.0)
    assert json.dumps(figures.other_car)
