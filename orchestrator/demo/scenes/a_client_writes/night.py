"""Before opening: a client writes in Arabic, a draft lies beside it, and no clock of escalation runs yet."""

from datetime import datetime, time, timedelta

from core.clock import SystemClock
from core.hours import WorkingHours
from orchestrator.demo.scenes.a_client_writes.inbox import ARAB, CLERK, Inbox
from orchestrator.demo.scenes.a_client_writes.staff import ZONE

LONGEST_S = 90.0
CLOSED_FOR = timedelta(minutes=2)
FIRST_REMINDER = timedelta(minutes=5)
MIDNIGHT = time(23, 59, 59)


async def play(inbox: Inbox) -> None:
    stage = inbox.stage
    await stage.step("Ten minutes before opening, in WhatsApp, in Arabic: will my car be ready?")
    opens = await _close_until_soon(inbox)
    line = inbox.lines.arab_asks
    await inbox.clients.writes(ARAB, line.said)
    shown = await stage.comes_true(
        f"{CLERK} reads it in Russian, the original below", inbox.shows(ARAB, line.read, line.said)
    )
    stage.check("the message came once", len(shown) == 1, len(shown))
    topic = await inbox.topic(ARAB)
    stage.check("in a topic <client> | <car>", topic and " | " in topic["name"], topic and topic["name"])
    await stage.comes_true("with a pinned card", lambda: _pinned(inbox))
    await _draft_of_the_night(inbox)
    stage.check("the client was sent nothing", await inbox.reads(ARAB) == [])
    await _no_clock_runs(inbox, opens)
    await _until(inbox, opens)


async def _close_until_soon(inbox: Inbox) -> datetime:
    """Jarvis starts again in a branch that is closed and opens soon; the hours are settings like any other."""
    stage = inbox.stage
    now = SystemClock().now()
    lead = min(LONGEST_S, 8 + 2.5 * stage.company.jarvis.started_in_s) + (10 if stage.is_watched else 0)
    opens = now + timedelta(seconds=lead)
    stage.tell(
        f"It is {now.astimezone(ZONE):%H:%M} in Tbilisi, and here that is 8:50: the branch opens at "
        f"{opens.astimezone(ZONE):%H:%M:%S}. Those ten minutes are {lead:.0f} s; everything else takes its own time."
    )
    await stage.company.jarvis.start(hours_of(now, opens))
    return opens.replace(microsecond=0)


def hours_of(now: datetime, opens: datetime) -> dict[str, str]:
    """The branch works until midnight: prices are computed only where hours do not go over it."""
    local = opens.astimezone(ZONE)
    is_today = local.date() == now.astimezone(ZONE).date()
    from_ = f"{local:%H:%M:%S}"
    until = f"{MIDNIGHT:%H:%M:%S}" if is_today else f"{now.astimezone(ZONE) - CLOSED_FOR:%H:%M:%S}"
    return {
        "JARVIS_HOURS__WORK_FROM": from_,
        "JARVIS_HOURS__WORK_UNTIL": until,
        "JARVIS_NIGHT__WINDOW_FROM": until,
        "JARVIS_NIGHT__WINDOW_UNTIL": from_,
        # Whoever plays this late in the evening shall see the same scene.
        "JARVIS_HOURS__QUIET_FROM": "00:00",
        "JARVIS_HOURS__QUIET_UNTIL": "00:00",
        "JARVIS_LLM__DOWN_S": "1",
    }


async def _pinned(inbox: Inbox) -> bool:
    return any(message["pinned"] for message in await inbox.in_topic(ARAB))


async def _draft_of_the_night(inbox: Inbox) -> None:
    stage, draft = inbox.stage, await inbox.draft(ARAB)
    is_trial = draft["is_shadow"] and draft["state"] == "open"
    stage.check("it is the night's trial, its figures those of the client's booking", is_trial, draft["why_held"] or "")
    await stage.comes_true("it lies in the topic for a person", inbox.shows(ARAB, "🌙", draft["staff_text"]))


async def _no_clock_runs(inbox: Inbox, opens: datetime) -> None:
    stage = inbox.stage

    async def is_owed() -> bool:
        return bool(await inbox.wait(ARAB))

    await stage.comes_true("an answer is owed", is_owed)
    wait = await inbox.wait(ARAB)
    looks_at = wait.get("next_at")
    seen = f"{looks_at.astimezone(ZONE):%H:%M:%S}" if looks_at else ""
    stage.check("its clock begins with the opening", looks_at == _reminder(opens), seen)
    stage.check("nobody was reminded, nobody was moved", wait.get("told") == [] and wait["level"] == 0)


def _reminder(opens: datetime) -> datetime:
    """Five working minutes after the opening; shortly before midnight that is no longer the same day."""
    hours = WorkingHours(zone=ZONE, opens=opens.astimezone(ZONE).time(), closes=MIDNIGHT)
    return hours.after_working(opens, FIRST_REMINDER)


async def _until(inbox: Inbox, opens: datetime) -> None:
    await inbox.stage.step("The branch opens")

    async def is_open() -> bool:
        return SystemClock().now() >= opens

    await inbox.stage.comes_true("nine o'clock has come", is_open, patience_s=2 * LONGEST_S)
