"""What the oracle asks about inspections: whose photos, forms and findings are in nobody's hands, who decided what."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.inspection.chain import Link
from core.roles import Role
from db.queries.oracle import Tally, tally
from db.session import Tx

_SEEN = "run.state NOT IN ('done', 'failed')"
"""Work that goes on, or has stopped where everybody sees it."""
_RANKS = f"ARRAY[{', '.join(f'{str(role)!r}' for role in Role)}]"
_SINCE = "coalesce((SELECT received_at FROM events WHERE id = %(since)s), '-infinity')"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The photos of an inspection, and the end of their chain as the inspection keeps it."""

    number: int
    end: str | None
    photos: Sequence[Link]


async def photos_lost(tx: Tx, *, since: int) -> Tally:
    """Photos that were given to an inspection and whose run is over, though no row tells of them."""
    return await tally(
        tx,
        """SELECT run.state IN ('done', 'failed') AND f.id IS NULL AS is_wrong,
                  format('event %%s of inspection %%s', e.id, i.number) AS example
           FROM events AS e
           JOIN inspections AS i ON i.id = (e.payload ->> 'inspection_id')::uuid
           JOIN runs AS run ON run.event_id = e.id AND run.agent = 'inspections'
           LEFT JOIN inspection_photos AS f ON f.inspection_id = i.id
                AND f.chat_id = (e.payload ->> 'chat_id')::bigint
                AND f.message_id = (e.payload ->> 'message_id')::bigint
                AND f.sha256 = right(e.payload -> 'file' ->> 'storage_key', 64)
           WHERE e.kind = 'inspection.photo_given' AND e.id >= %(since)s
             AND e.payload -> 'file' ->> 'storage_key' IS NOT NULL""",
        {"since": since},
    )


async def unexamined(tx: Tx) -> Tally:
    """Forms that were handed in and that nothing will examine any more."""
    return await tally(
        tx,
        f"""SELECT NOT EXISTS (
                       SELECT FROM runs AS run JOIN events AS e ON e.id = run.event_id
                       WHERE run.agent = 'damage' AND run.subject = 'inspection:' || i.id
                         AND e.kind = 'inspection.submitted' AND {_SEEN}) AS is_wrong,
                   format('inspection %%s', i.number) AS example
            FROM inspections AS i WHERE i.state = 'submitted'""",  # noqa: S608 - constants
    )


async def unowed_findings(tx: Tx) -> Tally:
    """Examined cars with findings about which nobody has decided, though nobody is waited for."""
    return await tally(
        tx,
        f"""SELECT NOT EXISTS (SELECT FROM waits WHERE subject = 'inspection:' || i.id AND ended_at IS NULL)
                   AND NOT EXISTS (SELECT FROM runs AS run WHERE run.agent = 'escalation'
                                   AND run.subject = 'inspection:' || i.id AND {_SEEN}) AS is_wrong,
                   format('inspection %%s', i.number) AS example
            FROM inspections AS i
            WHERE i.state = 'examined' AND EXISTS (
                SELECT FROM findings WHERE inspection_id = i.id AND state IN ('proposed', 'need_photo'))""",  # noqa: S608 - constants
    )


async def doubled_forms(tx: Tx) -> Tally:
    """People with two forms in hand, and cars with two in work for one occasion."""
    return await tally(
        tx,
        """SELECT count(*) > 1 AS is_wrong, format('person %%s', person_id) AS example
           FROM inspections WHERE state = 'open' GROUP BY person_id
           UNION ALL
           SELECT count(*) > 1, format('%%s of car %%s', occasion, car_id)
           FROM inspections WHERE state IN ('open', 'paused') GROUP BY car_id, occasion""",
    )


async def undecided_findings(tx: Tx) -> Tally:
    """Findings that are settled without the word of a person who might say it, as the audit tells it.

    What the machine recognised as known is nobody's word, and needs none.
    """
    return await tally(
        tx,
        f"""SELECT NOT EXISTS (
                       SELECT FROM audit AS a
                       WHERE a.subject = 'inspection:' || n.inspection_id AND a.action = 'finding.' || n.state
                         AND a.actor = 'staff:' || n.decided_by AND a.details ->> 'finding' = n.id::text
                         AND array_position({_RANKS}, a.details ->> 'role')
                             >= array_position({_RANKS}, a.details ->> 'needs')) AS is_wrong,
                   format('finding %%s of inspection %%s is %%s', n.ordinal, i.number, n.state) AS example
            FROM findings AS n JOIN inspections AS i ON i.id = n.inspection_id
            WHERE n.state IN ('new', 'not_damage') OR n.state = 'known' AND n.decided_by IS NOT NULL""",  # noqa: S608 - constants
    )


async def nameless_damages(tx: Tx) -> Tally:
    """Damages of cars that no finding leads to, or that nobody confirmed by a decision of the audit."""
    return await tally(
        tx,
        """SELECT NOT EXISTS (SELECT FROM findings AS n WHERE n.damage_id = d.id AND n.state IN ('new', 'known'))
                  OR NOT EXISTS (
                      SELECT FROM audit AS a
                      WHERE a.subject = 'inspection:' || d.first_inspection_id
                        AND a.action IN ('finding.new', 'finding.known') AND a.actor = 'staff:' || d.confirmed_by
                  ) AS is_wrong,
                  format('%%s of %%s, car %%s', d.kind, d.part, d.car_id) AS example
           FROM damages AS d""",
    )


async def nameless_reviews(tx: Tx) -> Tally:
    """Inspections that count as reviewed, though nobody put their name to it or something is not decided."""
    return await tally(
        tx,
        """SELECT NOT EXISTS (
                      SELECT FROM audit AS a
                      WHERE a.subject = 'inspection:' || i.id AND a.action = 'inspection.reviewed'
                        AND a.actor = 'staff:' || i.reviewed_by)
                  OR EXISTS (SELECT FROM findings AS n
                             WHERE n.inspection_id = i.id AND n.state IN ('proposed', 'need_photo')) AS is_wrong,
                  format('inspection %%s', i.number) AS example
           FROM inspections AS i WHERE i.state = 'reviewed'""",
    )


async def groundless_reports(tx: Tx) -> Tally:
    """Reports that name no stored file, or an end that the chain of their inspection never had."""
    return await tally(
        tx,
        """SELECT r.html_key !~ '^sha256/' OR coalesce(r.pdf_key !~ '^sha256/', false)
                  OR (r.chain_hash IS NOT NULL AND NOT EXISTS (
                      SELECT FROM inspection_photos AS f
                      WHERE f.inspection_id = r.inspection_id AND f.chain_hash = r.chain_hash)) AS is_wrong,
                  format('report of inspection %%s in %%s', i.number, r.language) AS example
           FROM reports AS r JOIN inspections AS i ON i.id = r.inspection_id""",
    )


async def chains(tx: Tx, *, since: int) -> list[Evidence]:
    """Of every inspection on which somebody worked since that event."""
    found = await tx.rows(
        f"SELECT id, number, chain_hash FROM inspections WHERE touched_at >= {_SINCE}",  # noqa: S608 - constants
        {"since": since},
    )
    photos = await tx.rows(
        """SELECT inspection_id, ordinal, sha256, taken_at, received_at, person_id, chat_id, message_id, chain_hash
           FROM inspection_photos WHERE inspection_id = ANY(%s)""",
        ([row["id"] for row in found],),
    )
    links: Mapping[UUID, list[Link]] = defaultdict(list)
    for row in photos:
        links[row["inspection_id"]].append(Link(**row))
    return [Evidence(row["number"], row["chain_hash"], links[row["id"]]) for row in found]
