"""What nobody answered: a reminder, the next person up, or an alarm; each step once, and an answer stops it all."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agents.escalation.decide import (
    DEFAULT_STEPS,
    LOOK_AGAIN,
    Decision,
    Move,
    NobodyLeft,
    Nothing,
    Pause,
    Reason,
    Remind,
    Rules,
    Steps,
    Wait,
    WaitKind,
    Why,
    decide,
    told,
    waited,
)
from core.chain import Absence, Chain, Colleague, Level
from core.hours import QuietHours, WorkingHours
from core.roles import Role

TBILISI = ZoneInfo("Asia/Tbilisi")
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
RULES = Rules(WorkingHours(TBILISI), QuietHours(TBILISI), DEFAULT_STEPS)

ANNA = Colleague(UUID(int=1), Role.EMPLOYEE, "north")
HEAD = Colleague(UUID(int=2), Role.BRANCH_HEAD, "north")
DIVISION = Colleague(UUID(int=3), Role.DIVISION_HEAD)
DIRECTOR = Colleague(UUID(int=4), Role.DIRECTOR)
EVERYBODY = (ANNA, HEAD, DIVISION, DIRECTOR)
CHAIN = Chain("north", EVERYBODY)


def local(text: str, zone: ZoneInfo = TBILISI) -> datetime:
    """``11-20 19:58`` of the year 2026 in the zone. 2026-11-20 is a Friday."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=zone).astimezone(UTC)


NOON = local("11-20 12:00")
CHAT = Wait(WaitKind.CONVERSATION, NOON, ANNA.id)


def without(*missing: Colleague, since: datetime = NOON) -> Chain:
    absence = (Absence(since),)
    return Chain("north", tuple(replace(one, absences=absence) if one in missing else one for one in EVERYBODY))


def after(minutes: float, wait: Wait = CHAT, chain: Chain = CHAIN, rules: Rules = RULES) -> Decision:
    """What is told so many minutes of the wall clock after the wait began."""
    return decide(wait, chain, rules, wait.since + minutes * MINUTE)


def name(decision: Decision) -> str | None:
    """Who is told, in one word; None for silence."""
    match decision:
        case Remind(holder):
            return f"remind {holder.role}"
        case Move(to=to):
            return f"move {to.role}"
        case NobodyLeft():
            return "nobody"
        case Nothing():
            return None


def story(wait: Wait, chain: Chain = CHAIN, rules: Rules = RULES, *, until: datetime) -> list[tuple[str, str]]:
    """All that is told, each with its local time, when every look comes at the moment that the last one named."""
    zone = rules.hours.zone
    now, said = wait.since, []
    for _ in range(200):
        decision = decide(wait, chain, rules, now)
        wait = told(wait, decision)
        said += [(f"{now.astimezone(zone):%d %H:%M}", word) for word in [name(decision)] if word]
        now = decision.until or until if isinstance(decision, Nothing) else now
        if now >= until:
            return said
    raise AssertionError(f"the looks stand still at {now}")


CHAT_WORDS = ["remind employee", "move branch_head", "move division_head", "move director"]


@pytest.mark.parametrize(
    ("since", "times"),
    [
        ("11-20 12:00", ["20 12:05", "20 12:10", "20 12:20", "20 12:40"]),
        ("11-20 08:50", ["20 09:05", "20 09:10", "20 09:20", "20 09:40"]),
        ("11-20 19:58", ["21 09:03", "21 09:08", "21 09:18", "21 09:38"]),
        ("11-20 19:50", ["20 19:55", "20 20:00", "21 09:10", "21 09:30"]),
        ("11-20 02:30", ["20 09:05", "20 09:10", "20 09:20", "20 09:40"]),
        ("11-20 22:15", ["21 09:05", "21 09:10", "21 09:20", "21 09:40"]),
    ],
)
def test_an_unanswered_client_climbs_after_5_10_20_and_40_minutes_of_working_time(since, times):
    wait = replace(CHAT, since=local(since))
    assert story(wait, until=local("11-25 12:00")) == list(zip(times, CHAT_WORDS, strict=True))


