"""A clerk and his head come in, the forum of their branch is bound, and a car of it is booked from now on."""

from datetime import timedelta

from core.clock import LOCAL_ZONE, SystemClock
from core.ids import rentprog_id
from db.queries import evidence
from orchestrator.demo.newcomers import let_in, open_the_door
from orchestrator.demo.scenes.return_with_a_dent.garage import BRANCH, CLERK, HEAD, Garage, Json

DAYS = 3
READY = 1
"""RentProg's state of a car that may be issued."""


async def gather(garage: Garage) -> None:
    stage = garage.stage
    await stage.step("A clerk and his head work at the branch; a car of theirs is booked from now on")
    await _company_is_read(garage)
    garage.people = {person["first_name"]: person["id"] for person in await garage.director.people()}
    await open_the_door(stage, garage.people)
    for name, role in ((HEAD, "branch_head"), (CLERK, "employee")):
        await let_in(stage, garage.people, name, role, BRANCH)
    await _bind(garage)
    await _book(garage)


async def _company_is_read(garage: Garage) -> None:
    codes = sorted(branch["code"] for branch in (await garage.director.company())["branches"])

    async def all_synced() -> bool:
        return await garage.stage.ask(evidence.branches_synced) == codes

    await garage.stage.comes_true("every branch is read", all_synced, patience_s=120)


async def _bind(garage: Garage) -> None:
    titles = {chat["title"]: chat["id"] for chat in await garage.director.chats() if chat["is_forum"]}
    garage.forum = titles["Branch Tbilisi"]
    if await garage.stage.ask(evidence.forum_of_branch, BRANCH) == garage.forum:
        return
    await garage.director.say(garage.people[HEAD], garage.forum, f"/bind {BRANCH}")

    async def is_bound() -> bool:
        return await garage.stage.ask(evidence.forum_of_branch, BRANCH) == garage.forum

    await garage.stage.comes_true("the forum of the branch is bound", is_bound)


async def _book(garage: Garage) -> None:
    """A car that stands at the branch, best one that is ready."""
    stage = garage.stage
    company = await garage.director.company()
    here = set(await stage.ask(evidence.car_ids_in, BRANCH))
    out = {booking["car_id"] for booking in company["bookings"] if booking["in_rent"]}
    ours = [car for car in company["cars"] if rentprog_id("car", car["id"]) in here and car["id"] not in out]
    garage.car = next(car for car in sorted(ours, key=lambda car: car["state"] != READY) if car["number"])
    now = SystemClock().now().astimezone(LOCAL_ZONE)
    fields = {"start_date": _rentprog_time(now), "end_date": _rentprog_time(now + timedelta(days=DAYS))}
    made: Json = await garage.director.act(
        "bookings", branch=BRANCH, car_id=garage.car["id"], client_id=company["clients"][1]["id"], fields=fields
    )
    garage.booking = made.get("id") or made["booking"]["id"]
    subject = f"booking:{rentprog_id('booking', garage.booking)}"
    await stage.comes_true("the booking is known", stage.when(evidence.events_of, "booking.created", subject))

    async def has_topic() -> bool:
        return await stage.ask(evidence.live_topic, garage.forum, f"car:{garage.car_id}") is not None

    await stage.comes_true("the car has its topic", has_topic)


def _rentprog_time(moment: object) -> str:
    """RentProg's notation: day first, the hour without a leading zero."""
    return f"{moment:%d-%m-%Y} {moment:%-H:%M}"
