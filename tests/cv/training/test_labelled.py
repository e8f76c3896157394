"""Folders of labelled photos, as the two usual forms write them."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from core.errors import Rejected
from cv.found import Box, Point
from cv.training import yolo
from cv.training.labelled import LabelledFolder, LabelledPhoto, Mark, read_folder, relabelled

SQUARE = [20.0, 10.0, 40.0, 10.0, 40.0, 30.0, 20.0, 30.0]


def draw(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((100, 200, 3), 90, np.uint8))
    return path


def coco_folder(folder: Path, annotations: list[dict], photo: str = "a.jpg") -> Path:
    draw(folder / "train" / "a.jpg")
    told = {
        "images": [{"id": 7, "file_name": photo, "width": 200, "height": 100}],
        "categories": [{"id": 0, "name": "car"}, {"id": 1, "name": "dent"}, {"id": 2, "name": "scratch"}],
        "annotations": annotations,
    }
    (folder / "train" / "_annotations.coco.json").write_text(json.dumps(told))
    return folder


def annotation(**rest: object) -> dict:
    return {"image_id": 7, "category_id": 1, "bbox": [20, 10, 20, 20], "segmentation": [SQUARE]} | rest


def yolo_folder(folder: Path, lines: str, names: object = ("dent", "scratch")) -> Path:
    draw(folder / "train" / "images" / "a.png")
    draw(folder / "train" / "images" / "clean.png")
    (folder / "train" / "labels").mkdir()
    (folder / "train" / "labels" / "a.txt").write_text(lines)
    told = {"names": list(names) if isinstance(names, tuple) else names, "train": "../train/images"}
    (folder / "data.yaml").write_text(yaml.safe_dump(told))
    return folder


def close(box: Box) -> tuple:
    return tuple(pytest.approx(edge, abs=1e-5) for edge in (box.left, box.top, box.right, box.bottom))


def test_a_coco_mark_is_told_relative_to_its_photo(tmp_path):
    folder = read_folder(coco_folder(tmp_path, [annotation()]), "train")
    (photo,) = folder.photos
    (mark,) = photo.marks
    assert photo.path == tmp_path / "train" / "a.jpg"
    assert (mark.label, mark.box) == ("dent", Box(0.1, 0.1, 0.2, 0.3))
    assert mark.polygon == (Point(0.1, 0.1), Point(0.2, 0.1), Point(0.2, 0.3), Point(0.1, 0.3))


def test_categories_that_mark_nothing_are_left_out(tmp_path):
    assert read_folder(coco_folder(tmp_path, [annotation()]), "train").labels == ("dent",)


def test_a_photo_without_marks_counts(tmp_path):
    (photo,) = read_folder(coco_folder(tmp_path, []), "train").photos
    assert photo.marks == ()


def test_a_mark_thinner_than_a_pixel_is_a_slip(tmp_path):
    (photo,) = read_folder(coco_folder(tmp_path, [annotation(bbox=[20, 10, 0.2, 20])]), "train").photos
    assert photo.marks == ()


@pytest.mark.parametrize("outlines", [[SQUARE, SQUARE], {"counts": [1, 2], "size": [100, 200]}, []])
def test_outlines_that_are_not_one_polygon_are_known_by_their_box(tmp_path, outlines):
    (photo,) = read_folder(coco_folder(tmp_path, [annotation(segmentation=outlines)]), "train").photos
    assert [mark.polygon for mark in photo.marks] == [()]


def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path):
    with pytest.raises(Rejected, match="out of the folder"):
        read_folder(coco_folder(tmp_path, [], photo="../../secret.jpg"), "train")


@pytest.mark.parametrize("wrong", [{"category_id": 9}, {"image_id": 8}])
def test_an_annotation_of_nothing_listed_is_refused(tmp_path, wrong):
    with pytest.raises(Rejected, match="does not list"):
        read_folder(coco_folder(tmp_path, [annotation(**wrong)]), "train")


def test_a_json_file_that_is_no_coco_is_refused(tmp_path):
    (tmp_path / "labels.json").write_text('{"images": 3}')
    with pytest.raises(Rejected, match="not a COCO file"):
        read_folder(tmp_path)


def test_a_folder_of_neither_kind_is_refused(tmp_path):
    with pytest.raises(Rejected, match="neither"):
        read_folder(tmp_path, "train")


def test_yolo_boxes_and_polygons_are_read(tmp_path):
    lines = "1 0.5 0.5 0.2 0.4\n0 0.1 0.1 0.2 0.1 0.2 0.3\n"
    folder = read_folder(yolo_folder(tmp_path, lines), "train")
    box, polygon = folder.photos[0].marks
    assert (box.label, close(box.box)) == ("scratch", (0.4, 0.3, 0.6, 0.7))
    assert (polygon.label, close(polygon.box), len(polygon.polygon)) == ("dent", (0.1, 0.1, 0.2, 0.3), 3)


def test_a_yolo_photo_without_a_text_file_has_no_marks(tmp_path):
    folder = read_folder(yolo_folder(tmp_path, "0 0.5 0.5 0.2 0.4\n"), "train")
    assert [len(photo.marks) for photo in folder.photos] == [1, 0]


def test_numbered_names_of_a_yolo_folder_are_read(tmp_path):
    folder = read_folder(yolo_folder(tmp_path, "1 0.5 0.5 0.2 0.4", names={0: "lamp", 1: "glass"}), "train")
    assert folder.photos[0].marks[0].label == "glass"


@pytest.mark.parametrize("line", ["5 0.5 0.5 0.2 0.4", "0 0.5 0.5", "dent 0.5 0.5 0.2 0.4", "0 0.1 0.1 0.2 0.1 0.2"])
def test_a_line_that_is_neither_a_box_nor_a_polygon_is_refused(tmp_path, line):
    with pytest.raises(Rejected, match="a line is not"):
        read_folder(yolo_folder(tmp_path, line), "train")


def test_what_is_written_for_training_reads_back_the_same(tmp_path):
    photo = draw(tmp_path / "photos" / "a.jpg")
    outline = (Point(0.1, 0.1), Point(0.2, 0.1), Point(0.2, 0.3))
    marks = (Mark("dent", Box(0.1, 0.1, 0.2, 0.3), outline), Mark("scratch", Box(0.5, 0.5, 0.6, 0.7)))
    train = LabelledFolder(("scratch", "dent"), (LabelledPhoto(photo, marks),))
    yolo.write({"train": train, "val": train}, tmp_path / "training")
    back = read_folder(tmp_path / "training", "valid")
    assert back.labels == ("scratch", "dent")
    assert [(mark.label, close(mark.box)) for mark in back.photos[0].marks] == [
        ("dent", (0.1, 0.1, 0.2, 0.3)),
        ("scratch", (0.5, 0.5, 0.6, 0.7)),
    ]
    assert back.photos[0].path.resolve() == photo


def test_a_label_that_only_the_validation_has_is_refused(tmp_path):
    photo = draw(tmp_path / "a.jpg")
    train = LabelledFolder(("dent",), (LabelledPhoto(photo, (Mark("dent", Box(0, 0, 1, 1)),)),))
    valid = LabelledFolder(("lamp",), (LabelledPhoto(photo, (Mark("lamp", Box(0, 0, 1, 1)),)),))
    with pytest.raises(Rejected, match="lamp"):
        yolo.write({"train": train, "val": valid}, tmp_path / "training")


def test_labels_are_renamed_merged_and_left_out(tmp_path):
    marks = tuple(Mark(label, Box(0, 0, 1, 1)) for label in ("dent", "hood", "sky"))
    folder = LabelledFolder(("dent", "hood", "sky"), (LabelledPhoto(tmp_path / "a.jpg", marks),))
    new = relabelled(folder, {"dent": "dent", "hood": "dent", "sky": None, "other": "unused"})
    assert new.labels == ("dent",)
    assert [mark.label for mark in new.photos[0].marks] == ["dent", "dent"]


def test_a_label_that_the_names_forget_is_refused(tmp_path):
    folder = LabelledFolder(("dent", "hood"), (LabelledPhoto(tmp_path / "a.jpg", ()),))
    with pytest.raises(Rejected, match="hood"):
        relabelled(folder, {"dent": "dent"})
