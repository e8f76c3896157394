"""Hook secrets change in the store and a running door follows: the old one opens it until it is taken away."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from core.settings import Settings, WrongSettings, load_settings
from db.session import Database
from integrations.secret_stores import open_stores
from orchestrator.rotation import Rotation
from tests.integrations.secret_stores.vault_twin import TOKEN, Vault, vault_at_work
from tests.orchestrator.door_at_work import OLD_SECRET, SECRET, DoorAtWork, door_at_work, settings
from tests.wait import wait_until

BODY = '{"event":"car_update","id":1,"changes":{}}'


@pytest.fixture
async def door(db: Database, redis_url: str) -> AsyncIterator[DoorAtWork]:
    async with door_at_work(db, settings(north=(OLD_SECRET,)), redis_url) as at_work:
        yield at_work


def rotation(door: DoorAtWork, reread: Callable[[], Settings], *, reread_s: float = 300) -> Rotation:
    running = settings(north=(OLD_SECRET,))
    secrets = running.secrets.model_copy(update={"reread_s": reread_s})
    following = Rotation(running.model_copy(update={"secrets": secrets}), reread)
    following.tell(door.rentprog)
    return following


async def answers(door: DoorAtWork) -> tuple[int, int]:
    """To the old secret and to the new one."""
    paths = [f"/hooks/rentprog/north/{secret}" for secret in (OLD_SECRET, SECRET)]
    old, new = [await door.post(BODY, path) for path in paths]
    return old.status_code, new.status_code


async def test_both_open_while_both_stand_in_the_settings_then_only_the_new_one(door: DoorAtWork):
    now = settings(north=(OLD_SECRET,))
    following = rotation(door, lambda: now)
    await following.look()
    assert await answers(door) == (200, 404)
    now = settings(north=(SECRET, OLD_SECRET))
    await following.look()
    assert await answers(door) == (200, 200)
    now = settings(north=(SECRET,))
    await following.look()
    assert await answers(door) == (404, 200)


async def test_settings_that_cannot_be_read_leave_the_secrets_and_are_read_again_later(door: DoorAtWork):
    found: list[Settings] = []

    def reread() -> Settings:
        if not found:
            raise WrongSettings("Vault: sealed")
        return found[0]

    following = rotation(door, reread)
    with capture_logs() as lines:
        await following.look()
        await following.look()
    assert [str(line["error"]) for line in lines] == ["Vault: sealed"]
    assert await answers(door) == (200, 404)
    found.append(settings(north=(SECRET,)))
    await following.look()
    assert await answers(door) == (404, 200)


async def test_nothing_but_hook_secrets_is_taken_over(door: DoorAtWork):
    fresh = settings(north=(SECRET,)).rentprog.branches
    stranger = fresh[0].model_copy(update={"code": "stranger", "company_id": 9})
    now = settings().model_copy(update={"rentprog": settings().rentprog.model_copy(update={"branches": (stranger,)})})
    await rotation(door, lambda: now).look()
    assert (await door.post(BODY, f"/hooks/rentprog/stranger/{SECRET}")).status_code == 404
    assert await answers(door) == (200, 404)


async def test_no_secret_is_logged(door: DoorAtWork):
    with capture_logs() as lines:
        await rotation(door, lambda: settings(north=(SECRET,))).look()
    assert lines == [{"event": "hook secrets have changed", "hooks": ["rentprog north"], "log_level": "info"}]


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Vault]:
    branches = "{code: north, name: North, company_id: 1}, {code: south, name: South, company_id: 2}"
    (tmp_path / "config.yaml").write_text(f"rentprog: {{branches: [{branches}]}}\n", encoding="utf-8")
    monkeypatch.setenv("JARVIS_CONFIG", str(tmp_path / "config.yaml"))
    with vault_at_work() as twin:
        monkeypatch.setenv("JARVIS_SECRETS__VAULT_URL", twin.url)
        monkeypatch.setenv("JARVIS_SECRETS__VAULT_TOKEN", TOKEN)
        yield twin


async def test_a_secret_that_changes_in_vault_opens_a_running_door_by_itself(door: DoorAtWork, vault: Vault):
    vault.secrets["secret/jarvis"] = {"rentprog.keys.north.hook_secret": OLD_SECRET}
    following, stop = rotation(door, lambda: load_settings(open_stores), reread_s=0.05), asyncio.Event()

    async def opens() -> bool:
        return await answers(door) == (404, 200)

    async with asyncio.TaskGroup() as group:
        group.create_task(following.run(stop))
        vault.secrets["secret/jarvis"] = {"rentprog.keys.north.hook_secret": SECRET}
        assert await wait_until(opens)
        stop.set()


async def test_the_secret_of_telegram_is_followed_too():
    class Listening:
        def __init__(self) -> None:
            self.heard: list[tuple[SecretStr | None, SecretStr | None]] = []

        def renew(self, settings: Settings) -> None:
            self.heard.append((settings.telegram.webhook_secret, settings.telegram.webhook_secret_previous))

    running, door = settings(), Listening()
    given = {"webhook_secret": SecretStr(SECRET), "webhook_secret_previous": SecretStr(OLD_SECRET)}
    fresh = running.model_copy(update={"telegram": running.telegram.model_copy(update=given)})
    following = Rotation(running, lambda: fresh)
    following.tell(door)
    await following.look()
    await following.look()
    assert door.heard == [(SecretStr(SECRET), SecretStr(OLD_SECRET))]