@pytest.mark.parametrize(("since", "opened"), [("03-28 19:58", "29"), ("10-24 19:58", "25")])
def test_over_a_change_of_the_clocks_in_berlin_the_morning_begins_at_nine_on_the_wall(since, opened):
    rules = Rules(WorkingHours(BERLIN), QuietHours(BERLIN), DEFAULT_STEPS)
    wait = replace(CHAT, since=local(since, BERLIN))
    times = [f"{opened} 09:{minute}" for minute in ("03", "08", "18", "38")]
    said = story(wait, rules=rules, until=wait.since + timedelta(days=3))
    assert said == list(zip(times, CHAT_WORDS, strict=True))


def test_an_overdue_task_is_told_at_once_after_an_hour_to_the_head_and_after_1440_minutes_to_the_division_head():
    task = Wait(WaitKind.TASK, local("11-20 18:00"), ANNA.id)
    assert story(task, until=local("11-30 12:00")) == [
        ("20 18:00", "remind employee"),
        ("20 19:00", "move branch_head"),
        ("22 20:00", "move division_head"),
    ]


def test_a_task_that_falls_due_at_night_waits_for_the_opening():
    task = Wait(WaitKind.TASK, local("11-21 03:00"), ANNA.id)
    assert story(task, until=local("11-21 12:00")) == [
        ("21 09:00", "remind employee"),
        ("21 10:00", "move branch_head"),
    ]


def test_a_task_that_is_not_due_yet_is_looked_at_when_it_is():
    task = Wait(WaitKind.TASK, NOON, ANNA.id)
    assert decide(task, CHAIN, RULES, NOON - 120 * MINUTE) == Nothing(NOON)


def test_an_approval_that_the_head_was_asked_for_climbs_from_the_head():
    approval = Wait(WaitKind.APPROVAL, NOON, HEAD.id, Level.BRANCH_HEAD)
    assert story(approval, until=local("11-21 20:00")) == [
        ("20 12:05", "remind branch_head"),
        ("20 12:20", "move division_head"),
        ("20 12:40", "move director"),
    ]


@pytest.mark.parametrize(
    ("minutes", "word"),
    [(5, "remind employee"), (10, "move branch_head"), (20, "move division_head"), (40, "move director")],
)
def test_a_step_comes_exactly_on_its_minute(minutes, word):
    wait = replace(CHAT, level=Level(max(0, [5, 10, 20, 40].index(minutes) - 1)), is_reminded=minutes > 5)
    before = decide(wait, CHAIN, RULES, wait.since + minutes * MINUTE - SECOND)
    assert before == Nothing(wait.since + minutes * MINUTE)
    assert name(after(minutes, wait)) == word


def test_a_move_says_who_had_it_who_has_it_now_and_why():
    assert after(10) == Move(HEAD, Level.BRANCH_HEAD, ANNA.id, Why(Reason.SILENT, 10 * MINUTE))


def test_the_settings_may_name_other_minutes():
    rules = replace(RULES, steps={WaitKind.CONVERSATION: Steps.of_minutes(1, 2, 3)})
    assert story(CHAT, rules=rules, until=NOON + timedelta(days=1)) == [
        ("20 12:01", "remind employee"),
        ("20 12:02", "move branch_head"),
        ("20 12:03", "move division_head"),
    ]


@pytest.mark.parametrize("minutes", [(-1, 10, 20), (10, 10, 20), (5, 10, 10), (5, 10, 20, 15)])
def test_steps_that_do_not_climb_are_refused(minutes):
    with pytest.raises(ValueError, match="comes later"):
        Steps.of_minutes(*minutes)


@pytest.mark.parametrize("minutes", [5, 10, 20, 40, 3000])
def test_an_answer_or_an_end_that_came_meanwhile_stops_it_at_the_moment_of_sending(minutes):
    assert name(after(minutes)) is not None
    assert after(minutes, replace(CHAT, answered_at=NOON + 4 * MINUTE)) == Nothing()
    assert after(minutes, replace(CHAT, closed_at=NOON + 4 * MINUTE)) == Nothing()


