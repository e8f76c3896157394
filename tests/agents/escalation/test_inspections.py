"""An inspection that is missing, and findings that nobody decides about, climb like everything that is owed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from core.commands import SendMessage
from core.events import (
    FindingAdded,
    InspectionExamined,
    InspectionNoLongerMissing,
    InspectionOverdue,
    InspectionReviewed,
)
from core.ids import new_id, rentprog_id
from core.inspection.damage import DamageKind, Part, Severity
from core.inspection.views import Occasion
from db.queries import operations
from tests.agents.escalation.conftest import Waiting, local

CAR = rentprog_id("car", 1)
BOOKING = rentprog_id("booking", 1)
SUBJECT = operations.subject_of(BOOKING, Occasion.HAND_OVER)
PLANNED = local("20 12:00")


@pytest.fixture(autouse=True)
async def booked(waiting: Waiting) -> None:
    await waiting.company.sql(
        """INSERT INTO cars (id, rentprog_id, branch, company_id, updated_by, plate)
           VALUES (%s, 1, 'north', 1, 'fetch', 'AA-001-AA')""",
        CAR,
    )
    await waiting.company.sql(
        """INSERT INTO bookings (id, rentprog_id, number, branch, car_id, updated_by, state, start_at, end_at,
                                 responsible_rentprog_id, created_at)
           VALUES (%s, 1, 1, 'north', %s, 'fetch', 'confirmed', %s, %s, 5, %s)""",
        BOOKING,
        CAR,
        PLANNED,
        local("23 12:00"),
        local("19 12:00"),
    )
    await waiting.company.sql(
        "INSERT INTO rentprog_staff (branch, rentprog_id, name, person_id) VALUES ('north', 5, 'Anna', %s)",
        waiting.people["anna"],
    )


async def overdue(waiting: Waiting) -> None:
    body = InspectionOverdue(booking_id=BOOKING, car_id=CAR, occasion=Occasion.HAND_OVER, planned_at=PLANNED)
    await waiting.happen(body, SUBJECT)


async def inspection(waiting: Waiting, state: str, *, at: datetime = PLANNED, worst: int | None = None) -> UUID:
    made = new_id()
    await waiting.company.sql(
        """INSERT INTO inspections (id, car_id, booking_id, branch, occasion, state, person_id, opened_by, steps,
                                    submitted_at, examined_at, worst)
           VALUES (%s, %s, %s, 'north', 'hand_over', %s, %s, %s, '["front"]', %s, %s, %s)""",
        made,
        CAR,
        BOOKING,
        state,
        waiting.people["anna"],
        waiting.people["anna"],
        at,
        at,
        worst,
    )
    return made


async def finding(waiting: Waiting, inspection_id: UUID, *, at: datetime = PLANNED) -> None:
    await waiting.company.sql(
        """INSERT INTO findings (id, inspection_id, ordinal, source, kind, part, severity, state, created_at)
           VALUES (%s, %s, 1, 'model', 'dent', 'hood', 2, 'proposed', %s)""",
        new_id(),
        inspection_id,
        at,
    )


def said(waiting: Waiting) -> list[tuple[int, dict[str, Any]]]:
    bodies = [order.body for outcome in waiting.said for order in outcome.commands]
    return [(body.chat_id, dict(body.text.args)) for body in bodies if isinstance(body, SendMessage)]


async def ended(waiting: Waiting) -> list[str]:
    return [row["ended_why"] for row in await waiting.company.sql("SELECT ended_why FROM waits ORDER BY ended_at")]


async def test_a_missing_inspection_is_asked_of_the_responsible_then_of_the_heads(waiting: Waiting):
    await overdue(waiting)
    await waiting.after(15)
    assert waiting.told() == ["wait-remind"]
    [(chat, args)] = said(waiting)
    assert (chat, args["kind"], args["name"]) == (11, "inspection_hand_over", "AA-001-AA")
    await waiting.after(15)
    assert [chat for chat, _ in said(waiting)[1:]] == [13, 11]
    await waiting.after(90)
    assert said(waiting)[-2][0] == 16


async def test_whoever_is_asked_can_begin_at_once(waiting: Waiting):
    await overdue(waiting)
    await waiting.after(15)
    [order] = waiting.said[-1].commands
    assert isinstance(order.body, SendMessage)
    [[button]] = order.body.buttons
    assert (button.event_kind, button.event["booking_id"]) == ("inspection.wanted", str(BOOKING))


async def test_an_inspection_that_was_made_ends_the_asking(waiting: Waiting):
    await overdue(waiting)
    await waiting.after(15)
    await inspection(waiting, "submitted")
    body = InspectionNoLongerMissing(booking_id=BOOKING, occasion=Occasion.HAND_OVER, why="inspected")
    await waiting.happen(body, SUBJECT)
    assert await ended(waiting) == ["inspected"]
    await waiting.after(600)
    assert waiting.told() == ["wait-remind"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("state = 'cancelled'", "cancelled"),
        ("deleted_at = now()", "cancelled"),
        ("technical = true", "cancelled"),
        ("start_at = start_at + interval '1 day'", "moved"),
    ],
)
async def test_a_booking_that_changed_is_seen_before_anybody_is_asked(waiting: Waiting, change: str, why: str):
    await overdue(waiting)
    await waiting.company.sql(f"UPDATE bookings SET {change}")
    await waiting.after(15)
    assert waiting.told() == []
    assert await ended(waiting) == [why]


async def test_a_look_that_nobody_took_for_days_is_let_go(waiting: Waiting):
    await overdue(waiting)
    await waiting.company.sql("UPDATE waits SET next_at = %s", local("24 12:00"))
    await waiting.at("24 12:00")
    assert await ended(waiting) == ["forgotten"]


async def examine(waiting: Waiting, inspection_id: UUID) -> None:
    await waiting.happen(InspectionExamined(inspection_id=inspection_id, proposed=1), f"inspection:{inspection_id}")


@pytest.mark.parametrize(("worst", "first", "later", "second"), [(2, 13, 45, 15), (3, 15, 105, 16)])
async def test_findings_are_asked_of_whoever_may_confirm_them_and_climb(
    waiting: Waiting, worst: int, first: int, later: int, second: int
):
    found = await inspection(waiting, "examined", worst=worst)
    await finding(waiting, found)
    await examine(waiting, found)
    await waiting.after(15)
    assert [chat for chat, _ in said(waiting)] == [first]
    await waiting.after(later)
    assert [chat for chat, _ in said(waiting)] == [first, second, first]


async def test_an_inspection_without_findings_waits_for_nobody(waiting: Waiting):
    found = await inspection(waiting, "examined")
    await examine(waiting, found)
    assert await waiting.company.sql("SELECT 1 FROM waits") == []


async def test_what_a_person_adds_to_a_car_without_findings_is_asked_about_from_then_on(waiting: Waiting):
    found = await inspection(waiting, "examined", worst=2)
    await examine(waiting, found)
    await waiting.after(180)
    await finding(waiting, found, at=waiting.clock.now())
    added = FindingAdded(
        inspection_id=found, photo_id=None, damage_kind=DamageKind.DENT, part=Part.HOOD, severity=Severity.LIGHT
    )
    await waiting.happen(added, f"inspection:{found}")
    assert waiting.told() == []
    await waiting.after(15)
    assert [chat for chat, _ in said(waiting)] == [13]


async def test_a_review_ends_the_asking(waiting: Waiting):
    found = await inspection(waiting, "examined", worst=1)
    await finding(waiting, found)
    await examine(waiting, found)
    await waiting.company.sql("UPDATE inspections SET state = 'reviewed'")
    await waiting.happen(InspectionReviewed(inspection_id=found), f"inspection:{found}")
    assert await ended(waiting) == ["reviewed"]
