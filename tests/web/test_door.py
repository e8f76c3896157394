"""Who gets in, for how long, and what a forged request can do: nothing."""

import re
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.settings import Settings, WebSettings, WrongSettings, load_settings
from db.queries import audit
from tests.web import company
from tests.web.conftest import TOKEN, Panel
from web.auth import access_token, login_link

PAGES = ("/", "/fleet", "/cars/00000000-0000-0000-0000-000000000001", "/events", "/events/1", "/dead", "/people")
API = (
    "/api/docs",
    "/api/openapi.json",
    "/api/v1/status",
    "/api/v1/branches",
    "/api/v1/cars",
    "/api/v1/cars/00000000-0000-0000-0000-000000000001",
    "/api/v1/cars/00000000-0000-0000-0000-000000000001/bookings",
    "/api/v1/people",
    "/api/v1/events",
    "/api/v1/events/1",
    "/api/v1/dead",
)
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize("address", PAGES + API)
async def test_a_stranger_sees_nothing(panel: Panel, address: str):
    answer = await panel.stranger.get(address)

    assert answer.status_code == 401
    assert "Tbilisi" not in answer.text


@pytest.mark.parametrize("address", ["/dead/run/1/retry", "/api/v1/dead/run/1/retry", "/logout"])
async def test_a_stranger_changes_nothing(panel: Panel, address: str):
    assert (await panel.stranger.post(address)).status_code == 401


async def test_the_link_opens_a_session_and_leaves_the_token_behind(panel: Panel):
    answer = await panel.stranger.get(login_link(panel.settings, panel.url))

    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("jarvis=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert TOKEN not in cookie
    assert (await panel.stranger.get("/")).status_code == 200


async def test_over_https_the_cookie_belongs_to_this_host_alone(panel: Panel):
    answer = await panel.stranger.get("/login", params={"token": TOKEN}, headers={"Host": "panel.example"})

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-jarvis=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


async def test_a_cookie_of_plain_http_does_not_open_the_https_address(panel: Panel):
    cookie = panel.owner.cookies["jarvis"]

    answer = await panel.stranger.get("/", headers={"Host": "panel.example", "Cookie": f"jarvis={cookie}"})

    assert answer.status_code == 401


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "жетон"])
async def test_a_wrong_token_opens_nothing(panel: Panel, token: str):
    for answer in (
        await panel.stranger.get("/login", params={"token": token}),
        await panel.stranger.post("/login", data={"token": token}),
    ):
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
    assert (await panel.stranger.get("/")).status_code == 401


async def test_the_token_can_be_typed_into_the_form(panel: Panel):
    answer = await panel.stranger.post("/login", data={"token": f" {TOKEN} "})

    assert answer.status_code == 303
    assert (await panel.stranger.get("/")).status_code == 200


async def test_a_session_ends_when_its_time_is_over(panel: Panel):
    panel.clock.advance(timedelta(hours=panel.settings.web.session_hours) - timedelta(seconds=30))
    assert (await panel.owner.get("/")).status_code == 200

    panel.clock.advance(timedelta(minutes=1))
    assert (await panel.owner.get("/")).status_code == 401
    assert (await panel.owner.get("/api/v1/status")).status_code == 401

    await panel.log_in()
    assert (await panel.owner.get("/")).status_code == 200


async def test_nobody_can_write_a_session_or_make_one_longer(panel: Panel):
    ends, nonce, signature = panel.owner.cookies["jarvis"].split(".")

    for cookie in (
        f"{int(ends) + 9999}.{nonce}.{signature}",
        f"{ends}.x{nonce}.{signature}",
        f"{ends}.{nonce}.",
        "..",
        "x",
    ):
        assert (await panel.stranger.get("/", headers={"Cookie": f"jarvis={cookie}"})).status_code == 401


async def test_log_out_takes_the_cookie_away(panel: Panel):
    answer = await panel.owner.post("/logout", data={"csrf": await csrf(panel)})

    assert answer.status_code == 303
    assert (await panel.owner.get("/")).status_code == 401


