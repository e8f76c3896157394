"""What the owner sees."""

import html
import re
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from core.ids import new_id
from core.settings import Settings
from db.queries import status
from db.session import Database
from sandbox.serve import serving
from tests.web import company
from tests.web.conftest import TOKEN, Panel
from web.panel import panel_router

PAGES = ("/", "/fleet", "/events", "/dead", "/people", "/api/docs")
NASTY = "<script>alert('x')</script>\"'&amp;"
FORMULA = '=HYPERLINK("http://outside.example")'


@pytest.mark.parametrize("address", PAGES)
async def test_every_page_stands_without_a_single_row(panel: Panel, address: str):
    async with panel.db.transaction() as tx:
        await tx.run("DELETE FROM branches")

    assert "</html>" in await panel.page(address)


async def test_the_overview_tells_what_stands_still_and_that_it_goes_on(panel: Panel):
    before = await panel.page("/")
    assert "Jarvis is not ready" in before
    assert "no worker is at work" in before

    async with panel.db.transaction() as tx:
        await status.put_heartbeats(tx, "test", {role: {} for role in ("worker", "deliver", "relay", "clock", "bot")})
        await status.pause(tx, "system", "telegram", "the token was refused")
    after = await panel.page("/")

    assert "Jarvis is at work" in after
    assert "system telegram is paused: the token was refused" in after


async def test_the_overview_counts_the_fleet_and_what_is_late(panel: Panel):
    now = panel.clock.now()
    out, _free = await company.car(panel.db, plate="AA-101-AA"), await company.car(panel.db, plate="BB-202-BB")
    await company.car(panel.db, plate="CC-303-CC", state=2)
    await company.booking(panel.db, out, start_at=now - timedelta(days=5), days=3, in_rent=True, start_worker_id=7)

    text = await panel.page("/")

    assert tiles(text) == {
        "cars": 3,
        "with clients": 1,
        "ready to issue": 1,
        "hand-overs today": 0,
        "returns today": 1,
        "late": 1,
    }


async def test_the_overview_shows_full_checks_alarms_and_troubles(panel: Panel):
    now = panel.clock.now()
    counts = {"read": 812, "added": 3, "updated": 9, "unchanged": 799, "quarantined": 1}
    await company.insert(
        panel.db, "sync_runs", branch="batumi", is_first=False, state="done", finished_at=now, drift=[{}, {}], **counts
    )
    alarm = {"opened_at": now, "last_at": now, "count": 4, "args": {"branch": "batumi", "minutes": 75}}
    await company.insert(panel.db, "alarms", key="silence", text_key="alarm-webhook-silence", **alarm)

    text = plain(await panel.page("/"))

    assert "Batumi just now done 812 3 9 799 1 2" in text
    assert "Webhook silence 4 times branch: batumi minutes: 75" in text
    assert "1 open alarm" in text


async def test_the_fleet_shows_who_has_a_car_and_where_its_topic_is(panel: Panel):
    now = panel.clock.now()
    car_id = await company.car(panel.db, plate="AA-101-AA")
    await company.forum(panel.db, car_id)
    await company.booking(
        panel.db, car_id, start_at=now - timedelta(days=1), in_rent=True, start_worker_id=7, client_name="Ana Example"
    )
    await company.booking(panel.db, car_id, start_at=now + timedelta(days=9), client_name="Lela Next")
    await company.booking(panel.db, car_id, start_at=now + timedelta(days=5), client_name="Nobody", state="cancelled")

    text = await panel.page("/fleet")

    assert "Ana Example" in text
    assert "Lela Next" in text
    assert "Nobody" not in text
    assert 'href="https://t.me/c/1234567890/42"' in text


async def test_the_fleet_is_filtered_by_branch_and_by_words(panel: Panel):
    await company.car(panel.db, plate="AA-101-AA", branch="tbilisi", model="Toyota Prius")
    await company.car(panel.db, plate="BB-202-BB", branch="batumi", model="Kia Sportage")

    assert plates(await panel.page("/fleet")) == ["BB-202-BB", "AA-101-AA"]
    assert plates(await panel.page("/fleet?branch=tbilisi")) == ["AA-101-AA"]
    assert plates(await panel.page("/fleet?q=sportage")) == ["BB-202-BB"]
    assert plates(await panel.page("/fleet?q=аа 101")) == ["AA-101-AA"]
    assert "No car fits." in await panel.page("/fleet?q=ZZ")


