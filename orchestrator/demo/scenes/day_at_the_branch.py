"""A day at the branch: from the first sync to a photo in the wrong place, every step checked in what is left of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from core.clock import LOCAL_ZONE, SystemClock
from core.events import NewEvent, SyncDue
from core.ids import rentprog_id
from db.events import record
from db.queries import evidence
from db.session import Tx
from orchestrator.demo.newcomers import let_in, open_the_door
from orchestrator.demo.pictures import picture
from orchestrator.demo.scene import Check, Scene, Stage
from orchestrator.router import route

Json = dict[str, Any]

HERE, THERE = "tbilisi", "batumi"
HEAD_HERE, HEAD_THERE, CLERK = "ნინო", "Марк", "Иван"


class Day:
    """Who and what the scene speaks of, found on the stage once."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.director = stage.director
        self.people: dict[str, int] = {}
        self.forums: dict[str, int] = {}
        self.company: Json = {}

    def topic_of(self, branch: str, car: Json) -> tuple[int, str]:
        return self.forums[branch], f"car:{car_id(car)}"


def car_id(car: Json) -> UUID:
    return rentprog_id("car", car["id"])


async def play(stage: Stage) -> list[Check]:
    day = Day(stage)
    await _meet(day)
    await _first_sync(day)
    await _access(day)
    await _bind(day)
    car = await _move(day)
    await _rent(day, car)
    await _twice(day, car)
    await _lost_webhook(day, car)
    await _deleted_topic(day, car)
    await _questions(day, car)
    await _photo(day, car)
    await _quiet(day)
    return stage.checks


async def _meet(day: Day) -> None:
    """Find the people and forums of the company by their names."""
    for person in await day.director.people():
        day.people[person["first_name"]] = person["id"]
    state = await day.director.company()
    titles = {chat["title"]: chat["id"] for chat in await day.director.chats() if chat["is_forum"]}
    day.forums = {branch["code"]: titles[f"Branch {branch['title']}"] for branch in state["branches"]}
    day.company = state


async def _first_sync(day: Day) -> None:
    stage = day.stage
    await stage.step("The first sync reads the whole company from RentProg")
    codes = sorted(day.forums)

    async def all_synced(tx: Tx) -> bool:
        return await evidence.branches_synced(tx) == codes

    await stage.comes_true("every branch is reconciled", day.stage.when(all_synced), patience_s=120)
    stored = await day.stage.ask(evidence.rows_stored)
    for noun in ("cars", "clients"):
        stage.check(f"all {noun} of RentProg are stored", stored[noun] == len(day.company[noun]), stored[noun])
    listed = [booking for booking in day.company["bookings"] if not booking["archive"]]
    stage.check("all listed bookings are stored", stored["bookings"] >= len(listed), stored["bookings"])


async def _access(day: Day) -> None:
    stage = day.stage
    await stage.step("People ask for access; the administrator lets them in")
    await open_the_door(stage, day.people)
    for name, role in ((HEAD_HERE, "branch_head"), (HEAD_THERE, "branch_head"), (CLERK, "employee")):
        await let_in(stage, day.people, name, role, THERE if name == HEAD_THERE else HERE)


async def _bind(day: Day) -> None:
    stage = day.stage
    await stage.step("Two branch heads bind their forums; every car gets a topic with a pinned card")
    for head, branch in ((HEAD_HERE, HERE), (HEAD_THERE, THERE)):
        chat_id = day.forums[branch]
        await day.director.say(day.people[head], chat_id, f"/bind {branch}")

        async def is_bound(tx: Tx, branch: str = branch, chat_id: int = chat_id) -> bool:
            return await evidence.forum_of_branch(tx, branch) == chat_id

        await stage.comes_true(f"the forum of {branch} is bound", day.stage.when(is_bound))
        cars = await day.stage.ask(evidence.car_ids_in, branch)

        async def all_open(tx: Tx, chat_id: int = chat_id, wanted: int = len(cars)) -> bool:
            return await evidence.live_topics(tx, chat_id) == wanted

        await stage.comes_true(f"each of the {len(cars)} cars of {branch} has its topic", day.stage.when(all_open))
        topics = [topic for topic in await day.director.topics(chat_id) if topic["message_thread_id"]]
        stage.check("Telegram has exactly these topics", len(topics) == len(cars), f"{len(topics)} topics")

        async def all_pinned(chat_id: int = chat_id, wanted: int = len(cars)) -> bool:
            return sum(bool(message["pinned"]) for message in await day.director.messages(chat_id)) == wanted

        await stage.comes_true("each topic has a pinned card", all_pinned)


