"""Which messages of a history are news: pure rules."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from integrations.umnico import UmnicoMessage

HORIZON = timedelta(days=30)
"""Older messages are not read: nobody waits for an answer to them."""
NEWS = timedelta(days=7)
"""What is older than this is kept as history, and nobody is called to it."""
MOST = 500
"""Messages of one source that are read at once."""
STRIDE = 100
"""So many known ones in a row, and nobody looks further back."""


def news_among(
    read: Sequence[UmnicoMessage], known: Collection[str], *, is_known_lead: bool, now: datetime
) -> frozenset[str]:
    """Ids of the messages that somebody has to hear of.

    Of a lead that nobody knew only what has no answer yet: the rest was dealt with in Umnico before Jarvis came.
    """
    since = now - NEWS
    if not is_known_lead:
        answers = [message.sent_at for message in read if message.direction == "outgoing"]
        since = max([since, *answers])
    return frozenset(
        message.message_id for message in read if message.message_id not in known and message.sent_at > since
    )
