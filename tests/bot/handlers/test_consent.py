"""The card of an approval, pressed in Telegram: exact words shown, one decision, buttons gone afterwards."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from agents.approvals import AGENT
from core.commands import consent_to_offer, send_to_client
from core.ids import new_id
from db import commands
from db.events import EVENT_COLUMNS, event_of, record_caused
from db.queries import approvals, conversations, messages
from db.queries.approvals import Approval
from db.queries.conversations import Conversation
from db.queries.messages import Message
from tests.bot.handlers.conftest import Cast, Stage, route

CLIENT = conversations.id_of(100500, 777)
OFFER = "We can give you <b>40 USD</b> a day & the second driver for free"


@dataclass
class Desk:
    """A head with a question before them."""

    stage: Stage
    head: int
    approval: Approval

    async def show(self) -> dict[str, Any]:
        """Everything that was asked or decided until now has its effect; returns the head's newest message."""
        await self.stage.turn()
        async with self.stage.db.transaction() as tx:
            rows = await tx.rows(
                f"""SELECT {EVENT_COLUMNS} FROM events AS e WHERE e.kind IN ('approval.asked', 'approval.decided')
                    AND NOT EXISTS (SELECT 1 FROM commands AS c WHERE c.event_id = e.id) ORDER BY e.id"""
            )
        for row in rows:
            event = event_of(row)
            outcome = await AGENT.run(event, self.stage.deps)
            async with self.stage.db.transaction() as tx:
                [outcome] = await AGENT.save_outcomes(tx, [(event, outcome)])
                await record_caused(tx, [(event.id, outcome.events)], route)
                await commands.order(tx, outcome.commands, event_id=event.id)
        await self.stage.turn()
        return await self.stage.last(self.head)

    async def states(self) -> tuple[str, str]:
        async with self.stage.db.transaction() as tx:
            found = await approvals.find(tx, self.approval.id)
        assert found is not None
        return found.state, found.command_state


@pytest.fixture
async def desk(stage: Stage, cast: Cast) -> Desk:
    await stage.hire(cast.employee)
    await stage.hire(cast.head)
    [asker] = await stage.rows("SELECT id FROM people WHERE tg_user_id = %s", cast.employee.telegram_id)
    approval = await asked(stage, asker["id"])
    return Desk(stage, cast.head.telegram_id, approval)


async def asked(stage: Stage, asker: UUID) -> Approval:
    message_id = new_id()
    now = datetime.now(UTC)
    consent = consent_to_offer(
        CLIENT,
        OFFER,
        staff_text="40 USD",
        person_id=asker,
        expires_at=now + timedelta(hours=2),
        branch="tbilisi",
    )
    order = send_to_client(100500, 777, CLIENT, message_id, OFFER, approval=consent)
    async with stage.db.transaction() as tx:
        row = Conversation(id=CLIENT, account_id=100500, lead_id=777, channel="whatsapp", branch="tbilisi")
        await conversations.store(tx, row)
        message = Message(
            id=message_id,
            conversation_id=CLIENT,
            account_id=100500,
            direction="outgoing",
            author="staff",
            sent_at=now,
            original=OFFER,
            delivery="pending",
        )
        await messages.store(tx, message)
        await record_caused(tx, [(1, approvals.asked_by([order]))], route)
        await commands.order(tx, [order])
        found = await approvals.find(tx, approvals.id_of(order.effect_key))
    assert found is not None
    return found


def labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


async def test_the_card_shows_exactly_what_the_client_would_read(desk: Desk):
    card = await desk.show()
    assert OFFER in card["text"]
    assert "Asked by:" in card["text"]
    assert labels(card) == ["Allow", "Refuse"]


async def test_a_press_releases_it_once_and_the_card_says_who_allowed_it(desk: Desk):
    card = await desk.show()
    assert await desk.stage.press(desk.head, card, "Allow") == "Accepted"
    assert await desk.stage.press(desk.head, card, "Refuse") != "Accepted"
    await desk.show()
    [now] = [one for one in await desk.stage.answers(desk.head) if one["message_id"] == card["message_id"]]
    assert await desk.states() == ("consumed", "pending")
    assert "Allowed" in now["text"]
    assert labels(now) == []


async def test_a_refusal_is_told_to_whoever_asked(desk: Desk, cast: Cast):
    card = await desk.show()
    await desk.stage.press(desk.head, card, "Refuse")
    await desk.show()
    assert await desk.states() == ("refused", "cancelled")
    assert "Refused" in (await desk.stage.last(cast.employee.telegram_id))["text"]


async def test_words_are_never_taken_for_consent(desk: Desk):
    await desk.show()
    await desk.stage.say(desk.head, "yes, allow it")
    await desk.show()
    assert await desk.states() == ("asked", "awaiting_approval")


async def test_a_head_who_is_none_any_more_presses_in_vain(desk: Desk, cast: Cast):
    card = await desk.show()
    await desk.stage.give_role(cast.head, cast.employee.role)
    await desk.stage.press(desk.head, card, "Allow")
    await desk.show()
    assert await desk.states() == ("asked", "awaiting_approval")
