"""Plays a case: the event happens to the real agent over a real database, then the rows are read."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from agents.kit.question import Thinker
from agents.kit.record import Record
from agents.reply_drafter import AGENT as DRAFTER
from agents.spec import AgentSpec, Deps, Outcome
from agents.translator import AGENT as TRANSLATOR
from agents.triage import AGENT as TRIAGE
from core.clock import FixedClock
from core.commands import SendToClient
from core.commands.orders import text_hash
from core.events import ClientWrote, EventBody, StaffAnswered, StaffWrote
from core.ids import rentprog_id
from db.queries import messages
from db.queries.conversations import Conversation
from db.queries.messages import Message
from db.session import Database
from integrations.rentprog import RentprogApi
from tests.agents.agent_at_work import happen
from tests.agents.reading_tools.company import NOW, PRIUS, Mirror, settings
from tests.evals.case import Case
from tests.evals.company import FORUM, GROUP, NINO, TOPIC, a_new_key, settle
from tests.evals.grade import grade
from tests.evals.seen import Seen, SentOrder, Trial

PLACE = 5
"""The number of the message in its chat."""


@dataclass(frozen=True, slots=True)
class Player:
    thinker: Thinker
    rentprog: dict[str, RentprogApi]
    clock: FixedClock

    async def play(self, case: Case, db: Database) -> Trial:
        """On a fresh database, which is the case's own."""
        began = time.monotonic()
        talk = await settle(db, case)
        agent, body, message = _PARTS[case.kind](case, talk)
        if message is not None:
            async with db.transaction() as tx:
                await messages.store(tx, message)
        deps = Deps(db=db, clock=self.clock, settings=settings(), rentprog=self.rentprog, thinker=self.thinker)
        outcome = await happen(agent, body, db=db, clock=self.clock, trust=_trust(case), deps=deps)
        seen = await _look(db, talk, message, outcome)
        return _trial(case, seen, outcome.records, seconds=time.monotonic() - began)


def _trust(case: Case) -> str:
    return f"staff:{NINO}" if case.kind in {"outgoing", "staff"} else "client:1"


def _trial(case: Case, seen: Seen, records: Sequence[Record], *, seconds: float) -> Trial:
    return Trial(
        case_id=case.id,
        failures=grade(case, seen),
        usd=sum((record.cost for record in records), Decimal(0)),
        is_price_known=not any(record.price_unknown for record in records),
        tokens=sum(record.tokens_in + record.tokens_out for record in records),
        seconds=seconds,
        seen=seen,
    )


# -- what happens ------------------------------------------------------------------------------------------------------

Part = tuple[AgentSpec, EventBody, Message | None]


def _incoming(case: Case, talk: Conversation) -> Part:
    message = _of_client(case, talk)
    return TRANSLATOR, ClientWrote(conversation_id=talk.id, message_id=message.id), message


def _draft(case: Case, talk: Conversation) -> Part:
    message = _of_client(case, talk, language=case.language)
    return DRAFTER, ClientWrote(conversation_id=talk.id, message_id=message.id), message


def _outgoing(case: Case, talk: Conversation) -> Part:
    message = Message(
        id=messages.id_of_outgoing(GROUP, PLACE),
        conversation_id=talk.id,
        account_id=talk.account_id,
        direction="outgoing",
        author="staff",
        person_id=NINO,
        sent_at=NOW,
        original=case.text,
        delivery="pending",
        translation_state="waiting",
        chat_id=GROUP,
        message_id=PLACE,
    )
    return TRANSLATOR, StaffAnswered(**_words(case, GROUP), conversation_id=talk.id), message


def _staff(case: Case, talk: Conversation) -> Part:
    del talk
    car = f"car:{rentprog_id('car', PRIUS)}"
    return TRIAGE, StaffWrote(**_words(case, FORUM), entity=car if case.expect.is_about_the_car else None), None


def _words(case: Case, chat_id: int) -> dict[str, Any]:
    where = {"chat_id": chat_id, "thread_id": TOPIC, "message_id": PLACE}
    return where | {"person_id": NINO, "tg_user_id": 5_000_000_001, "text": case.text}


def _of_client(case: Case, talk: Conversation, **told: Any) -> Message:
    key = a_new_key()
    return Message(
        id=messages.id_of_incoming(talk.account_id, key),
        conversation_id=talk.id,
        account_id=talk.account_id,
        umnico_id=key,
        direction="incoming",
        author="client",
        sent_at=NOW - timedelta(minutes=5),
        original=case.text,
        delivery="received",
        **told,
    )


_PARTS: dict[str, Callable[[Case, Conversation], Part]] = {
    "incoming": _incoming,
    "outgoing": _outgoing,
    "draft": _draft,
    "staff": _staff,
}

# -- what is there afterwards ------------------------------------------------------------------------------------------


async def _look(db: Database, talk: Conversation, message: Message | None, outcome: Outcome) -> Seen:
    mirror = Mirror(db)
    now = None
    if message is not None:
        async with db.transaction() as tx:
            now = await messages.find(tx, message.id)
    orders = await mirror.sql("SELECT payload FROM commands WHERE kind = %s", SendToClient.kind)
    return Seen(
        conversation_id=talk.id,
        message_id=message.id if message else None,
        state=now.translation_state if now else "",
        translation=now.translation if now else None,
        client_hash=text_hash(now.client_words) if now else "",
        orders=tuple(_order(row["payload"]) for row in orders),
        drafts=tuple(await mirror.sql("SELECT * FROM drafts ORDER BY created_at")),
        tasks=tuple(await mirror.sql(_TASKS)),
        tools=tuple(call.name for record in outcome.records for call in record.tools),
        note=" ".join(filter(None, (outcome.note, now.translation_note if now else None))),
    )


_TASKS = """
SELECT t.*, (SELECT coalesce(array_agg(l.subject), '{}') FROM task_links AS l WHERE l.task_id = t.id) AS links
FROM tasks AS t"""


def _order(payload: dict[str, Any]) -> SentOrder:
    order = SendToClient.model_validate(payload)
    return SentOrder(order.conversation_id, order.message_id, order.text_hash)