@pytest.mark.parametrize("answered_at", [NOON - MINUTE, NOON])
def test_an_answer_to_an_earlier_message_does_not_stop_it(answered_at):
    assert name(after(10, replace(CHAT, answered_at=answered_at))) == "move branch_head"


def test_while_we_wait_for_the_client_the_clock_stands():
    paused = replace(CHAT, pauses=(Pause(NOON + 3 * MINUTE),))
    assert after(600, paused) == Nothing()
    resumed = replace(CHAT, pauses=(Pause(NOON + 3 * MINUTE, NOON + 63 * MINUTE),))
    assert after(30, resumed) == Nothing(NOON + 63 * MINUTE)
    assert story(resumed, until=local("11-20 20:00")) == list(
        zip(["20 13:05", "20 13:10", "20 13:20", "20 13:40"], CHAT_WORDS, strict=True)
    )


def test_pauses_that_overlap_are_counted_once_and_one_before_the_start_not_at_all():
    pauses = (
        Pause(NOON - 20 * MINUTE, NOON - 10 * MINUTE),
        Pause(NOON + 2 * MINUTE, NOON + 6 * MINUTE),
        Pause(NOON + 4 * MINUTE, NOON + 8 * MINUTE),
        Pause(NOON + 50 * MINUTE, NOON + 90 * MINUTE),
    )
    wait = replace(CHAT, pauses=pauses)
    assert waited(wait, RULES.hours, NOON + 10 * MINUTE) == 4 * MINUTE
    assert after(10, wait) == Nothing(NOON + 11 * MINUTE)
    assert after(5, wait) == Nothing(NOON + 8 * MINUTE)


@pytest.mark.parametrize("holder", [ANNA.id, UUID(int=99), None])
def test_an_absent_or_unknown_holder_is_skipped_upward_at_once(holder):
    move = after(0, replace(CHAT, holder=holder), without(ANNA))
    assert move == Move(HEAD, Level.BRANCH_HEAD, holder, Why(Reason.ABSENT, timedelta(0)))


def test_an_absent_holder_is_left_when_the_branch_opens_and_not_at_night():
    wait = replace(CHAT, since=local("11-20 23:00"))
    chain = without(ANNA)
    assert after(0, wait, chain) == Nothing(local("11-21 09:00"))
    assert story(wait, chain, until=local("11-21 12:00")) == [
        ("21 09:00", "move branch_head"),
        ("21 09:20", "move division_head"),
        ("21 09:40", "move director"),
    ]


def test_an_absent_head_is_skipped_and_said():
    move = after(10, chain=without(HEAD))
    assert move == Move(DIVISION, Level.DIVISION_HEAD, ANNA.id, Why(Reason.SILENT, 10 * MINUTE, (Level.BRANCH_HEAD,)))
    assert story(CHAT, without(HEAD), until=local("11-20 20:00")) == [
        ("20 12:05", "remind employee"),
        ("20 12:10", "move division_head"),
        ("20 12:40", "move director"),
    ]


def test_a_holder_whose_absence_begins_is_left_at_that_moment():
    chain = without(ANNA, since=NOON + 7 * MINUTE)
    assert story(CHAT, chain, until=NOON + 15 * MINUTE) == [
        ("20 12:05", "remind employee"),
        ("20 12:07", "move branch_head"),
    ]


def test_a_head_who_goes_away_is_followed_by_a_second_head_of_the_branch():
    second = replace(HEAD, id=UUID(int=20))
    chain = Chain("north", (*without(HEAD).people, second))
    wait = replace(CHAT, holder=HEAD.id, level=Level.BRANCH_HEAD, is_reminded=True)
    assert after(12, wait, chain) == Move(second, Level.BRANCH_HEAD, HEAD.id, Why(Reason.ABSENT, 12 * MINUTE))


