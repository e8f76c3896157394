"""Handlers by what people want; asked from top to bottom, the first that fits answers."""

from aiogram import Router

from bot.handlers import (
    bind,
    cars,
    client_topics,
    conversations,
    day,
    escalation,
    form,
    forums,
    free,
    inspections,
    link,
    media,
    mileage,
    people,
    presses,
    rest,
    staff_words,
    start,
    tasks,
)


def routers() -> tuple[Router, ...]:
    """Made anew for every dispatcher: aiogram ties a router to one."""
    return (
        forums.router(),
        start.strangers(),
        presses.router(),
        start.router(),
        bind.router(),
        conversations.router(),
        cars.router(),
        inspections.router(),
        day.router(),
        free.router(),
        tasks.router(),
        escalation.router(),
        people.router(),
        link.router(),
        mileage.router(),
        form.router(),
        client_topics.router(),
        client_topics.nameless(),
        staff_words.router(),
        media.router(),
        rest.router(),
    )
