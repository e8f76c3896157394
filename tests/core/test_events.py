"""Event bodies survive being stored and read; what no longer fits is told apart from what is not known yet."""

import re
from uuid import UUID

import pytest

from core.errors import Broken
from core.events import BODIES, BODY_OF_KIND, CarMoved, UnknownBody, payload_of, read_body
from core.ids import rentprog_id


def test_every_kind_is_a_noun_and_what_happened_to_it_and_belongs_to_one_body():
    assert len(BODY_OF_KIND) == len(BODIES)
    assert [kind for kind in BODY_OF_KIND if re.fullmatch(r"[a-z]+(\.[a-z_]+){1,2}", kind) is None] == []


def test_a_body_read_back_equals_the_one_that_was_stored():
    body = CarMoved(car_id=rentprog_id("car", 1), found_by="webhook", from_branch="a", to_branch="b")
    assert read_body(body.kind, payload_of(body)) == body


def test_a_field_of_a_newer_version_is_ignored():
    body = CarMoved(car_id=UUID(int=1), found_by="webhook", from_branch="a", to_branch="b")
    assert read_body(body.kind, payload_of(body) | {"wheels": 5}) == body


def test_a_kind_of_a_newer_version_is_kept_whole():
    body = read_body("moon.landed", {"crew": 3})
    assert isinstance(body, UnknownBody)
    assert payload_of(body) == {"crew": 3}


def test_a_payload_that_does_not_fit_its_kind_is_broken():
    with pytest.raises(Broken, match=r"car\.moved"):
        read_body("car.moved", {"car_id": "no uuid"})


def test_a_body_cannot_be_changed_after_it_happened():
    body = CarMoved(car_id=UUID(int=1), found_by="webhook", from_branch="a", to_branch="b")
    with pytest.raises(ValueError, match="frozen"):
        body.to_branch = "c"
