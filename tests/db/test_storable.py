"""No text can keep a row from being stored; what Postgres cannot hold is replaced, all else stays as it was."""

from dataclasses import replace

import pytest

from core.events import AlarmRaised
from db.session import Database
from db.storable import storable_text
from tests import make

ODD = "NUL \0 and half a pair \ud83d and a whole one \N{RACING CAR}"
HELD = "NUL \N{REPLACEMENT CHARACTER} and half a pair ? and a whole one \N{RACING CAR}"


def test_a_plain_text_stays_as_it_was():
    assert storable_text("Тбилиси, საქართველო") == "Тбилиси, საქართველო"


@pytest.mark.parametrize(
    ("text", "held"), [(ODD, HELD), (r"a literal \u0000 and \ud83d", r"a literal \u0000 and \ud83d")]
)
async def test_an_event_with_odd_characters_is_recorded(db: Database, text: str, held: str):
    body = AlarmRaised(key=text, text_key="k", args={"deep": text})
    await make.record_all(db, [replace(make.event(), body=body)], make.route_to())
    async with db.transaction() as tx:
        row = await tx.row("SELECT payload FROM events")
    assert row == {"payload": {"key": held, "text_key": "k", "args": {"deep": held}}}
