"""Telegram's poison: an update that ends the process each time is met again and in the end set aside."""

import json
import signal
from pathlib import Path
from typing import Any

from core.settings import Settings, TelegramSettings
from db.session import Database
from orchestrator.servers import Servers
from tests.chaos import poisoned_bot
from tests.chaos.processes import installation, running

STRANGER = 5_300_000_007
TOKEN = "7000000001:SANDBOX-jarvis-company-bot-token-00"


def said(update_id: int, text: str) -> dict[str, Any]:
    person = {"id": STRANGER, "is_bot": False, "first_name": "Somebody", "language_code": "en"}
    chat = {"id": STRANGER, "type": "private", "first_name": "Somebody"}
    entities = [{"type": "bot_command", "offset": 0, "length": 6}] * text.startswith("/")
    message = {"message_id": update_id, "date": 1_790_000_000, "chat": chat, "from": person, "text": text}
    return {"update_id": update_id, "message": message | {"entities": entities}}


async def test_row_23_an_update_that_kills_the_bot_each_time_is_set_aside_with_an_alarm_and_the_next_is_handled(
    db: Database, db_url: str, redis_url: str, tmp_path: Path
) -> None:
    given = Settings(home=tmp_path, telegram=TelegramSettings(token=TOKEN, admins=(1,), api_url="http://127.0.0.1:9"))
    environment = installation(given, Servers(db_url, redis_url, f"file://{tmp_path}/files"))
    poison = said(1, poisoned_bot.POISON)
    updates = [json.dumps(update) for update in (poison, said(2, "/start"))]
    codes = []
    for life in range(4):
        log = tmp_path / f"life-{life}.log"
        with running(*updates, settings=environment, log=log, main=poisoned_bot.main) as process:
            codes.append(await process.ended())
    async with db.transaction() as tx:
        [alarm] = await tx.rows("SELECT payload, raw FROM events WHERE kind = 'alarm.raised'")
        asked = await tx.rows("SELECT tg_user_id FROM access_requests")
    assert codes == [-signal.SIGKILL] * 3 + [0]
    assert alarm["payload"]["args"] == {"update": "1", "error": "ProcessEnded"}
    assert json.loads(alarm["raw"]) == poison
    assert asked == [{"tg_user_id": STRANGER}]
