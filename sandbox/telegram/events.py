"""What happens, told to the open chat pages as it happens."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

Event = dict[str, Any]

# A page that does not read for this long in events is cut off and opens the stream again.
BACKLOG = 2_000


class Subscriber:
    """One open page: the events that it has not read yet."""

    def __init__(self, wants: Callable[[Event], bool]) -> None:
        self.wants = wants
        self._waiting: asyncio.Queue[Event | None] = asyncio.Queue(BACKLOG)
        self._is_cut_off = False

    def offer(self, event: Event) -> None:
        if self._is_cut_off or not self.wants(event):
            return
        try:
            self._waiting.put_nowait(event)
        except asyncio.QueueFull:
            self._is_cut_off = True

    def end(self) -> None:
        """Let the reader out after what it already has."""
        self._is_cut_off = True
        if self._waiting.empty():
            self._waiting.put_nowait(None)

    async def events(self, heartbeat_s: float) -> AsyncIterator[Event | None]:
        """Events in order; None when nothing has happened for the length of a heartbeat."""
        while not (self._is_cut_off and self._waiting.empty()):
            try:
                event = await asyncio.wait_for(self._waiting.get(), heartbeat_s)
            except TimeoutError:
                yield None
                continue
            if event is None:
                return
            yield event


class EventHub:
    """Hands each event to every page that wants it."""

    def __init__(self) -> None:
        self._subscribers: set[Subscriber] = set()
        self._is_closed = False

    @property
    def has_listeners(self) -> bool:
        return bool(self._subscribers)

    def publish(self, event: Event) -> None:
        for subscriber in tuple(self._subscribers):
            subscriber.offer(event)

    @contextmanager
    def subscribe(self, wants: Callable[[Event], bool]) -> Iterator[Subscriber]:
        subscriber = Subscriber(wants)
        if self._is_closed:
            subscriber.end()
        self._subscribers.add(subscriber)
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        self._is_closed = True
        for subscriber in self._subscribers:
            subscriber.end()