async def _move(day: Day) -> Json:
    """A car moves Batumi → Tbilisi; the scene goes on with this car."""
    stage = day.stage
    await stage.step("A car moves from Batumi to Tbilisi")
    here = set(await day.stage.ask(evidence.car_ids_in, THERE))
    busy = {booking["car_id"] for booking in day.company["bookings"] if booking["active"]}
    candidates = [car for car in day.company["cars"] if car_id(car) in here]
    ready = [car for car in candidates if car["state"] == 1]
    car = next((car for car in ready if car["id"] not in busy), (ready or candidates)[0])
    await day.director.act(f"cars/{car['id']}/move", to_branch=HERE)

    async def is_here(tx: Tx) -> bool:
        return await evidence.branch_of_car(tx, car_id(car)) == HERE

    await stage.comes_true("the car belongs to Tbilisi", day.stage.when(is_here))
    moved = await day.stage.ask(evidence.events_of, "car.moved", f"car:{car_id(car)}")
    stage.check("car.moved happened once", len(moved) == 1, len(moved))
    await stage.comes_true("a topic is open in Tbilisi", day.stage.when(_is_open, *day.topic_of(HERE, car)))
    old_chat, entity = day.topic_of(THERE, car)
    await stage.comes_true("the topic in Batumi is closed", day.stage.when(_is_closed, old_chat, entity))
    closed = await day.stage.ask(evidence.live_topic, old_chat, entity)
    last = await day.director.messages(old_chat, thread_id=closed["thread_id"]) if closed else []
    links = [message for message in last if "t.me/c/" in (message.get("html") or "")]
    stage.check("the old topic links to the new one", links, f"{len(links)} links")
    return car


async def _is_open(tx: Tx, chat_id: int, entity: str) -> bool:
    topic = await evidence.live_topic(tx, chat_id, entity)
    return topic is not None and not topic["is_closed"]


async def _is_closed(tx: Tx, chat_id: int, entity: str) -> bool:
    topic = await evidence.live_topic(tx, chat_id, entity)
    return topic is not None and topic["is_closed"]


async def _rent(day: Day, car: Json) -> None:
    stage = day.stage
    await stage.step("A booking is made, the car is handed out, and comes back")
    now = SystemClock().now().astimezone(LOCAL_ZONE)
    client = day.company["clients"][0]
    made = await day.director.act(
        "bookings",
        branch=HERE,
        car_id=car["id"],
        client_id=client["id"],
        fields={"start_date": _rentprog_time(now), "end_date": _rentprog_time(now + timedelta(days=3))},
    )
    booking = made.get("id") or made["booking"]["id"]
    subject = f"booking:{rentprog_id('booking', booking)}"
    for act, kind in ((None, "created"), ("issue", "issued"), ("return", "returned")):
        if act is not None:
            await day.director.act(
                f"bookings/{booking}/{act}", mileage=car["mileage"] + (250 if act == "return" else 0)
            )

        async def happened(tx: Tx, kind: str = kind) -> list[int]:
            return await evidence.events_of(tx, f"booking.{kind}", subject)

        await stage.comes_true(f"booking.{kind} happened", day.stage.when(happened))
    await stage.comes_true("issue and return are told in the car's topic", lambda: _lines(day, car))
    for kind in ("created", "issued", "returned"):
        times = len(await day.stage.ask(evidence.events_of, f"booking.{kind}", subject))
        stage.check(f"booking.{kind} happened exactly once", times == 1, times)
    lines = await _lines(day, car)
    stage.check("each is told exactly once", len(lines) == 2, f"{len(lines)} lines")


async def _lines(day: Day, car: Json) -> list[Json]:
    chat_id, entity = day.topic_of(HERE, car)
    topic = await day.stage.ask(evidence.live_topic, chat_id, entity)
    if topic is None:
        return []
    told = await day.director.messages(chat_id, thread_id=topic["thread_id"])
    lines = [message for message in told if _text(message).startswith(("🔑", "🏁"))]
    return lines if len(lines) >= 2 else []


async def _twice(day: Day, car: Json) -> None:
    stage = day.stage
    await stage.step("A webhook arrives twice")
    subject = f"car:{car_id(car)}"
    before = len(await day.stage.ask(evidence.events_of, "rentprog.delivered", subject))
    mileage = car["mileage"] + 300
    await day.director.act(f"cars/{car['id']}", fields={"mileage": mileage}, twice=True)

    async def is_applied(tx: Tx) -> bool:
        return await evidence.mileage_of(tx, car_id(car)) == mileage

    await stage.comes_true("the change is applied", day.stage.when(is_applied))

    async def both_answered() -> bool:
        deliveries = [d for d in await day.director.webhooks() if str(mileage) in str(d.get("body", ""))]
        return len(deliveries) == 2 and all(d["status"] == 200 for d in deliveries)

    await stage.comes_true("both deliveries were answered 200", both_answered)
    after = len(await day.stage.ask(evidence.events_of, "rentprog.delivered", subject))
    stage.check("only one event was recorded", after - before == 1, after - before)


