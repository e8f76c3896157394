"""Four people of Tbilisi and above it come in, and each makes a group of their own into the place of their clients."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.clock import SystemClock
from db.queries import evidence, talk_evidence
from orchestrator.demo.newcomers import let_in, open_the_door
from orchestrator.demo.scenes.a_client_writes.inbox import (
    ARAB,
    CLERK,
    DIRECTOR,
    DIVISION_HEAD,
    HEAD,
    HEBREW,
    Inbox,
)
from sandbox.scenes.lines import Times, scene_lines, scene_script

BRANCH = "tbilisi"
ZONE = ZoneInfo("Asia/Tbilisi")
FREE_ROGUE = 61008
"""A Nissan Rogue of Tbilisi that nobody has booked for the dates of the question."""
STAFF = (
    (CLERK, "employee", BRANCH),
    (HEAD, "branch_head", BRANCH),
    (DIVISION_HEAD, "division_head", None),
    (DIRECTOR, "director", None),
)


async def gather(inbox: Inbox) -> None:
    stage = inbox.stage
    await stage.step("The company is read from RentProg; four people come in and bind their own groups (/bind me)")
    await _company_is_read(inbox)
    inbox.people = {person["first_name"]: person["id"] for person in await inbox.director.people()}
    titles = {chat["title"]: chat["id"] for chat in await inbox.director.chats()}
    inbox.groups = {name: titles[f"{name} | clients"] for name, _, _ in STAFF}
    await open_the_door(stage, inbox.people)
    for name, role, branch in STAFF:
        await let_in(stage, inbox.people, name, role, branch)
        await _bind(inbox, name)
    await _learn_lines(inbox)


async def _company_is_read(inbox: Inbox) -> None:
    codes = sorted(branch["code"] for branch in (await inbox.director.company())["branches"])

    async def all_synced() -> bool:
        return await inbox.stage.ask(evidence.branches_synced) == codes

    await inbox.stage.comes_true("every branch is read", all_synced, patience_s=120)

    async def is_hooked() -> bool:
        return [hook["status"] for hook in await inbox.clients.webhooks()] == [1]

    await inbox.stage.comes_true("Jarvis has registered its webhook at Umnico", is_hooked)


async def _bind(inbox: Inbox, name: str) -> None:
    person, group = inbox.people[name], inbox.groups[name]
    await inbox.director.say(person, group, "/bind me")

    async def is_theirs() -> bool:
        return await inbox.stage.ask(evidence.group_of, person) == group

    await inbox.stage.comes_true(f"{name} has a group for clients", is_theirs)


async def _learn_lines(inbox: Inbox) -> None:
    """The clients speak of their own bookings, so their words depend on the hour at which the scene is played."""
    known = {one["key"]: one for one in await inbox.clients.correspondents()}
    inbox.names = {key: one["name"] for key, one in known.items()}
    day = in_working_hours(SystemClock().now().astimezone(ZONE))
    hand_overs = {
        key: await inbox.stage.ask(talk_evidence.hand_over_of, known[key]["client_id"]) for key in (ARAB, HEBREW)
    }
    at = Times(
        arab=(hand_overs[ARAB] or day).astimezone(ZONE),
        hebrew=(hand_overs[HEBREW] or day).astimezone(ZONE),
        start=day + timedelta(days=12),
        end=day + timedelta(days=17),
    )
    inbox.stage.check("the clients of today have bookings", all(hand_overs.values()))
    inbox.lines = scene_lines(at)
    await inbox.clients.follow_script(scene_script(at, car=FREE_ROGUE))


def in_working_hours(now: datetime) -> datetime:
    """A full hour after the opening, which is soon; late in the evening the last half hour."""
    hour = (now + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    return hour if hour.date() == now.date() else now.replace(hour=23, minute=30, second=0, microsecond=0)
