"""The one visible table from an event's kind to the agents that work on it. Pure: every process gives the same plan."""

from core.plans import NOBODY, Plan

_CARS = Plan.of("car_topics")

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
    "booking.created": _CARS,
    "booking.issued": _CARS,
    "booking.returned": _CARS,
    "booking.updated": _CARS,
    "booking.cancelled": _CARS,
    "client.updated": NOBODY,
    # people, chats, media
    "access.requested": Plan.of("access"),
    "access.decided": Plan.of("access"),
    "role.decided": Plan.of("access"),
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
