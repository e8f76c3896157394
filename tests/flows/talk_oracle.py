"""What must be true after any story of the inbox: nothing lost, nothing to anybody else, nothing twice."""

from collections import Counter
from typing import Any

from db.session import Tx
from tests.flows.talk import Talk
from tests.wait import wait_until


async def check(talk: Talk) -> None:
    """Waits until every message of every client is shown, then looks at whatever left the company."""
    screens: list[dict[str, Any]] = (await talk.company.http.get("umnico/clients")).json()
    written = {one["message_id"] for screen in screens for one in screen["saw"] if one["from"] == "client"}

    async def all_are_shown() -> bool:
        return written <= set(await talk.company.ask(_shown))

    await wait_until(all_are_shown, timeout_s=talk.company.patience_s)
    leads = await talk.company.ask(_lead_of_each_answer)
    sends = [call for call in await talk.clients.umnico_calls("send") if call["ok"]]
    strays = [call["params"] for call in sends if leads.get(_message_of(call)) != int(call["params"]["lead"])]
    assert strays == []
    arrived = Counter(one["custom_id"] for screen in screens for one in screen["saw"] if one["custom_id"])
    assert {one: times for one, times in arrived.items() if times > 1} == {}
    assert await talk.company.ask(_dead) == []


def _message_of(call: dict[str, Any]) -> str:
    """Our ids of pieces begin with the id of their message."""
    return call["params"]["customId"].split(":")[1]


async def _shown(tx: Tx) -> list[str]:
    rows = await tx.rows(
        """SELECT m.umnico_id FROM messages AS m
           WHERE EXISTS (SELECT 1 FROM posts WHERE posts.entity = 'message:' || m.id)"""
    )
    return [row["umnico_id"] for row in rows]


async def _lead_of_each_answer(tx: Tx) -> dict[str, int]:
    """Who each answer was written for, by the topic in which a person or a draft of ours wrote it."""
    rows = await tx.rows(
        """SELECT m.id, c.lead_id FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id
           WHERE m.direction = 'outgoing'"""
    )
    return {str(row["id"]): row["lead_id"] for row in rows}


async def _dead(tx: Tx) -> list[Any]:
    rows = await tx.rows(
        "SELECT agent FROM runs WHERE state = 'dead' UNION ALL SELECT kind FROM commands WHERE state = 'dead'"
    )
    return [list(row.values()) for row in rows]