async def _lost_webhook(day: Day, car: Json) -> None:
    stage = day.stage
    await stage.step("A webhook never arrives; the reconcile finds the change")
    # News that are still on their way would read the car as it is by then, and nothing would be left to find.
    await stage.comes_true("all that was told before is done", stage.is_quiet)
    mileage = car["mileage"] + 450
    await day.director.act(f"cars/{car['id']}", fields={"mileage": mileage}, webhook=False)
    async with stage.db.transaction() as tx:
        due = NewEvent(body=SyncDue(branch=HERE), subject=f"sync:{HERE}", external_id=f"demo:{uuid4()}", branch=HERE)
        await record(tx, [due], route)

    async def is_found(tx: Tx) -> bool:
        return await evidence.mileage_of(tx, car_id(car)) == mileage

    await stage.comes_true("the change is found", day.stage.when(is_found), patience_s=120)

    async def is_reported(tx: Tx) -> bool:
        return str(car["id"]) in str(await evidence.drift_of(tx, HERE))

    await stage.comes_true("the drift report names it", day.stage.when(is_reported), patience_s=120)


async def _deleted_topic(day: Day, car: Json) -> None:
    stage = day.stage
    await stage.step("Somebody deletes the car's topic; it heals with the next news")
    chat_id, entity = day.topic_of(HERE, car)
    old = await day.stage.ask(evidence.live_topic, chat_id, entity)
    if old is None:
        stage.check("there is a topic to delete", is_held=False)
        return
    await day.director.delete_topic(chat_id, old["thread_id"])
    await day.director.act(f"cars/{car['id']}", fields={"clean_state": not car["clean_state"]})

    async def is_healed(tx: Tx) -> bool:
        topic = await evidence.live_topic(tx, chat_id, entity)
        return topic is not None and topic["version"] == old["version"] + 1

    await stage.comes_true("a new version of the topic is open", day.stage.when(is_healed))

    async def has_card() -> bool:
        topic = await day.stage.ask(evidence.live_topic, chat_id, entity)
        found = await day.director.messages(chat_id, thread_id=topic["thread_id"]) if topic else []
        return any(message["pinned"] for message in found)

    await stage.comes_true("its card is pinned again", has_card)


async def _questions(day: Day, car: Json) -> None:
    stage = day.stage
    await stage.step("An employee asks /today and /car")
    clerk = day.people[CLERK]
    for question, expected in (("/today", ""), (f"/car {car['number']}", car["number"])):
        asked = await day.director.say(clerk, clerk, question)

        async def answer(asked: int = asked, expected: str = expected) -> bool:
            later = [m for m in await day.director.messages(clerk) if m["message_id"] > asked and m["from"]["is_bot"]]
            return any(expected in _text(message) for message in later)

        await stage.comes_true(f"{question.split()[0]} is answered", answer)


async def _photo(day: Day, car: Json) -> None:
    stage = day.stage
    await stage.step("A photo posted in the forum is stored, then moved away, and its author is told privately")
    clerk = day.people[CLERK]
    chat_id, entity = day.topic_of(HERE, car)
    topic = await day.stage.ask(evidence.live_topic, chat_id, entity)
    before = len(await day.director.messages(clerk))
    posted = await day.director.post_photos(
        clerk, chat_id, [picture()], thread_id=topic["thread_id"] if topic else None, caption="царапина?"
    )

    async def is_stored(tx: Tx) -> list[Json]:
        return await evidence.media_of(tx, chat_id, posted)

    await stage.comes_true("the photo is in storage", day.stage.when(is_stored))

    async def is_gone() -> bool:
        shown = {message["message_id"] for message in await day.director.messages(chat_id)}
        return not shown & set(posted)

    await stage.comes_true("the photo is gone from the forum", is_gone)

    async def is_told() -> bool:
        return len(await day.director.messages(clerk)) > before

    await stage.comes_true("the author was told privately", is_told)


async def _quiet(day: Day) -> None:
    stage = day.stage
    await stage.step("The day ends")

    await stage.comes_true("no run or command is unfinished", stage.is_quiet)
    left = await day.stage.ask(evidence.unfinished)
    stage.check("nothing died", left["dead"] == 0, left["dead"])
    refused = [call for call in await day.director.telegram_calls() if not call["ok"]]
    stage.check("Telegram refused nothing but the deleted topic", len(refused) <= 2, [c.get("error") for c in refused])


def _text(message: Json) -> str:
    return message.get("text") or message.get("caption") or ""


def _rentprog_time(moment: Any) -> str:
    """RentProg's notation: day first, the hour without a leading zero."""
    return f"{moment:%d-%m-%Y} {moment.hour}:{moment:%M}"


SCENE = Scene(
    name="day-at-the-branch",
    title="A day at the branch",
    play=play,
    about='Cars, bookings and forums of branches. To look on: be ნინო on the chat page, in "Branch Tbilisi".',
)
