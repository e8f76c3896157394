"""One message at once, repeats in groups that grow, the end said once, and never what a webhook carried (G25)."""

from datetime import timedelta
from pathlib import Path

import pytest

from agents.alarms import AGENT
from agents.alarms.decide import Rules, is_due
from agents.spec import Outcome
from core.events import AlarmCleared, AlarmRaised, EventBody, HealthDue, WebhookQuarantined
from core.settings import TelegramSettings
from db.session import Database
from tests.agents.agent_at_work import happen
from tests.bot.outgoing_at_work import NOW, Outgoing, outgoing_at_work

SILENCE = AlarmRaised(
    key="webhook-silence:tbilisi", text_key="alarm-webhook-silence", args={"branch": "tbilisi", "minutes": 60}
)
OVER = AlarmCleared(key=SILENCE.key)
STRANGE = WebhookQuarantined(system="rentprog", reason="unreadable", detail="+995 555 00 00 00 <b>Anna</b>")


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        yield at_work


@pytest.fixture
async def alerts(out: Outgoing) -> int:
    return await out.telegram.group(title="Alerts", is_forum=False)


async def _happen(out: Outgoing, body: EventBody, **telegram: object) -> Outcome:
    settings = TelegramSettings.model_validate(telegram)
    outcome = await happen(AGENT, body, db=out.db, clock=out.clock, telegram=settings)
    await out.deliver_all()
    return outcome


async def test_the_first_is_told_at_once(out: Outgoing, alerts: int):
    await _happen(out, SILENCE, alerts_chat=alerts)
    assert await out.texts(alerts) == ["🔇 Филиал tbilisi: нет вебхуков уже 60 мин"]


async def test_g25_repeats_are_counted_and_told_once_after_the_group_time(out: Outgoing, alerts: int):
    for _ in range(4):
        await _happen(out, SILENCE, alerts_chat=alerts)
        out.clock.advance(timedelta(minutes=1))
    assert len(await out.texts(alerts)) == 1
    out.clock.advance(timedelta(minutes=7))
    await _happen(out, SILENCE, alerts_chat=alerts)
    assert (await out.texts(alerts))[1:] == ["🔇 Филиал tbilisi: нет вебхуков уже 60 мин\nПовторилось: 5 раз"]


async def test_the_rest_of_a_burst_that_ended_is_told_by_the_clock(out: Outgoing, alerts: int):
    for _ in range(50):
        await _happen(out, STRANGE, alerts_chat=alerts)
    await _happen(out, HealthDue(), alerts_chat=alerts)
    assert len(await out.texts(alerts)) == 1
    out.clock.advance(timedelta(minutes=11))
    for _ in range(3):
        await _happen(out, HealthDue(), alerts_chat=alerts)
    assert len(await out.texts(alerts)) == 2
    assert (await out.texts(alerts))[1].endswith("Повторилось: 50 раз")


async def test_the_end_is_said_once(out: Outgoing, alerts: int):
    for _ in range(3):
        await _happen(out, SILENCE, alerts_chat=alerts)
    out.clock.advance(timedelta(minutes=5))
    await _happen(out, OVER, alerts_chat=alerts)
    await _happen(out, OVER, alerts_chat=alerts)
    assert (await out.texts(alerts))[1:] == [
        "✅ Закончилось:\n🔇 Филиал tbilisi: нет вебхуков уже 60 мин\nВсего: 3 раза, за 5 мин"
    ]


async def test_the_end_of_what_never_was_is_not_said(out: Outgoing, alerts: int):
    await _happen(out, OVER, alerts_chat=alerts)
    assert await out.texts(alerts) == []


async def test_after_its_end_an_alarm_is_told_at_once_again(out: Outgoing, alerts: int):
    for body in (SILENCE, OVER, SILENCE):
        await _happen(out, body, alerts_chat=alerts)
    assert [text.splitlines()[0][0] for text in await out.texts(alerts)] == ["🔇", "✅", "🔇"]


async def test_what_was_quiet_for_an_hour_is_told_at_once_again(out: Outgoing, alerts: int):
    await _happen(out, STRANGE, alerts_chat=alerts)
    out.clock.advance(timedelta(hours=2))
    await _happen(out, STRANGE, alerts_chat=alerts)
    texts = await out.texts(alerts)
    assert len(texts) == 2
    assert "Повторилось" not in texts[1]


async def test_different_alarms_do_not_wait_for_each_other(out: Outgoing, alerts: int):
    await _happen(out, SILENCE, alerts_chat=alerts)
    await _happen(out, STRANGE, alerts_chat=alerts)
    assert len(await out.texts(alerts)) == 2


async def test_the_content_of_a_webhook_is_told_nowhere_and_its_number_only_in_the_restricted_chat(
    out: Outgoing, alerts: int
):
    restricted = await out.telegram.group(title="Restricted", is_forum=False)
    await _happen(out, STRANGE, alerts_chat=alerts, restricted_chat=restricted)
    (open_text,), (closed_text,) = await out.texts(alerts), await out.texts(restricted)
    assert "unreadable" in open_text
    assert "jarvis events show" in closed_text
    assert "jarvis events show" not in open_text
    assert "Anna" not in open_text + closed_text


async def test_without_a_chat_for_alarms_administrators_hear_them_in_private(out: Outgoing):
    people = (out.telegram.owner, out.telegram.guest)
    await _happen(out, SILENCE, admins=people)
    heard = [[text for text in await out.texts(person) if text != "/start"] for person in people]
    assert [len(texts) for texts in heard] == [1, 1]


async def test_each_chat_hears_it_in_its_own_language(out: Outgoing, alerts: int):
    await out.put("chats", chat_id=alerts, purpose="alerts", title="Alerts", language="ka")
    await _happen(out, SILENCE, alerts_chat=alerts)
    assert (await out.texts(alerts))[0].startswith("🔇 ფილიალი")


@pytest.mark.parametrize(
    ("told_after_min", "now_after_min", "expected"),
    [(0, 9, False), (0, 10, True), (10, 19, False), (10, 20, True), (20, 39, False), (20, 40, True), (480, 959, False)],
)
def test_the_gaps_double_while_an_alarm_lasts(told_after_min, now_after_min, expected):
    rules = Rules.of(TelegramSettings(), now=NOW + timedelta(minutes=now_after_min))
    assert is_due(rules, opened_at=NOW, told_at=NOW + timedelta(minutes=told_after_min)) is expected
