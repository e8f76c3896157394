"""Who is asked: the responsible person, the shift, the heads, the director; the absent are skipped, never dropped."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.chain import Absence, Assigned, Chain, Choice, Colleague, Found, Level, NobodyLeft
from core.roles import Role

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

ANNA = Colleague(UUID(int=1), Role.EMPLOYEE, "north")
BORIS = Colleague(UUID(int=2), Role.EMPLOYEE, "north")
VERA = Colleague(UUID(int=3), Role.EMPLOYEE, "south")
HEAD = Colleague(UUID(int=4), Role.BRANCH_HEAD, "north")
OTHER_HEAD = Colleague(UUID(int=5), Role.BRANCH_HEAD, "south")
DIVISION = Colleague(UUID(int=6), Role.DIVISION_HEAD)
DIRECTOR = Colleague(UUID(int=7), Role.DIRECTOR)
ADMIN = Colleague(UUID(int=8), Role.ADMIN)
EVERYBODY = (ANNA, BORIS, VERA, OTHER_HEAD, HEAD, DIVISION, DIRECTOR, ADMIN)
STRANGER = UUID(int=99)


def away(person: Colleague) -> Colleague:
    return replace(person, absences=(Absence(NOW - HOUR, NOW + HOUR),))


def north(*missing: Colleague) -> Chain:
    """The chain of the north branch on a day when these are away."""
    return Chain("north", tuple(away(one) if one in missing else one for one in EVERYBODY))


@pytest.mark.parametrize(
    ("missing", "level", "person", "skipped"),
    [
        ((), Level.EMPLOYEE, HEAD, ()),
        ((), Level.BRANCH_HEAD, HEAD, ()),
        ((), Level.DIVISION_HEAD, DIVISION, ()),
        ((), Level.DIRECTOR, DIRECTOR, ()),
        ((HEAD,), Level.BRANCH_HEAD, DIVISION, (Level.BRANCH_HEAD,)),
        ((HEAD, DIVISION), Level.BRANCH_HEAD, DIRECTOR, (Level.BRANCH_HEAD, Level.DIVISION_HEAD)),
        ((DIVISION,), Level.DIVISION_HEAD, DIRECTOR, (Level.DIVISION_HEAD,)),
    ],
)
def test_who_is_absent_is_skipped_upward_at_once(missing, level, person, skipped):
    assert north(*missing).holder(level, now=NOW) == Found(person, Level[person.role.name], skipped)


def test_when_everybody_above_is_absent_the_result_says_so():
    assert north(HEAD, DIVISION, DIRECTOR).holder(Level.BRANCH_HEAD, now=NOW) == NobodyLeft(
        (Level.BRANCH_HEAD, Level.DIVISION_HEAD, Level.DIRECTOR)
    )
    assert Chain("north", ()).holder(Level.DIRECTOR, now=NOW) == NobodyLeft((Level.DIRECTOR,))


def test_an_administrator_keeps_the_machine_and_is_not_asked_about_clients():
    assert isinstance(Chain("north", (ADMIN,)).holder(Level.BRANCH_HEAD, now=NOW), NobodyLeft)


def test_the_head_of_another_branch_is_no_head_here():
    chain = Chain("north", (OTHER_HEAD, DIVISION))
    assert chain.holder(Level.BRANCH_HEAD, now=NOW) == Found(DIVISION, Level.DIVISION_HEAD, (Level.BRANCH_HEAD,))
    assert chain.standing(OTHER_HEAD) is Level.EMPLOYEE


def test_a_conversation_without_a_branch_goes_to_the_division_head():
    found = Chain(None, EVERYBODY).holder(Level.BRANCH_HEAD, now=NOW)
    assert found == Found(DIVISION, Level.DIVISION_HEAD, (Level.BRANCH_HEAD,))


def test_nobody_is_asked_twice_in_a_row():
    second = replace(HEAD, id=UUID(int=40))
    assert north().holder(Level.BRANCH_HEAD, now=NOW, last=HEAD.id) == Found(
        DIVISION, Level.DIVISION_HEAD, (Level.BRANCH_HEAD,)
    )
    assert Chain("north", (HEAD, second)).holder(Level.BRANCH_HEAD, now=NOW, last=HEAD.id) == Found(
        second, Level.BRANCH_HEAD
    )


def test_who_asks_for_an_approval_is_not_asked_for_it():
    chain = replace(north(), not_asked=frozenset({HEAD.id}))
    assert chain.here(HEAD.id, NOW) is None
    assert chain.holder(Level.BRANCH_HEAD, now=NOW) == Found(DIVISION, Level.DIVISION_HEAD, (Level.BRANCH_HEAD,))


@pytest.mark.parametrize(
    ("absence", "is_here"),
    [
        (Absence(NOW - HOUR, NOW), True),
        (Absence(NOW, NOW + HOUR), False),
        (Absence(NOW - HOUR), False),
        (Absence(NOW + HOUR), True),
    ],
)
def test_an_absence_covers_its_beginning_and_not_its_end(absence, is_here):
    assert replace(ANNA, absences=(absence,)).is_here(NOW) is is_here


def test_who_does_not_work_is_not_here():
    assert not replace(ANNA, is_working=False).is_here(NOW)


def test_the_next_absence_that_is_known_is_told():
    later, soon = Absence(NOW + 5 * HOUR), Absence(NOW + HOUR, NOW + 2 * HOUR)
    assert replace(ANNA, absences=(later, soon, Absence(NOW - HOUR, NOW))).leaves_after(NOW) == NOW + HOUR
    assert ANNA.leaves_after(NOW) is None


def test_a_conversation_goes_to_the_responsible_person_of_the_booking_also_from_another_branch():
    assert north().assign(BORIS.id, now=NOW) == Assigned(BORIS, Level.EMPLOYEE, Choice.RESPONSIBLE)
    assert north().assign(VERA.id, now=NOW) == Assigned(VERA, Level.EMPLOYEE, Choice.RESPONSIBLE)


@pytest.mark.parametrize("responsible", [None, STRANGER, ANNA.id])
def test_without_a_responsible_person_who_is_here_it_goes_to_the_shift_of_the_branch(responsible):
    assert north(ANNA).assign(responsible, now=NOW) == Assigned(BORIS, Level.EMPLOYEE, Choice.SHIFT)


def test_of_the_shift_who_holds_the_fewest_conversations_takes_it():
    chosen = north().assign(None, now=NOW, open_conversations={ANNA.id: 3, BORIS.id: 2})
    assert chosen == Assigned(BORIS, Level.EMPLOYEE, Choice.SHIFT)


@pytest.mark.parametrize(
    ("missing", "person", "level", "skipped"),
    [
        ((ANNA, BORIS), HEAD, Level.BRANCH_HEAD, (Level.EMPLOYEE,)),
        ((ANNA, BORIS, HEAD), DIVISION, Level.DIVISION_HEAD, (Level.EMPLOYEE, Level.BRANCH_HEAD)),
    ],
)
def test_without_a_shift_it_goes_to_the_head_and_those_above(missing, person, level, skipped):
    assert north(*missing).assign(ANNA.id, now=NOW) == Assigned(person, level, Choice.ABOVE, skipped)


def test_whose_branch_nobody_knows_is_answered_by_whoever_has_the_fewest_in_any_branch():
    chosen = Chain(None, EVERYBODY).assign(None, now=NOW, open_conversations={ANNA.id: 1, BORIS.id: 1})
    assert chosen == Assigned(VERA, Level.EMPLOYEE, Choice.SHIFT)


def test_without_anybody_an_assignment_is_an_explicit_nobody():
    assert Chain("north", (VERA, OTHER_HEAD, ADMIN)).assign(None, now=NOW) == NobodyLeft(tuple(Level))


PEOPLE = st.lists(
    st.builds(
        Colleague,
        id=st.uuids(),
        role=st.sampled_from(Role),
        branch=st.sampled_from(["north", "south", None]),
        is_working=st.booleans(),
        absences=st.sampled_from([(), (Absence(NOW - HOUR),), (Absence(NOW + HOUR),)]),
    ),
    max_size=8,
).map(tuple)


@given(people=PEOPLE, level=st.sampled_from(Level), data=st.data())
def test_a_question_never_goes_down_to_the_absent_or_to_the_last_one_and_is_dropped_only_without_anybody(
    people, level, data
):
    chain = Chain("north", people)
    last = data.draw(st.sampled_from([None, *(one.id for one in people)]))
    could = {one.id for one in people if one.is_here(NOW) and one.id != last and chain.standing(one) >= max(level, 1)}
    answer = chain.holder(level, now=NOW, last=last)
    asked = {answer.person.id} if isinstance(answer, Found) else set()
    assert asked <= could
    assert bool(asked) is bool(could)
    lowest = {one.id for one in people if one.id in could and chain.standing(one) == getattr(answer, "level", None)}
    assert asked <= lowest
