"""What clients have on their screens against what we believe: each message once, to the right one, in order."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from db.queries import messages
from db.queries import oracle_conversations as known
from db.queries.messages import Piece
from db.queries.oracle import Tally
from db.session import Tx
from orchestrator.check.assertion import Assertion, counted
from orchestrator.check.limits import Limits
from orchestrator.check.witness import Screen, Seen

Row = Mapping[str, Any]
REACHED = ("sent", "unknown")
"""What may be said of a message that is whole on its client's screen."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A piece of a message of ours on a screen; ``place`` is where it stands there."""

    lead_id: int
    place: int
    piece: Piece
    seen: Seen


async def clients(tx: Tx, screens: Sequence[Screen], limits: Limits) -> list[Assertion]:
    rows = await known.told_messages(tx)
    orders = await known.sendings(tx)
    arrived = list(_arrived(screens))
    under_way = {row["message_id"] for row in orders if row["state"] in {"pending", "sending"}}
    return [
        once(screens),
        own_words(rows, arrived),
        reached(rows, screens, arrived),
        believed(rows, arrived, under_way),
        stored(rows, screens, before=datetime.now(UTC) - timedelta(seconds=limits.quiet_for_s)),
        order(orders, arrived),
    ]


def once(screens: Sequence[Screen]) -> Assertion:
    ids = Counter(seen.custom_id for screen in screens for seen in screen.saw if messages.is_ours(seen.custom_id))
    return counted("I2", "no client got a message twice", _tally(len(ids), [one for one, n in ids.items() if n > 1]))


def own_words(rows: Sequence[Row], arrived: Sequence[Arrived]) -> Assertion:
    """By its id, and by its words as long as they are those that were sent."""
    by_id = {row["id"]: row for row in rows}
    wrong = [each for each in arrived if not _is_theirs(by_id.get(each.piece.message_id), each)]
    return counted("I8", "no client got words of another conversation", _tally(len(arrived), _named(wrong)))


def reached(rows: Sequence[Row], screens: Sequence[Screen], arrived: Sequence[Arrived]) -> Assertion:
    """Every piece of a message that is marked sent stands on the screen."""
    on_screens = {(screen.lead_id, seen.message_id) for screen in screens for seen in screen.saw}
    pieces = _pieces(arrived)
    sent = [row for row in rows if row["direction"] == "outgoing" and row["delivery"] == "sent"]
    missing = [
        row["id"]
        for row in sent
        if not ((row["lead_id"], row["umnico_id"]) in on_screens if row["sending"] is None else _is_whole(row, pieces))
    ]
    return counted("I2", "every message that is marked sent reached its client", _tally(len(sent), missing))


def believed(rows: Sequence[Row], arrived: Sequence[Arrived], under_way: set[UUID]) -> Assertion:
    """What a client has is not said to have failed, so that nobody sends it again."""
    pieces = _pieces(arrived)
    whole = [row for row in rows if row["sending"] is not None and _is_whole(row, pieces)]
    wrong = [row["id"] for row in whole if row["delivery"] not in REACHED and row["id"] not in under_way]
    return counted("I2", "what reached a client is marked sent, or unknown", _tally(len(whole), wrong))


def stored(rows: Sequence[Row], screens: Sequence[Screen], *, before: datetime) -> Assertion:
    """Once, in the lead in which it was written, with the words that stand there now."""
    found = Counter((row["lead_id"], row["umnico_id"], row["original"]) for row in rows if row["author"] == "client")
    ids = Counter(row["umnico_id"] for row in rows if row["author"] == "client")
    written = [
        (screen.lead_id, seen)
        for screen in screens
        for seen in screen.saw
        if not seen.is_ours and max(seen.at, seen.edited_at or seen.at) <= before
    ]
    wrong = [
        f"{seen.message_id} of lead {lead_id}"
        for lead_id, seen in written
        if found[lead_id, seen.message_id, seen.text] != 1 or ids[seen.message_id] != 1
    ]
    return counted("I1", "every message that a client wrote is stored once, in its last words",
                   _tally(len(written), wrong))  # fmt: skip


def order(orders: Sequence[Row], arrived: Sequence[Arrived]) -> Assertion:
    """Pieces stand on a screen in the order in which their messages were ordered."""
    rank = {(row["message_id"], row["attempt"]): n for n, row in enumerate(orders) if not row["is_apart"]}
    newest: dict[int, tuple[int, int]] = {}
    wrong: list[str] = []
    ranked = [(each, rank.get((each.piece.message_id, each.piece.attempt))) for each in arrived]
    for each, position in ranked:
        if position is None:
            continue
        place = (position, each.piece.number)
        if place < newest.get(each.lead_id, place):
            wrong.append(each.seen.custom_id or "")
        newest[each.lead_id] = max(place, newest.get(each.lead_id, place))
    return counted("I3", "messages stand on a client's screen in the order of their orders",
                   _tally(len(ranked), wrong))  # fmt: skip


def _arrived(screens: Sequence[Screen]) -> Iterator[Arrived]:
    for screen in screens:
        for place, seen in enumerate(screen.saw):
            piece = messages.piece_of(seen.custom_id or "")
            if piece is not None:
                yield Arrived(screen.lead_id, place, piece, seen)


def _is_theirs(row: Row | None, each: Arrived) -> bool:
    if row is None or row["lead_id"] != each.lead_id or row["direction"] != "outgoing":
        return False
    sending = row["sending"]
    is_of_these_words = sending is not None and sending["since"] <= each.piece.attempt <= sending["attempt"]
    return not is_of_these_words or each.seen.text.strip() in row["client_words"]


def _pieces(arrived: Sequence[Arrived]) -> Mapping[tuple[int, UUID], set[Piece]]:
    """By lead and message: what reached another client did not reach this one."""
    pieces: defaultdict[tuple[int, UUID], set[Piece]] = defaultdict(set)
    for each in arrived:
        pieces[each.lead_id, each.piece.message_id].add(each.piece)
    return pieces


def _is_whole(row: Row, pieces: Mapping[tuple[int, UUID], set[Piece]]) -> bool:
    """All pieces of the words that were sent last, whichever try brought them there."""
    sending = row["sending"]
    here = {
        piece.number
        for piece in pieces.get((row["lead_id"], row["id"]), set())
        if sending["since"] <= piece.attempt <= sending["attempt"]
    }
    return sending["pieces"] > 0 and here >= set(range(sending["pieces"]))


def _named(wrong: Sequence[Arrived]) -> list[str]:
    return [f"{each.seen.custom_id} at lead {each.lead_id}" for each in wrong]


def _tally(seen: int, wrong: Sequence[Any]) -> Tally:
    return Tally(seen, len(wrong), str(wrong[0]) if wrong else None)
