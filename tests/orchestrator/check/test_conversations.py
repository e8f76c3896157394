"""The oracle sees who was overlooked, what is stuck or left without consent, and what clients should not have read."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from db.session import Database
from orchestrator.check import Observed, check
from orchestrator.check.witness import Screen
from tests.orchestrator.check import ground, talks
from tests.orchestrator.check.talks import LATER, OFFER, OPEN_QUESTION, QUESTION, REPLY, got, screens, wrote


@pytest.fixture
async def history(db: Database) -> Database:
    await ground.lay(db)
    await talks.lay(db)
    return db


async def broken(db: Database, seen: Sequence[Screen] = ()) -> list[str]:
    observed = replace(ground.seen(), screens=list(seen or screens()))
    return _told(await _asked(db, observed))


async def _asked(db: Database, observed: Observed) -> list[tuple[str, str, str]]:
    assertions = await check(db, ground.limits(), observed=observed)
    return [(one.invariant, one.statement, one.figure) for one in assertions if one.is_broken]


def _told(found: Sequence[tuple[str, str, str]]) -> list[str]:
    return sorted(f"{invariant} {statement}" for invariant, statement, _ in found)


SHOWN = "I1 every message of a client is shown to somebody, or an alarm says that nobody can see it"
STUCK = "I1 every message to a client is sent, or somebody is told that it is not"
OWED = "I1 who waits for an answer has somebody who owes it"
LOOKED_AT = "I1 what is owed is looked at again until everybody was told"
OWED_ONCE = "I2 an answer is owed once"
CONSENT = "I8 what was released is exactly what somebody consented to"
CONSENT_ONCE = "I8 a consent is used once"
OFFERS = "I8 no offer leaves without a consent of its own"
APPROVAL = "I8 every command has an event with a known actor, and its approval where one is asked for"
ONCE = "I2 no client got a message twice"
OWN = "I8 no client got words of another conversation"
REACHED = "I2 every message that is marked sent reached its client"
BELIEVED = "I2 what reached a client is marked sent, or unknown"
STORED = "I1 every message that a client wrote is stored once, in its last words"
ORDER = "I3 messages stand on a client's screen in the order of their orders"

OFFERED = f"payload->>'message_id' = '{OFFER}'"
ASKED_ABOUT = f"(SELECT id FROM commands WHERE {OFFERED})"

WRONGS: dict[str, tuple[str, Sequence[str]]] = {
    "a message that nobody sees": (f"UPDATE messages SET delivery = 'received' WHERE id = '{OPEN_QUESTION}'", [SHOWN]),
    "an answer that nothing will send": (
        f"UPDATE messages SET delivery = 'pending', sending = NULL WHERE id = '{OFFER}'",
        [STUCK],
    ),
    "a client for whom nobody cares": ("DELETE FROM waits", [OWED]),
    "an answer that never left": (
        "UPDATE messages SET delivery = 'failed', sending = NULL WHERE direction = 'outgoing'",
        [OWED],
    ),
    "a wait that nobody will look at": ("UPDATE waits SET next_at = NULL", [LOOKED_AT]),
    "a wait that nobody looked at": ("UPDATE waits SET next_at = now() - interval '1 hour'", [LOOKED_AT]),
    "two waits for one client": (
        (
            "DROP INDEX uq_waits_open; INSERT INTO waits (id, kind, subject, since, next_at)"
            " SELECT gen_random_uuid(), kind, subject, since, next_at FROM waits"
        ),
        [OWED_ONCE],
    ),
    "an order that was changed after the consent": (
        f"UPDATE commands SET payload = payload || '{{\"attempt\": 1}}' WHERE {OFFERED}",
        [CONSENT],
    ),
    "an order that was let go while it was asked about": (
        f"UPDATE approvals SET state = 'asked'; UPDATE commands SET state = 'pending' WHERE {OFFERED}",
        [CONSENT],
    ),
    "an order that was sent although it was refused": ("UPDATE approvals SET state = 'refused'", [APPROVAL, CONSENT]),
    "a consent that was used twice": (
        (
            "INSERT INTO approvals (id, command_id, arguments_hash, role, state, expires_at)"
            " SELECT gen_random_uuid(), command_id, arguments_hash, role, state, expires_at FROM approvals"
        ),
        [CONSENT_ONCE],
    ),
    "an offer that nobody was asked about": ("DELETE FROM approvals", [OFFERS]),
    "a message that is said to have failed": (
        f"UPDATE messages SET delivery = 'failed' WHERE id = '{REPLY}'",
        [BELIEVED],
    ),
}


async def test_conversations_in_which_all_is_well_break_no_promise(history: Database) -> None:
    assert await _asked(history, replace(ground.seen(), screens=screens())) == []


@pytest.mark.parametrize(("wrong", "statements"), WRONGS.values(), ids=WRONGS)
async def test_a_broken_promise_to_a_client_is_seen(
    history: Database, as_owner: Callable[[str], None], wrong: str, statements: Sequence[str]
) -> None:
    as_owner(f"SET session_replication_role = replica; {wrong}")
    assert await broken(history) == sorted(statements)


SEEN: dict[str, tuple[list[Screen], Sequence[str]]] = {
    "the same message twice": (screens(wrote(QUESTION), got(REPLY), got(REPLY), got(OFFER), got(LATER)), [ONCE]),
    "another client's answer": (
        screens(wrote(QUESTION), got(OFFER), got(LATER), asking=(wrote(OPEN_QUESTION), got(REPLY))),
        [OWN, REACHED],
    ),
    "another client's words under their own id": (
        screens(wrote(QUESTION), got(REPLY, "For somebody else"), got(OFFER), got(LATER)),
        [OWN],
    ),
    "what nobody here ever wrote": (
        screens(wrote(QUESTION), got(REPLY), got(OFFER), got(LATER), got(UUID(int=99), "Who said that?")),
        [OWN],
    ),
    "nothing of what was sent": (screens(wrote(QUESTION), got(OFFER), got(LATER)), [REACHED]),
    "a message that we do not have": (
        screens(asking=(wrote(OPEN_QUESTION), wrote(UUID(int=98), "Anybody there?"))),
        [STORED],
    ),
    "other words than those that we have": (screens(asking=(wrote(OPEN_QUESTION, "Hello? Edited"),)), [STORED]),
    "our messages in another order": (screens(wrote(QUESTION), got(LATER), got(REPLY), got(OFFER)), [ORDER]),
}


@pytest.mark.parametrize(("seen", "statements"), SEEN.values(), ids=SEEN)
async def test_what_a_client_should_not_see_is_seen(
    history: Database, seen: list[Screen], statements: Sequence[str]
) -> None:
    assert await broken(history, seen) == sorted(statements)


async def test_an_alarm_that_nobody_can_see_a_client_is_enough(
    history: Database, as_owner: Callable[[str], None]
) -> None:
    key = f"client-nowhere:{talks.conversation_of(talks.ASKING)}"
    as_owner(
        f"UPDATE messages SET delivery = 'received' WHERE id = '{OPEN_QUESTION}';"
        "INSERT INTO alarms (key, text_key, args, opened_at, last_at, count)"
        f" VALUES ('{key}', 'alarm-client-nowhere', '{{}}', now(), now(), 1)"
    )
    assert await broken(history) == []


async def test_who_was_told_as_the_last_one_is_not_told_again(
    history: Database, as_owner: Callable[[str], None]
) -> None:
    as_owner("""UPDATE waits SET next_at = NULL, told = '[{"step": "move"}, {"step": "remind"}]'""")
    assert await broken(history) == []


async def test_another_try_that_a_person_wanted_may_bring_the_words_again(
    history: Database, as_owner: Callable[[str], None]
) -> None:
    as_owner(
        f"""UPDATE messages SET sending = sending || '{{"attempt": 1}}' WHERE id = '{REPLY}';"""
        "INSERT INTO commands (event_id, kind, system, destination, priority, payload, effect_key, state, attempt,"
        """ created_at, sent_at, result) SELECT event_id, kind, system, destination, priority,"""
        """ payload || '{"attempt": 1}', 'again', state, 1, now(), now(), '{}' FROM commands"""
        f" WHERE payload->>'message_id' = '{REPLY}'"
    )
    assert (
        await broken(history, screens(wrote(QUESTION), got(REPLY), got(OFFER), got(LATER), got(REPLY, attempt=1))) == []
    )


async def test_what_waited_for_a_consent_may_come_after_younger_messages(history: Database) -> None:
    assert await broken(history, screens(wrote(QUESTION), got(REPLY), got(LATER), got(OFFER))) == []