async def test_the_page_of_a_car_holds_its_bookings_topics_and_history(panel: Panel):
    now = panel.clock.now()
    car_id = await company.car(panel.db, vin="INVENTED0VIN")
    await company.forum(panel.db, car_id)
    await company.booking(
        panel.db, car_id, start_at=now - timedelta(days=40), client_name="Past Person", state="finished"
    )
    event_id, _, _ = await company.event_with_work(panel.db, car_id)

    text = await panel.page(f"/cars/{car_id}")

    assert "INVENTED0VIN" in text
    assert "84 120 km" in text
    assert "Past Person" in text
    assert "Fleet tbilisi" in text
    assert f'href="/events/{event_id}"' in text


async def test_the_page_of_an_event_is_its_whole_trace(panel: Panel):
    car_id = await company.car(panel.db)
    event_id, run_id, command_id = await company.event_with_work(panel.db, car_id)
    await company.end(panel.db, "runs", run_id, "done", why="the mileage changed")
    await company.end(panel.db, "commands", command_id, "sent", result={"message_id": 5127})

    text = plain(await panel.page(f"/events/{event_id}"))

    steps = [
        "event car.updated",
        "run car_topics done",
        "the mileage changed",
        "telegram.send_message sent message 5127",
    ]
    assert [text.find(step) >= 0 for step in steps] == [True] * 4
    assert sorted(steps, key=text.find) == steps


async def test_a_trace_of_thousands_is_cut_and_says_so(panel: Panel):
    car_id = await company.car(panel.db)
    event_id, run_id, _ = await company.event_with_work(panel.db, car_id)
    async with panel.db.transaction() as tx:
        await tx.run(
            """INSERT INTO events (kind, subject, source, external_id, payload, trust, occurred_at, caused_by)
               SELECT 'client.updated', 'client:' || n, 'run', n::text, '{}', 'system', now(), %s
               FROM generate_series(1, 1000) AS n""",
            (run_id,),
        )

    text = await panel.page(f"/events/{event_id}")

    assert "1003 steps follow" in text
    assert text.count('<li class="node ') == 400


async def test_events_are_filtered_and_paged_without_a_gap(panel: Panel):
    car_id = await company.car(panel.db)
    ids = [(await company.event_with_work(panel.db, car_id))[0] for _ in range(3)]
    async with panel.db.transaction() as tx:
        await tx.run(
            """INSERT INTO events (kind, subject, source, external_id, payload, trust, branch, occurred_at)
               SELECT 'sync.due', 'sync:batumi', 'clock', n::text, '{}', 'system', 'batumi', now()
               FROM generate_series(1, 70) AS n"""
        )

    first = await panel.page("/events")
    older = re.search(r'href="([^"]+)">Older', first)
    assert older
    second = await panel.page(html.unescape(older[1]))

    assert len(event_ids(first)) == 60
    assert event_ids(first) + event_ids(second) == sorted(set(event_ids(first) + event_ids(second)), reverse=True)
    assert event_ids(second)[-3:] == ids[::-1]
    assert event_ids(await panel.page("/events?kind=car.updated")) == ids[::-1]
    assert event_ids(await panel.page(f"/events?subject=car:{car_id}")) == ids[::-1]
    assert len(event_ids(await panel.page("/events?branch=batumi"))) == 60
    assert (await panel.owner.get(f"/events?subject={ids[0]}")).headers["location"] == f"/events/{ids[0]}"


async def test_a_dead_command_is_retried_and_an_unknown_one_only_after_a_warning(panel: Panel):
    car_id = await company.car(panel.db)
    _, _, died = await company.event_with_work(panel.db, car_id)
    _, _, lost = await company.event_with_work(panel.db, car_id)
    await company.end(panel.db, "commands", died, "dead", attempt=8, error="no answer")
    await company.end(panel.db, "commands", lost, "unknown", attempt=1, error="the answer was lost")

    text = await panel.page("/dead")

    assert text.index("Nobody knows whether this was done") < text.index(f'action="/dead/command/{lost}/retry"')
    assert text.count("Nobody knows") == 1
    word = re.search(r'name="csrf" value="(\w+)"', text)
    assert word
    await panel.owner.post(f"/dead/command/{died}/retry", data={"csrf": word[1]})
    after = await panel.page("/dead?said=retried")
    assert "It will be tried again" in after
    assert f"/dead/command/{died}/retry" not in after
    assert f"/dead/command/{lost}/retry" in after


