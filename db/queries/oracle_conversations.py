"""What the oracle asks about conversations: what was shown, what is on its way, who owes an answer, who consented."""

from typing import Any

from db.queries.oracle import Tally, tally
from db.queries.waits import CLOSED
from db.session import Tx

CHASED_DAYS = 7
"""What a client said longer ago is history: nobody is called to it."""


async def unshown(tx: Tx, *, since: int, quiet_for_s: float) -> Tally:
    """News of clients that stand in nobody's topic, though no alarm says so and no order to show them is under way."""
    return await tally(
        tx,
        """SELECT m.delivery <> 'shown' AND a.key IS NULL AND m.id::text NOT IN (
                      SELECT payload->>'message_id' FROM commands
                      WHERE kind = 'telegram.show_client_message' AND state IN ('pending', 'sending')) AS is_wrong,
                  format('message %%s of %%s', m.id, e.subject) AS example
           FROM events AS e
           JOIN messages AS m ON m.id = (e.payload->>'message_id')::uuid AND m.direction = 'incoming'
           JOIN conversations AS c ON c.id = m.conversation_id AND c.state = 'open'
           LEFT JOIN alarms AS a ON a.key = 'client-nowhere:' || c.id AND a.cleared_at IS NULL
           WHERE e.kind = 'umnico.message.incoming' AND NOT (e.payload->>'is_edit')::boolean AND e.id >= %(since)s
             AND e.received_at <= now() - make_interval(secs => %(quiet)s)""",
        {"since": since, "quiet": quiet_for_s},
    )


async def stuck(tx: Tx, *, quiet_for_s: float) -> Tally:
    """Messages of ours that nothing will send any more and that no person was told of.

    What waits for its translation says so in its topic; what waits for consent has its command.
    """
    return await tally(
        tx,
        """SELECT m.delivery = 'pending' AND m.translation_state <> 'waiting' AND m.id::text NOT IN (
                      SELECT payload->>'message_id' FROM commands
                      WHERE kind = 'umnico.send' AND state IN ('pending', 'sending', 'awaiting_approval')) AS is_wrong,
                  format('message %%s', m.id) AS example
           FROM messages AS m
           WHERE m.direction = 'outgoing' AND m.created_at <= now() - make_interval(secs => %(quiet)s)""",
        {"quiet": quiet_for_s},
    )


async def doubled_waits(tx: Tx) -> Tally:
    return await tally(
        tx,
        """SELECT count(*) > 1 AS is_wrong, subject AS example FROM waits
           WHERE ended_at IS NULL GROUP BY subject""",
    )


async def forgotten_waits(tx: Tx, *, late_s: float) -> Tally:
    """Open waits that nobody will look at: everybody above must have been told before that may be."""
    return await tally(
        tx,
        """SELECT CASE WHEN next_at IS NULL
                       THEN NOT (told @> '[{"step": "remind"}]' OR told @> '[{"step": "move"}]')
                       ELSE next_at < now() - make_interval(secs => %(late)s) END AS is_wrong,
                  format('%%s, next look %%s', subject, coalesce(next_at::text, 'never')) AS example
           FROM waits WHERE ended_at IS NULL""",
        {"late": late_s},
    )


async def unowed(tx: Tx, *, since: int, quiet_for_s: float) -> Tally:
    """Open conversations whose client has no answer, for which nobody is waited for."""
    return await tally(
        tx,
        """WITH asked AS (
               SELECT m.conversation_id, max(m.sent_at) AS at
               FROM events AS e JOIN messages AS m ON m.id = (e.payload->>'message_id')::uuid
               WHERE e.kind = 'umnico.message.incoming' AND NOT (e.payload->>'is_edit')::boolean AND e.id >= %(since)s
                 AND e.received_at <= now() - make_interval(secs => %(quiet)s)
                 AND m.direction = 'incoming' AND m.sent_at > now() - make_interval(days => %(days)s)
               GROUP BY 1),
           answered AS (
               SELECT conversation_id, max(sent_at) AS at FROM messages
               WHERE direction = 'outgoing' AND delivery = 'sent' GROUP BY 1),
           closed AS (SELECT subject, max(ended_at) AS at FROM waits WHERE ended_why = %(closed)s GROUP BY 1)
           SELECT asked.at >= coalesce(answered.at, '-infinity') AND asked.at > coalesce(closed.at, '-infinity')
                      AND wait.id IS NULL AS is_wrong,
                  format('conversation %%s, asked at %%s', c.id, asked.at) AS example
           FROM conversations AS c JOIN asked ON asked.conversation_id = c.id
           LEFT JOIN answered ON answered.conversation_id = c.id
           LEFT JOIN closed ON closed.subject = 'conversation:' || c.id
           LEFT JOIN waits AS wait ON wait.subject = 'conversation:' || c.id AND wait.ended_at IS NULL
           WHERE c.state = 'open'""",
        {"since": since, "quiet": quiet_for_s, "days": CHASED_DAYS, "closed": CLOSED},
    )


async def consents(tx: Tx) -> list[dict[str, Any]]:
    """Every command that anybody was asked about, as it stands now, with the states and hashes of its approvals."""
    return await tx.rows(
        """SELECT c.id, c.kind, c.payload, c.destination, c.state,
                  array_agg(a.state ORDER BY a.asked_at) AS approvals,
                  coalesce(array_agg(a.arguments_hash) FILTER (WHERE a.state = 'consumed'), '{}') AS consumed
           FROM commands AS c JOIN approvals AS a ON a.command_id = c.id GROUP BY c.id ORDER BY c.id"""
    )


async def offers_without_consent(tx: Tx) -> Tally:
    """What promises something to a client goes out only behind an approval of its own."""
    return await tally(
        tx,
        """SELECT c.state <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM approvals WHERE command_id = c.id) AS is_wrong,
                  format('command %%s', c.id) AS example
           FROM commands AS c JOIN messages AS m ON m.id = (c.payload->>'message_id')::uuid
           WHERE c.kind = 'umnico.send' AND m.needs_approval""",
    )


async def told_messages(tx: Tx) -> list[dict[str, Any]]:
    """Every message of a conversation as a client's screen may be compared with it."""
    return await tx.rows(
        """SELECT m.id, m.umnico_id, m.direction, m.author, m.delivery, m.original, m.translation_state, m.sending,
                  coalesce(m.translation, nullif(m.original, ''), m.transcript, '') AS client_words, c.lead_id
           FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id"""
    )


async def sendings(tx: Tx) -> list[dict[str, Any]]:
    """Orders to send to a client, in their order.

    ``is_apart``: a person held it up or ordered it anew, so it may come after younger ones.
    """
    return await tx.rows(
        """SELECT c.id, c.destination, c.state, (c.payload->>'message_id')::uuid AS message_id,
                  (c.payload->>'attempt')::int AS attempt,
                  EXISTS (SELECT 1 FROM approvals AS a WHERE a.command_id = c.id)
                  OR EXISTS (SELECT 1 FROM audit WHERE audit.subject = 'command:' || c.id) AS is_apart
           FROM commands AS c WHERE c.kind = 'umnico.send' ORDER BY c.id"""
    )