async def test_a_program_comes_in_with_the_bearer_token(panel: Panel):
    assert (await panel.stranger.get("/api/v1/status", headers=BEARER)).status_code == 200
    for wrong in (f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer"):
        answer = await panel.stranger.get("/api/v1/status", headers={"Authorization": wrong})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("word", [None, "", "f" * 64])
async def test_a_form_without_this_sessions_word_changes_nothing_and_with_it_does(panel: Panel, word: str | None):
    run_id = await dead_run(panel)
    forged = {} if word is None else {"csrf": word}

    assert (await panel.owner.post(f"/dead/run/{run_id}/retry", data=forged)).status_code == 403
    assert await state_of(panel, run_id) == "dead"

    answer = await panel.owner.post(f"/dead/run/{run_id}/retry", data={"csrf": await csrf(panel)})
    assert answer.headers["location"] == "/dead?said=retried"
    assert await state_of(panel, run_id) == "queued"


async def test_the_word_of_another_session_is_no_word_here(panel: Panel):
    run_id = await dead_run(panel)
    other = await csrf(panel)
    await panel.log_in()

    assert (await panel.owner.post(f"/dead/run/{run_id}/retry", data={"csrf": other})).status_code == 403


async def test_a_call_with_a_cookie_needs_the_word_and_a_bearer_does_not(panel: Panel):
    run_id = await dead_run(panel)
    address = f"/api/v1/dead/run/{run_id}/retry"

    assert (await panel.owner.post(address)).status_code == 403
    assert await state_of(panel, run_id) == "dead"
    assert (await panel.stranger.post(address, headers=BEARER)).json() == {"is_retried": True}
    assert (await panel.owner.post(address, headers={"X-CSRF-Token": await csrf(panel)})).status_code == 404


async def test_every_retry_is_in_the_audit(panel: Panel):
    run_id = await dead_run(panel)

    await panel.owner.post(f"/dead/run/{run_id}/retry", data={"csrf": await csrf(panel)})
    await panel.owner.post(f"/dead/run/{run_id}/retry", data={"csrf": await csrf(panel)})

    async with panel.db.transaction() as tx:
        rows = await tx.rows("SELECT actor, action, subject FROM audit")
        assert (await audit.verify(tx)).broken_at is None
    assert rows == [{"actor": "panel", "action": "run.retried", "subject": f"run:{run_id}"}]


@pytest.mark.parametrize(
    "address", ["/", "/login", "/events/999", "/api/v1/status", "/api/v1/events/0", "/panel/static/panel.css"]
)
async def test_row_44_every_answer_carries_the_headers_that_guard_the_browser(panel: Panel, address: str):
    for client in (panel.owner, panel.stranger):
        headers = (await client.get(address)).headers
        assert headers["content-security-policy"].startswith("default-src 'self';")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "cache-control" in headers


async def test_a_long_body_is_not_read(panel: Panel):
    answer = await panel.stranger.post("/login", content=b"token=" + b"x" * 20_000)

    assert answer.status_code == 413


async def test_a_visitor_from_another_site_is_asked_once_more_from_here(panel: Panel):
    outside = await panel.stranger.get("/fleet", headers={"Sec-Fetch-Site": "cross-site"})
    again = await panel.stranger.get("/fleet", headers={"Sec-Fetch-Site": "same-origin"})

    assert outside.status_code == again.status_code == 401
    assert 'http-equiv="refresh"' in outside.text
    assert 'http-equiv="refresh"' not in again.text


def test_the_token_is_made_once_for_the_owner_alone(tmp_path: Path):
    settings = Settings(home=tmp_path / "new")

    first, second = access_token(settings), access_token(settings)

    assert first == second
    assert len(first) > 40
    assert stat.S_IMODE((tmp_path / "new" / "web-token").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["web-token"]
    assert login_link(settings, "http://127.0.0.1:8080/") == f"http://127.0.0.1:8080/login?token={first}"


def test_a_damaged_token_file_is_told_and_mended_by_deleting_it(tmp_path: Path):
    settings = Settings(home=tmp_path)
    (tmp_path / "web-token").write_text("\n")

    with pytest.raises(WrongSettings, match="web-token"):
        access_token(settings)

    (tmp_path / "web-token").unlink()
    assert access_token(settings)


def test_a_short_token_in_the_settings_stops_the_start(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JARVIS_WEB__TOKEN", "short")

    with pytest.raises(WrongSettings, match="JARVIS_WEB__TOKEN"):
        load_settings()


def test_a_token_of_the_settings_is_used_and_written_nowhere(tmp_path: Path):
    settings = Settings(home=tmp_path, web=WebSettings(token=SecretStr("invented-token-0123456789")))

    assert access_token(settings) == "invented-token-0123456789"
    assert list(tmp_path.iterdir()) == []


async def csrf(panel: Panel) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', await panel.page("/"))
    assert found
    return found[1]


async def dead_run(panel: Panel) -> int:
    car_id = await company.car(panel.db)
    _, run_id, _ = await company.event_with_work(panel.db, car_id)
    await company.end(
        panel.db, "runs", run_id, "dead", attempt=8, error="Broken: invented", finished_at=panel.clock.now()
    )
    return run_id


async def state_of(panel: Panel, run_id: int) -> str:
    async with panel.db.transaction() as tx:
        row = await tx.row("SELECT state FROM runs WHERE id = %s", (run_id,))
    assert row
    return row["state"]
