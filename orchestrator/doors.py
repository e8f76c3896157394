"""Guards of the outer doors: a byte limit while the body streams in, a deadline, and a rate per address."""

import asyncio
import time
from collections import OrderedDict

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

MAX_ADDRESSES = 10_000
"""Addresses remembered by the rate gate; the longest silent one is forgotten first."""


class BodyRefused(Exception):  # noqa: N818 - an answer to the sender, not a fault of ours
    """The body is not taken; ``response`` says why."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


async def read_body(request: Request, *, limit: int, deadline_s: float) -> bytes:
    """The whole body, or ``BodyRefused``: 413 as soon as the limit is passed, 408 when it comes too slowly.

    A client that leaves in the middle is answered 400, which nobody hears, and is no error of ours.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise BodyRefused(_too_large())
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(deadline_s):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise BodyRefused(_too_large())
                chunks.append(chunk)
    except TimeoutError:
        late = JSONResponse({"detail": "the body came too slowly"}, status_code=408, headers={"Connection": "close"})
        raise BodyRefused(late) from None
    except ClientDisconnect:
        raise BodyRefused(JSONResponse({"detail": "half a body"}, status_code=400)) from None
    return b"".join(chunks)


def _too_large() -> Response:
    return JSONResponse({"detail": "the body is too large"}, status_code=413, headers={"Connection": "close"})


class RateGate:
    """At most ``per_second`` requests of one address in any second that begins with its first request."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._seconds: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def admits(self, address: str, now: float | None = None) -> bool:
        moment = time.monotonic() if now is None else now
        began, count = self._seconds.pop(address, (moment, 0))
        if moment - began >= 1.0:
            began, count = moment, 0
        self._seconds[address] = (began, count + 1)
        if len(self._seconds) > MAX_ADDRESSES:
            self._seconds.popitem(last=False)
        return count < self._per_second
