"""Several views vote: what is one damage, what is known, what ranks first; nothing is dropped in silence."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.damage.voting import Sighting, vote, votes_against
from core.ids import new_id
from core.inspection.damage import DamageKind, Part
from core.inspection.views import EXTERIOR, Viewpoint
from core.inspection.why import COMPARED, Why
from cv.found import Box, Found

BOX = Box(0.4, 0.5, 0.5, 0.6)
SIDES = frozenset(EXTERIOR)
DOOR = Part.FRONT_LEFT_DOOR
LEFT, FRONT_LEFT, REAR_LEFT = Viewpoint.LEFT, Viewpoint.FRONT_LEFT, Viewpoint.REAR_LEFT


def seen(viewpoint: Viewpoint = LEFT, confidence: float = 0.8, **given: Any) -> Sighting:
    fields = {"kind": DamageKind.DENT, "part": DOOR, "threshold": 0.5, "box": BOX, "compared": Why.NOT_MATCHED, **given}
    return Sighting(photo_id=UUID(int=EXTERIOR.index(viewpoint)), viewpoint=viewpoint, confidence=confidence, **fields)


def test_one_dent_on_three_photos_is_one_finding():
    ballot = vote([seen(LEFT, 0.7), seen(FRONT_LEFT, 0.9), seen(REAR_LEFT, 0.6)], SIDES)
    (finding,) = ballot.proposed
    assert finding.best.viewpoint is FRONT_LEFT
    assert {other.viewpoint for other in finding.others} == {LEFT, REAR_LEFT}
    assert Why.SEVERAL_VIEWS in finding.why


def test_two_dents_on_one_photo_are_two_findings():
    assert len(vote([seen(), seen(confidence=0.6), seen(FRONT_LEFT)], SIDES).proposed) == 2


def test_a_finding_of_one_view_only_is_kept_and_ranks_lower():
    ballot = vote(
        [seen(LEFT, 0.8), seen(FRONT_LEFT, 0.7, kind=DamageKind.SCRATCH), seen(LEFT, 0.7, kind=DamageKind.SCRATCH)],
        SIDES,
    )
    assert [one.best.kind for one in ballot.proposed] == [DamageKind.SCRATCH, DamageKind.DENT]
    assert Why.ONE_VIEW in ballot.proposed[1].why


def test_a_finding_is_not_held_against_photos_that_nobody_took():
    (finding,) = vote([seen()], {LEFT}).proposed
    assert Why.ONE_VIEW not in finding.why
    assert finding.score == 0.8


def test_two_faint_views_confirm_each_other():
    assert len(vote([seen(LEFT, 0.45), seen(FRONT_LEFT, 0.4)], SIDES).proposed) == 1


def test_one_faint_view_is_counted_and_not_proposed():
    ballot = vote([seen(LEFT, 0.45)], SIDES)
    assert (ballot.proposed, ballot.faint) == ((), 1)


def test_what_was_there_before_is_known_from_every_side():
    damage = new_id()
    before = seen(LEFT, compared=Why.MATCHED, damage_id=damage)
    ballot = vote([before, seen(FRONT_LEFT, 0.9, compared=Why.NOT_COMPARED)], SIDES)
    assert ballot.proposed == ()
    (known,) = ballot.known
    assert known.damage_id == damage
    assert [other.viewpoint for other in known.others] == [FRONT_LEFT]


def test_a_new_dent_beside_a_known_one_is_proposed():
    ballot = vote([seen(LEFT, compared=Why.MATCHED), seen(LEFT, 0.7)], SIDES)
    assert (len(ballot.known), len(ballot.proposed)) == (1, 1)
    assert Why.KNOWN_NEAR in ballot.proposed[0].why


def test_what_was_compared_and_not_recognised_is_never_swallowed_by_a_known_one():
    ballot = vote([seen(LEFT, compared=Why.MATCHED), seen(FRONT_LEFT, compared=Why.NOT_MATCHED)], SIDES)
    assert len(ballot.proposed) == 1


@pytest.mark.parametrize("why", [Why.NOT_COMPARED, Why.LOOKS_OTHERWISE])
def test_what_only_a_person_can_compare_is_proposed_as_such(why):
    (finding,) = vote([seen(compared=why)], SIDES).proposed
    assert finding.why[0] is why


def test_two_known_damages_stay_two():
    first, second = new_id(), new_id()
    one = seen(LEFT, compared=Why.MATCHED, damage_id=first)
    other = seen(FRONT_LEFT, compared=Why.MATCHED, damage_id=second)
    assert {voted.damage_id for voted in vote([one, other], SIDES).known} == {first, second}


def test_a_place_that_a_person_called_no_damage_is_proposed_again_at_the_end():
    overturned = seen(LEFT, 0.9, compared=Why.MATCHED, was_overturned=True)
    ballot = vote([overturned, seen(Viewpoint.RIGHT, 0.6, part=Part.FRONT_RIGHT_DOOR)], SIDES)
    assert [one.best.viewpoint for one in ballot.proposed] == [Viewpoint.RIGHT, LEFT]
    assert Why.SAID_NO_DAMAGE in ballot.proposed[1].why


def test_dirt_that_is_surer_than_the_dent_outvotes_it():
    ballot = vote([seen(confidence=0.6, against=0.7)], SIDES)
    assert (ballot.proposed, ballot.outvoted) == ((), 1)


def test_dirt_that_is_less_sure_only_lowers_the_rank():
    (finding,) = vote([seen(confidence=0.8, against=0.3)], {LEFT}).proposed
    assert Why.NEGATIVE in finding.why
    assert finding.score < 0.8


def test_where_the_part_is_unknown_no_photos_are_tied_together():
    unknown = [seen(view, part=Part.UNKNOWN) for view in (LEFT, FRONT_LEFT)]
    assert len(vote(unknown, SIDES).proposed) == 2


def test_only_a_negative_that_covers_the_finding_votes():
    dent = Found(DamageKind.DENT, 0.7, BOX, (), "dent")
    beside = Found(DamageKind.DIRT, 0.9, Box(0.47, 0.5, 0.9, 0.9), (), "dirt")
    over = Found(DamageKind.SHADOW, 0.6, Box(0.3, 0.4, 0.6, 0.7), (), "shadow")
    other_dent = Found(DamageKind.DENT, 0.9, BOX, (), "dent")
    assert votes_against(dent, [beside, other_dent]) == 0.0
    assert votes_against(dent, [beside, over]) == 0.6


sightings = st.lists(
    st.builds(
        seen,
        st.sampled_from([LEFT, FRONT_LEFT, REAR_LEFT]),
        st.floats(0.35, 1.0),
        kind=st.sampled_from([DamageKind.DENT, DamageKind.SCRATCH]),
        part=st.sampled_from([DOOR, Part.UNKNOWN]),
        compared=st.sampled_from(COMPARED),
        against=st.sampled_from([0.0, 0.3, 0.9]),
    ),
    max_size=12,
)


@given(sightings)
def test_every_sighting_is_proposed_known_or_counted(given_ones: list[Sighting]):
    ballot = vote(given_ones, SIDES)
    shown = [member for voted in (*ballot.proposed, *ballot.known) for member in (voted.best, *voted.others)]
    assert len(shown) == len({id(one) for one in shown})
    hidden = len(given_ones) - len(shown)
    assert hidden == 0 or ballot.outvoted + ballot.faint > 0
    sure = [one for one in given_ones if one.confidence >= 0.5 and one.against == 0]
    assert all(any(one is other for other in shown) for one in sure)


@given(sightings)
def test_no_finding_has_two_places_on_one_photo(given_ones: list[Sighting]):
    ballot = vote(given_ones, SIDES)
    for voted in (*ballot.proposed, *ballot.known):
        views = [one.viewpoint for one in (voted.best, *voted.others)]
        assert len(views) == len(set(views))
