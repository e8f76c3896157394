"""The REST interface: what it says fits what it promises."""

from datetime import timedelta
from typing import Any

import pytest

from core.ids import new_id
from db.queries import status
from tests.web import company
from tests.web.conftest import TOKEN, Panel
from web import api_models as models

V1 = "/api/v1"


async def filled(panel: Panel) -> dict[str, Any]:
    """One of everything; returns what the addresses need."""
    now = panel.clock.now()
    car_id = await company.car(panel.db)
    await company.forum(panel.db, car_id)
    await company.booking(panel.db, car_id, start_at=now - timedelta(days=1), in_rent=True, total=420)
    event_id, run_id, _ = await company.event_with_work(panel.db, car_id)
    await company.end(panel.db, "runs", run_id, "dead", attempt=8, error="Broken: invented", finished_at=now)
    who = {"name": "Nino", "role": "employee", "branch": "tbilisi", "tg_user_id": 5, "approved_at": now}
    await company.insert(panel.db, "people", id=new_id(), **who)
    await company.insert(panel.db, "sync_runs", branch="tbilisi", is_first=True, state="done", finished_at=now)
    async with panel.db.transaction() as tx:
        await status.put_heartbeats(tx, "test", {"worker": {}})
        await status.pause(tx, "agent", "car_topics", "by hand")
        await tx.run("UPDATE destinations SET parked_at = now(), parked_reason = 'kicked'")
    return {"car_id": car_id, "event_id": event_id, "run_id": run_id}


async def call(panel: Panel, address: str) -> Any:
    answer = await panel.owner.get(V1 + address)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_status_is_the_whole_standing(panel: Panel):
    await filled(panel)

    said = models.Status.model_validate(await call(panel, "/status"))

    assert said.is_ready is False
    assert "no relay is at work" in said.reasons
    assert "agent car_topics is paused: by hand" in said.notes
    assert said.troubles.dead_runs == 1
    assert [sync.branch for sync in said.syncs] == ["batumi", "tbilisi"]
    assert [beat.role for beat in said.heartbeats] == ["worker"]


async def test_cars_come_with_what_holds_them(panel: Panel):
    known = await filled(panel)

    [car] = await call(panel, "/cars?branch=tbilisi")

    assert car == await call(panel, f"/cars/{known['car_id']}")
    assert (car["plate"], car["topic_thread_id"], car["now"]["client"]) == ("AA-101-AA", 42, "Ana Example")
    assert car["now"]["total"] == "420.00"
    assert await call(panel, f"/cars/{known['car_id']}/bookings") == [car["now"]]
    assert await call(panel, "/cars?branch=batumi") == []


async def test_branches_people_events_and_the_dead_are_lists(panel: Panel):
    known = await filled(panel)

    branches = {
        row["code"]: (row["cars"], row["out"], row["ready"], row["topics"]) for row in await call(panel, "/branches")
    }
    assert branches == {"tbilisi": (1, 1, 0, 1), "batumi": (0, 0, 0, 0)}
    assert [row["name"] for row in await call(panel, "/people")] == ["Nino"]
    assert [(row["id"], row["dead_runs"]) for row in await call(panel, "/events")] == [(known["event_id"], 1)]
    assert [(row["what"], row["id"]) for row in await call(panel, "/dead")] == [("run", known["run_id"])]


async def test_a_trace_is_told_step_by_step(panel: Panel):
    known = await filled(panel)

    steps = await call(panel, f"/events/{known['event_id']}")

    assert {step["what"]: step["parent"] for step in steps} == {
        "event": None,
        "run": known["event_id"],
        "command": known["run_id"],
    }


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/cars/00000000-0000-0000-0000-000000000001", 404),
        ("/events/404404", 404),
        ("/cars/x", 422),
        ("/events/0", 422),
        ("/events?limit=501", 422),
        ("/events?subject=%00", 422),
        ("/events?before=99999999999999999999", 422),
    ],
)
async def test_a_wrong_question_is_answered_in_json(panel: Panel, address: str, code: int):
    answer = await panel.owner.get(V1 + address)

    assert answer.status_code == code
    assert answer.json()["detail"]


@pytest.mark.parametrize(("what", "code"), [("run", 404), ("command", 404), ("people", 422)])
async def test_only_what_is_dead_is_retried(panel: Panel, what: str, code: int):
    bearer = {"Authorization": f"Bearer {TOKEN}"}

    assert (await panel.stranger.post(f"{V1}/dead/{what}/1/retry", headers=bearer)).status_code == code


async def test_the_description_names_every_call_and_the_page_lists_them(panel: Panel):
    schema = (await panel.owner.get("/api/openapi.json")).json()
    listing = await panel.page("/api/docs")

    assert schema["openapi"].startswith("3.")
    assert len(schema["paths"]) == 10
    assert all(path.startswith(V1) for path in schema["paths"])
    assert all(path in listing for path in schema["paths"])
    assert schema["security"] == [{"bearer": []}, {"session": []}]


ODD = ("0", "-1", "x" * 150, "%25", "%00", "%FF", "%ED%B3%BF", "%27;DROP%20TABLE%20cars;--", "%5C", "%D9%A1")
"""As they travel: a lone percent sign, nothing, half a letter, half a pair, a quote, a backslash, an Arabic one."""


@pytest.mark.parametrize("odd", ODD)
async def test_row_44_an_odd_parameter_breaks_no_call(panel: Panel, odd: str):
    known = await filled(panel)
    schema = (await panel.owner.get("/api/openapi.json")).json()
    asked = [(path, parameter) for path, entries in schema["paths"].items() for parameter in parameters(entries)]

    for path, parameter in asked:
        queried = f"{path}?{parameter['name']}={odd}".format(**known)
        placed = path.format(**{**known, parameter["name"]: odd})
        answer = await panel.owner.get({"query": queried, "path": placed}[parameter["in"]])
        assert answer.status_code in {200, 404, 422}, (path, parameter["name"])

    assert len(asked) > 8


def parameters(entries: dict[str, Any]) -> list[dict[str, Any]]:
    return entries.get("get", {}).get("parameters", [])