@pytest.mark.parametrize(
    ("responsible", "said"),
    [
        (HEAD, [("20 12:05", "remind branch_head"), ("20 12:20", "move division_head"), ("20 12:40", "move director")]),
        (DIVISION, [("20 12:05", "remind division_head"), ("20 12:40", "move director")]),
        (DIRECTOR, [("20 12:05", "remind director")]),
    ],
)
def test_a_responsible_person_from_above_never_escalates_to_themselves_nor_downward(responsible, said):
    assert story(replace(CHAT, holder=responsible.id), until=local("11-21 20:00")) == said


def test_when_nobody_is_left_the_director_is_alarmed_once_and_the_holder_is_still_reminded():
    everybody_away = without(HEAD, DIVISION, DIRECTOR)
    above = (Level.BRANCH_HEAD, Level.DIVISION_HEAD, Level.DIRECTOR)
    assert after(10, chain=everybody_away) == NobodyLeft(Why(Reason.SILENT, 10 * MINUTE, above))
    assert story(CHAT, everybody_away, until=local("11-20 20:00")) == [
        ("20 12:05", "remind employee"),
        ("20 12:10", "nobody"),
    ]
    late = told(CHAT, after(10, chain=everybody_away))
    assert after(11, late, everybody_away) == Remind(ANNA)


def test_when_everybody_is_absent_it_is_said_at_once_and_once():
    nobody = without(*EVERYBODY)
    above = (Level.BRANCH_HEAD, Level.DIVISION_HEAD, Level.DIRECTOR)
    assert after(0, chain=nobody) == NobodyLeft(Why(Reason.ABSENT, timedelta(0), above))
    assert story(CHAT, nobody, until=local("11-20 20:00")) == [("20 12:00", "nobody")]
    assert after(1, told(CHAT, after(0, chain=nobody)), nobody) == Nothing(NOON + MINUTE + LOOK_AGAIN)


def test_who_comes_back_after_the_alarm_is_asked():
    alarmed = told(CHAT, after(0, chain=without(*EVERYBODY)))
    assert after(45, alarmed, without(ANNA, HEAD, DIVISION)) == Move(
        DIRECTOR,
        Level.DIRECTOR,
        ANNA.id,
        Why(Reason.ABSENT, 45 * MINUTE, missed=(Level.BRANCH_HEAD, Level.DIVISION_HEAD)),
    )


def test_after_a_long_downtime_the_right_level_is_asked_at_once_and_the_missed_steps_are_said():
    move = after(180)
    missed = (Level.BRANCH_HEAD, Level.DIVISION_HEAD)
    assert move == Move(DIRECTOR, Level.DIRECTOR, ANNA.id, Why(Reason.SILENT, 180 * MINUTE, missed=missed))
    assert after(181, told(CHAT, move)) == Nothing()


def test_after_a_long_downtime_without_a_director_the_highest_who_is_here_is_asked_and_the_alarm_is_raised():
    chain = without(DIRECTOR)
    move = after(180, chain=chain)
    why = Why(Reason.SILENT, 180 * MINUTE, skipped=(Level.DIRECTOR,), missed=(Level.BRANCH_HEAD,))
    assert move == Move(DIVISION, Level.DIVISION_HEAD, ANNA.id, why)
    assert name(after(181, told(CHAT, move), chain)) == "nobody"


def test_a_step_that_was_due_before_closing_goes_out_late_but_not_in_quiet_hours():
    wait = replace(CHAT, since=local("11-20 19:45"), is_reminded=True)
    assert name(decide(wait, CHAIN, RULES, local("11-20 20:30"))) == "move branch_head"
    assert decide(wait, CHAIN, RULES, local("11-20 22:00")) == Nothing(local("11-21 08:00"))
    assert decide(wait, CHAIN, RULES, local("11-21 04:00")) == Nothing(local("11-21 08:00"))
    assert name(decide(wait, CHAIN, RULES, local("11-21 08:00"))) == "move branch_head"


def test_what_is_critical_passes_the_quiet_hours():
    wait = replace(CHAT, since=local("11-20 19:45"), is_reminded=True, is_critical=True)
    assert name(decide(wait, CHAIN, RULES, local("11-20 23:00"))) == "move branch_head"
    round_the_clock = replace(RULES, hours=WorkingHours(TBILISI, time(0), time(0)))
    night = replace(wait, since=local("11-21 02:00"))
    assert name(decide(night, CHAIN, round_the_clock, local("11-21 02:10"))) == "move branch_head"


