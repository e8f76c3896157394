"""Silence, staleness, a stuck pass and a token that runs out are alarms, and their end is said: both directions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agents.watchman.context import BranchSigns, Context
from agents.watchman.decide import decide
from core.events import AlarmCleared, AlarmRaised
from core.settings import MonitoringSettings
from db.queries.media import Waiting

RULES = MonitoringSettings(webhook_silence_minutes=60, work_start="09:00", work_end="20:00")
NOON = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
"""12:00 in Tbilisi."""
MINUTE = timedelta(minutes=1)

WELL = BranchSigns(
    code="north",
    zone="Asia/Tbilisi",
    last_webhook_at=NOON - 10 * MINUTE,
    first_synced_at=NOON - timedelta(days=30),
    synced_at=NOON - 10 * MINUTE,
    pass_heartbeat_at=None,
    token_expires_at=NOON + timedelta(days=20),
)
SILENT = replace(WELL, last_webhook_at=NOON - 61 * MINUTE)
STALE = replace(WELL, synced_at=NOON - 61 * MINUTE)
STUCK = replace(WELL, pass_heartbeat_at=NOON - 31 * MINUTE)
EXPIRING = replace(WELL, token_expires_at=NOON + timedelta(days=4, hours=23))


def told(*branches: BranchSigns, now: datetime = NOON, open_keys: tuple[str, ...] = ()) -> list[str]:
    """``+key`` for each alarm that is raised, ``-key`` for each that is cleared."""
    outcome = decide(Context(branches=branches, open_keys=frozenset(open_keys)), now=now, rules=RULES)
    assert [event.subject for event in outcome.events] == [f"alarm:{event.body.key}" for event in outcome.events]
    signs = {AlarmRaised: "+", AlarmCleared: "-"}
    return [signs[type(event.body)] + event.body.key for event in outcome.events]


def test_row_39_files_that_wait_for_the_storage_are_told_after_five_minutes_and_when_they_are_kept():
    def looked(minutes: int, *open_keys: str) -> list[str]:
        waiting = Waiting(3, NOON - minutes * MINUTE, "storage: the disk is full")
        outcome = decide(Context((WELL,), frozenset(open_keys), waiting), now=NOON, rules=RULES)
        return [event.subject for event in outcome.events]

    assert looked(5) == []
    assert looked(6) == ["alarm:storage-away"]
    assert told(WELL, open_keys=("storage-away",)) == ["-storage-away"]


def test_g3_when_all_is_well_nothing_is_said():
    assert told(WELL) == []


@pytest.mark.parametrize(
    ("signs", "key"),
    [
        (SILENT, "webhook-silence:north"),
        (STALE, "sync-stale:north"),
        (STUCK, "sync-stuck:north"),
        (EXPIRING, "token-expires:north"),
    ],
)
def test_g3_each_trouble_is_raised_and_its_end_is_said(signs: BranchSigns, key: str):
    assert told(signs) == [f"+{key}"]
    assert told(signs, open_keys=(key,)) == [f"+{key}"]
    assert told(WELL, open_keys=(key,)) == [f"-{key}"]


@pytest.mark.parametrize(
    "signs",
    [
        replace(WELL, last_webhook_at=NOON - 60 * MINUTE),
        replace(WELL, synced_at=NOON - 60 * MINUTE),
        replace(WELL, pass_heartbeat_at=NOON - 30 * MINUTE),
        replace(WELL, token_expires_at=NOON + timedelta(days=5)),
    ],
)
def test_on_the_very_limit_all_is_still_well(signs: BranchSigns):
    assert told(signs) == []


def test_f7_silence_of_one_branch_is_raised_for_that_branch_only():
    assert told(replace(SILENT, code="south"), WELL) == ["+webhook-silence:south"]


def test_f7_a_branch_that_never_sent_anything_is_silent_since_its_first_pass():
    never = replace(WELL, last_webhook_at=None, first_synced_at=NOON - 61 * MINUTE)
    assert told(never) == ["+webhook-silence:north"]
    assert told(replace(never, first_synced_at=NOON - 30 * MINUTE)) == []


def test_a_branch_that_was_just_configured_is_given_time():
    new = replace(WELL, last_webhook_at=None, first_synced_at=None, synced_at=None)
    assert told(new) == []


NIGHT = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
"""02:00 in Tbilisi."""
OPENING = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
"""09:00 in Tbilisi."""


def quiet_night(now: datetime) -> BranchSigns:
    evening = NIGHT - timedelta(hours=7)
    return replace(WELL, last_webhook_at=evening, synced_at=now, token_expires_at=now + timedelta(days=20))


def test_a_night_without_events_is_normal():
    assert told(quiet_night(NIGHT), now=NIGHT) == []


def test_the_first_hour_after_opening_is_waited_for_and_not_longer():
    for minutes in (0, 30, 60):
        assert told(quiet_night(OPENING), now=OPENING + minutes * MINUTE) == []
    late = OPENING + 61 * MINUTE
    assert told(quiet_night(late), now=late) == ["+webhook-silence:north"]


def test_an_open_silence_is_not_over_because_the_working_day_is():
    assert told(quiet_night(NIGHT), now=NIGHT, open_keys=("webhook-silence:north",)) == []
    assert told(quiet_night(OPENING), now=OPENING, open_keys=("webhook-silence:north",)) == []


def test_an_event_at_night_ends_a_silence():
    heard = replace(quiet_night(NIGHT), last_webhook_at=NIGHT - MINUTE)
    assert told(heard, now=NIGHT, open_keys=("webhook-silence:north",)) == ["-webhook-silence:north"]


def test_working_hours_are_those_of_the_branch():
    morning_in_berlin = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)
    signs = replace(SILENT, last_webhook_at=NOON - timedelta(hours=12), synced_at=morning_in_berlin)
    assert told(signs, now=morning_in_berlin) == ["+webhook-silence:north"]
    assert told(replace(signs, zone="Europe/Berlin"), now=morning_in_berlin) == []


def test_f12_a_pass_that_hangs_is_raised_though_the_one_before_is_fresh():
    assert told(STUCK) == ["+sync-stuck:north"]


def test_f14_staleness_is_raised_at_night_too():
    signs = replace(quiet_night(NIGHT), synced_at=NIGHT - 90 * MINUTE)
    assert told(signs, now=NIGHT) == ["+sync-stale:north"]


def test_the_alarms_tell_people_what_they_need():
    outcome = decide(
        Context(branches=(replace(STALE, token_expires_at=NOON + timedelta(days=2, hours=5)),), open_keys=frozenset()),
        now=NOON,
        rules=RULES,
    )
    assert [event.body.args for event in outcome.events] == [
        {"branch": "north", "minutes": 61},
        {"branch": "north", "days": 2},
    ]


def test_a_token_that_is_over_has_no_days_left():
    outcome = decide(
        Context(branches=(replace(WELL, token_expires_at=NOON - timedelta(days=3)),), open_keys=frozenset()),
        now=NOON,
        rules=RULES,
    )
    assert [event.body.args["days"] for event in outcome.events] == [0]


def test_an_alarm_of_a_branch_that_is_gone_is_over_and_those_of_others_are_left_alone():
    assert told(WELL, open_keys=("webhook-silence:closed", "dead-run:reader")) == ["-webhook-silence:closed"]


def test_several_troubles_of_one_branch_are_several_alarms():
    signs = replace(SILENT, synced_at=STALE.synced_at, pass_heartbeat_at=STUCK.pass_heartbeat_at)
    assert told(signs) == ["+webhook-silence:north", "+sync-stale:north", "+sync-stuck:north"]


def test_the_alarm_of_a_model_without_a_price_ends_when_the_settings_name_one():
    keys = frozenset({"model-price:new-1", "model-price:new-2"})
    context = Context(branches=(WELL,), open_keys=keys, priced_models=frozenset({"new-1"}))
    outcome = decide(context, now=NOON, rules=RULES)
    assert [event.body.key for event in outcome.events] == ["model-price:new-1"]
