"""The id of an outside object is the same every time it is met, and different for everything else."""

from core.ids import new_id, outside_id, rentprog_id


def test_one_object_has_one_id_whoever_asks():
    assert rentprog_id("car", 61000) == outside_id("rentprog", "car", "61000")


def test_one_number_of_two_entities_or_systems_is_two_ids():
    ids = {rentprog_id("car", 7), rentprog_id("client", 7), outside_id("umnico", "car", 7)}
    assert len(ids) == 3


def test_the_ids_of_stored_rows_never_change():
    assert str(rentprog_id("car", 61000)) == "d549ac0a-bc03-5ec7-9988-9c9039170588"


def test_new_ids_differ():
    assert new_id() != new_id()
