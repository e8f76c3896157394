"""The invariants that need the witness: what was done outside, once, in order, and nothing accepted was lost."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from db.queries import oracle_outside as known
from db.queries.oracle import Tally
from db.session import Tx
from orchestrator.check.assertion import Assertion, counted
from orchestrator.check.messages import Message, messages_of, unexplained
from orchestrator.check.witness import Call, Observed

Rows = Sequence[Mapping[str, Any]]
PLAIN = ("telegram.send_message", "telegram.tell_alarm")
"""Commands that are one new message each."""


async def outside(tx: Tx, seen: Observed) -> list[Assertion]:
    """I1, I2 and I3 against the journal; what the sandbox forgot before anybody looked is said."""
    commands = await known.telegram_commands(tx)
    sent = messages_of(seen.calls)
    assertions = [
        *webhooks(seen, await known.stored_bodies(tx)),
        reached(commands, sent, is_whole=seen.lost == 0),
        once(commands, sent, await known.known_posts(tx)),
        topics_once(seen.calls, await known.known_topics(tx)),
        order(commands, sent),
    ]
    return [*assertions, *_gap(seen)]


def webhooks(seen: Observed, stored: Mapping[tuple[str, str], int]) -> list[Assertion]:
    """The same text may come again and be one event, but never none, and never more events than posts."""
    posts = Counter((posted.branch, posted.digest) for posted in seen.posted)
    accepted = {(posted.branch, posted.digest) for posted in seen.posted if posted.is_accepted}
    lost = sorted(accepted - stored.keys())
    doubled = sorted(body for body, events in stored.items() if events > posts[body])
    return [
        counted("I1", "every webhook that was answered 2xx has an event", _tally(len(accepted), lost)),
        counted("I2", "no webhook became two events", _tally(len(stored), doubled)),
    ]


def reached(commands: Rows, sent: Mapping[tuple[int, int], Message], *, is_whole: bool) -> Assertion:
    """A command is marked sent only when Telegram has its message."""
    plain = [row for row in commands if _is_said(row)]
    missing = [row["id"] for row in plain if _place(row) not in sent] if is_whole else []
    return counted("I2", "every message that is marked sent reached Telegram", _tally(len(plain), missing))


def once(commands: Rows, sent: Mapping[tuple[int, int], Message], posts: set[tuple[int, int]]) -> Assertion:
    """Every message of Telegram's has one command, or is the second try of one whose answer was lost."""
    owners = Counter(_place(row) for row in commands if _is_said(row))
    shared = sorted(place for place, owned in owners.items() if owned > 1)
    mine = {_place(row) for row in commands if row["message_id"] is not None} | posts
    extra = [message for place, message in sent.items() if place not in mine and not message.is_taken_back]
    wrong = [*shared, *(message.place for message in unexplained(extra, commands, sent))]
    found = counted("I2", "each message was sent once, or again only after a lost answer", _tally(len(sent), wrong))
    return replace(found, figure=f"{found.figure}; {len(extra):,} more are farewells or second tries")


def topics_once(calls: Sequence[Call], topics: set[tuple[int, int]]) -> Assertion:
    """Every topic that Telegram opened is one we know of, or was removed again."""
    opened = {
        (call.chat_id, call.result["message_thread_id"])
        for call in calls
        if call.method == "createForumTopic" and call.chat_id is not None
    }
    removed = {
        (call.chat_id, call.params.get("message_thread_id")) for call in calls if call.method == "deleteForumTopic"
    }
    return counted("I2", "each topic was opened once", _tally(len(opened), sorted(opened - removed - topics)))


def order(commands: Rows, sent: Mapping[tuple[int, int], Message]) -> Assertion:
    """Messages of one line into one chat, of one priority, stand in the journal in the order of ordering."""
    newest: dict[tuple[Any, ...], int] = {}
    wrong: list[int] = []
    seen = 0
    for row in commands:
        message = sent.get(_place(row)) if _is_said(row) else None
        if message is None or row["agent"] is None or row["is_redriven"]:
            continue
        seen += 1
        line = (row["agent"], row["subject"], row["chat_id"], row["priority"])
        if message.n < newest.get(line, 0):
            wrong.append(row["id"])
        newest[line] = message.n
    return counted("I3", "messages of one line stand in the chat in the order of ordering", _tally(seen, wrong))


def _gap(seen: Observed) -> list[Assertion]:
    if not seen.lost:
        return []
    figure = f"not looked at here: the sandbox forgot {seen.lost:,} calls before this look"
    return [Assertion("I2", "the journal is whole", figure, None)]


def _is_said(row: Mapping[str, Any]) -> bool:
    return row["kind"] in PLAIN and row["state"] == "sent" and row["message_id"] is not None


def _place(row: Mapping[str, Any]) -> tuple[int, int]:
    return row["chat_id"], row["message_id"]


def _tally(seen: int, wrong: Sequence[Any]) -> Tally:
    return Tally(seen, len(wrong), str(wrong[0]) if wrong else None)
