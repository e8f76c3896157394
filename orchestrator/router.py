"""The one visible table from an event's kind to the agents that work on it. Pure: every process gives the same plan."""

from core.plans import NOBODY, Plan

_CARS = Plan.of("car_topics")
_BOOKINGS = Plan.of(("car_topics", "client_topics"))

PLANS: dict[str, Plan] = {
    # RentProg and the reconcile
    "rentprog.delivered": Plan.of("rental_sync"),
    "rentprog.refresh_wanted": Plan.of("rental_sync"),
    "sync.due": Plan.of("rental_sync"),
    "sync.page_wanted": Plan.of("rental_sync"),
    "sync.finished": _CARS,
    # the fleet
    "car.added": _CARS,
    "car.moved": _CARS,
    "car.updated": _CARS,
    "car.removed": _CARS,
    "booking.created": _BOOKINGS,
    "booking.issued": _BOOKINGS,
    "booking.returned": _BOOKINGS,
    "booking.updated": _BOOKINGS,
    "booking.cancelled": _BOOKINGS,
    "client.updated": Plan.of("client_topics"),
    # clients
    "umnico.delivered": Plan.of("inbox"),
    "inbox.due": Plan.of("inbox"),
    "lead.behind": Plan.of("inbox"),
    "umnico.message.incoming": Plan.of(("transcriber", "escalation"), "translator", "client_topics", "reply_drafter"),
    "message.translated": Plan.of("client_topics", "reply_drafter"),
    "operator.wrote": Plan.of("translator", ("client_topics", "escalation")),
    "umnico.message.sent": Plan.of(("client_topics", "escalation")),
    "umnico.message.not_sent": Plan.of("client_topics"),
    # staff who answer them
    "conversation.answered": Plan.of("client_topics", "transcriber", "translator"),
    "conversation.moved": Plan.of("client_topics"),
    "conversation.steered": Plan.of(("client_topics", "escalation")),
    "message.confirmed": Plan.of("client_topics"),
    "message.retried": Plan.of("client_topics"),
    "draft.decided": Plan.of("reply_drafter"),
    "translations.due": Plan.of("translator"),
    "translation.wanted": Plan.of("transcriber", "translator"),
    "group.bound": Plan.of("client_topics", "tasks"),
    # words of staff, tasks, and whoever owes an answer
    "telegram.message.employee": Plan.of("transcriber", "triage"),
    "task.wanted": Plan.of("tasks"),
    "task.created": Plan.of(("tasks", "escalation")),
    "task.updated": Plan.of(("tasks", "escalation")),
    "task.status.changed": Plan.of(("tasks", "escalation")),
    "task.steered": Plan.of("tasks"),
    "task.reminder": Plan.of("tasks"),
    "check.tasks": Plan.of("tasks"),
    "check.unanswered": Plan.of("escalation"),
    "wait.ran_out": Plan.of("escalation"),
    "approval.asked": Plan.of(("approvals", "escalation")),
    "approval.decided": Plan.of("approvals"),
    "approval.ended": Plan.of("escalation"),
    "check.approvals": Plan.of("approvals"),
    # inspections
    "booking.issue.planned": Plan.of("inspections"),
    "booking.return.planned": Plan.of("inspections"),
    "check.inspections": Plan.of("inspections"),
    "inspection.overdue": Plan.of("escalation"),
    "inspection.settled": Plan.of("escalation"),
    "inspection.wanted": Plan.of("inspections"),
    "inspection.steered": Plan.of("inspections"),
    "inspection.answered": Plan.of("inspections"),
    "inspection.photo_given": Plan.of("inspections"),
    "body.photographed": Plan.of(("damage", "wash")),
    "dashboard.photographed": Plan.of("dashboard"),
    "trunk.photographed": Plan.of("trunk_kit"),
    "document.photographed": Plan.of("documents"),
    "fluids.photographed": Plan.of("fluids"),
    "reading.taken": Plan.of("inspections"),
    "inspection.submitted": Plan.of(("damage", "dashboard", "trunk_kit", "fluids")),
    "inspection.examined": Plan.of(("evidence", "escalation")),
    "finding.decided": Plan.of("damage"),
    "finding.added": Plan.of("damage", "escalation"),
    "inspection.review_finished": Plan.of("damage"),
    "inspection.reviewed": Plan.of(("evidence", "escalation")),
    "hold.decided": Plan.of("damage"),
    "mileage.decided": Plan.of("dashboard"),
    "report.wanted": Plan.of("evidence"),
    "report.made": Plan.of("evidence"),
    # people, chats, media
    "access.requested": Plan.of("access"),
    "access.decided": Plan.of("access"),
    "role.decided": Plan.of("access"),
    "staff.linked": Plan.of("access"),
    "forum.bound": _CARS,
    "chat.changed": _CARS,
    "media.posted": Plan.of("media_keeper"),
    "media.stored": Plan.of("media_keeper"),
    # what people must see
    "check.health": Plan.of(("watchman", "alarms")),
    "webhook.quarantined": Plan.of("alarms"),
    "alarm.raised": Plan.of("alarms"),
    "alarm.cleared": Plan.of("alarms"),
}


def route(kind: str) -> Plan:
    """The plan of an event. A kind that is not in the table is kept as history; the test of the table forbids gaps."""
    return PLANS.get(kind, NOBODY)