async def test_people_are_shown_with_their_roles_and_strangers_who_wait(panel: Panel):
    await person(panel, "Nino Example", "branch_head", "tbilisi", 11)
    await person(panel, "Davit Owner", "director", None, 12)
    await company.insert(panel.db, "access_requests", tg_user_id=13, name="Zura New", language="ka", state="asked")

    text = plain(await panel.page("/people"))

    assert "Whole company 1 D Davit Owner" in text
    assert "branch head" in text
    assert "Zura New" in text


async def test_row_44_names_that_people_give_are_shown_as_text(panel: Panel):
    now = panel.clock.now()
    car_id = await company.car(panel.db, model=NASTY, color=FORMULA)
    await company.forum(panel.db, car_id)
    names = {"client_name": NASTY, "responsible": FORMULA, "location_start": NASTY}
    await company.booking(panel.db, car_id, start_at=now - timedelta(days=1), in_rent=True, **names)
    await person(panel, NASTY, "employee", "tbilisi", 11)
    event_id, run_id, command_id = await company.event_with_work(panel.db, car_id)
    await company.end(panel.db, "runs", run_id, "dead", error=NASTY, why=NASTY)
    await company.end(panel.db, "commands", command_id, "dead", error=FORMULA, result={"text": NASTY})
    alarm = {"opened_at": now, "last_at": now, "count": 1, "args": {NASTY: FORMULA}}
    await company.insert(panel.db, "alarms", key="a", text_key=f"alarm-{NASTY}", **alarm)
    addresses = ("/", "/fleet", f"/cars/{car_id}", "/events", f"/events/{event_id}", "/dead", "/people")

    texts = [await panel.page(address) for address in addresses]
    texts.append(await panel.page(f"/fleet?q={FORMULA}&branch=<script>"))
    texts.append(await panel.page("/events?subject=<script>alert(1)</script>&kind=<script>"))

    assert [text for text in texts if "<script>" in text] == []
    shown = "&lt;script&gt;alert("
    assert [address for address, text in zip(addresses, texts, strict=False) if shown not in text] == []
    assert html.escape(FORMULA).replace("&quot;", "&#34;") in texts[addresses.index(f"/cars/{car_id}")]


@pytest.mark.parametrize(
    "address",
    [
        "/events/999999",
        "/events/abc",
        "/events/0",
        "/events/99999999999999999999999",
        "/events?before=x",
        "/cars/not-a-car",
        "/cars/00000000-0000-0000-0000-000000000001",
        "/fleet?q=%00",
        "/events?subject=%00",
        "/fleet?q=" + "x" * 300,
        "/panel/static/nothing.css",
    ],
)
async def test_what_does_not_exist_is_a_page_that_says_so(panel: Panel, address: str):
    answer = await panel.owner.get(address)

    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


@pytest.mark.parametrize("address", PAGES)
async def test_nothing_comes_from_another_host_and_nothing_is_inline(panel: Panel, address: str):
    text = await panel.page(address)

    assert re.findall(r'(?:src|href|action)="(?!/|#)', text) == []
    assert re.findall(r"<style|<script(?! src)|\sstyle=|\son\w+=", text) == []


async def test_without_postgres_the_page_says_so(settings: Settings):
    db = Database("postgresql://nobody@127.0.0.1:1/nothing")
    app = FastAPI()
    app.include_router(panel_router(db, settings))
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as owner:
        await owner.get("/login", params={"token": TOKEN})
        page, call = await owner.get("/"), await owner.get("/api/v1/status")
    await db.close()

    assert page.status_code == call.status_code == 503
    assert "The database does not answer" in page.text
    assert call.json()["detail"].startswith("database: ")


async def person(panel: Panel, name: str, role: str, branch: str | None, number: int) -> None:
    row = {"name": name, "role": role, "branch": branch, "tg_user_id": number, "approved_at": panel.clock.now()}
    await company.insert(panel.db, "people", id=new_id(), **row)


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def tiles(text: str) -> dict[str, int]:
    return {name: int(number) for number, name in re.findall(r"<strong>(\d+)</strong><span>([^<]+)</span>", text)}


def plates(text: str) -> list[str]:
    return re.findall(r'class="plate">([^<]+)<', text)


def event_ids(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'<td class="number"><a href="/events/(\d+)">', text)]