PEOPLE = st.lists(
    st.builds(
        Colleague,
        id=st.integers(1, 6).map(lambda number: UUID(int=number)),
        role=st.sampled_from(Role),
        branch=st.sampled_from(["north", "south", None]),
        absences=st.lists(
            st.tuples(st.integers(-60, 400), st.integers(1, 300)).map(
                lambda span: Absence(NOON + span[0] * MINUTE, NOON + sum(span) * MINUTE)
            ),
            max_size=2,
        ).map(tuple),
    ),
    unique_by=lambda one: one.id,
    max_size=6,
).map(tuple)
PAUSES = st.lists(
    st.tuples(st.integers(-10, 300), st.integers(1, 100)).map(
        lambda span: Pause(NOON + span[0] * MINUTE, NOON + sum(span) * MINUTE)
    ),
    max_size=3,
).map(tuple)
WAITS = st.builds(
    Wait,
    kind=st.sampled_from(WaitKind),
    since=st.integers(-600, 900).map(lambda minutes: NOON + minutes * MINUTE),
    holder=st.none() | st.integers(1, 8).map(lambda number: UUID(int=number)),
    level=st.sampled_from(Level),
    pauses=PAUSES,
)
LOOKS = st.lists(st.integers(-700, 3000), min_size=1, max_size=30).map(sorted)


@given(wait=WAITS, people=PEOPLE, looks=LOOKS)
def test_levels_never_go_down_and_no_step_is_told_twice(wait, people, looks):
    chain = Chain("north", people)
    decisions: list[Decision] = []
    for minutes in looks:
        now = NOON + minutes * MINUTE
        decision = decide(wait, chain, RULES, now)
        after_it = told(wait, decision)
        assert after_it.level >= wait.level
        assert isinstance(decision, Nothing) or decide(after_it, chain, RULES, now) != decision
        decisions.append(decision)
        wait = after_it
    moves = [one for one in decisions if isinstance(one, Move)]
    assert all(one.to.id != one.from_holder for one in moves)
    assert all(later.level > sooner.level or later.why.reason is Reason.ABSENT for sooner, later in pairwise(moves))
    assert sum(isinstance(one, Remind) for one in decisions) <= 1
    assert sum(isinstance(one, NobodyLeft) for one in decisions) <= 1


@given(wait=WAITS, people=PEOPLE, minutes=st.integers(-700, 3000), hundredths=st.integers(0, 99))
def test_nothing_is_told_between_a_look_and_the_next_that_it_names(wait, people, minutes, hundredths):
    chain, now = Chain("north", people), NOON + minutes * MINUTE
    decision = decide(wait, chain, RULES, now)
    assume(isinstance(decision, Nothing))
    assert isinstance(decision, Nothing)
    until = decision.until or now + timedelta(days=30)
    assert until > now
    between = now + (until - now) * hundredths / 100
    assert isinstance(decide(wait, chain, RULES, between), Nothing)


@given(wait=WAITS, people=PEOPLE, minutes=st.integers(-700, 3000))
def test_only_people_who_are_here_are_asked_and_only_outside_quiet_hours(wait, people, minutes):
    now = NOON + minutes * MINUTE
    decision = decide(wait, Chain("north", people), RULES, now)
    asked = [getattr(decision, "to", None) or getattr(decision, "holder", None)]
    assert all(one is None or one.is_here(now) for one in asked)
    assert isinstance(decision, Nothing) or RULES.quiet.next_allowed(now) == now


@given(wait=WAITS, people=PEOPLE, minutes=st.integers(-700, 3000), later=st.integers(1, 300))
def test_whatever_was_due_an_answer_turns_it_into_nothing(wait, people, minutes, later):
    answered = replace(wait, answered_at=wait.since + later * SECOND)
    assert decide(answered, Chain("north", people), RULES, NOON + minutes * MINUTE) == Nothing()
