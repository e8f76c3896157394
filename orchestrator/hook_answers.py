"""What a webhook's sender hears: taken after the commit, come again later, or refused; each counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi.responses import JSONResponse, Response

from core.errors import Temporary
from core.log import get_logger
from orchestrator.failpoints import failpoint
from orchestrator.inbox import Arrival, Inbox

log = get_logger(__name__)

NOT_FOUND = {"detail": "Not Found"}
KEPT_HEADERS = ("content-type", "user-agent", "content-length")
"""Headers stored beside a raw body: none of them can carry a secret."""
DETAIL_LIMIT = 200
_TAKEN = b'{"ok":true}'


@dataclass(frozen=True, slots=True)
class HookAnswers:
    counts: Counter[str]

    async def store(self, inbox: Inbox, arrival: Arrival) -> Response:
        """200 when it is committed, also for a repeat; 503 with ``Retry-After`` when it cannot be stored now."""
        try:
            failpoint("ingress.after_body")
            is_new = await inbox.accept(arrival)
        except Temporary as error:
            log.warning("webhook not stored", error=error)
            wait = str(max(1, round(error.retry_after or 5)))
            return self.refuse(503, "not_stored", {"detail": "try again later"}, {"Retry-After": wait})
        self.counts["accepted" if is_new else "repeat"] += 1
        return Response(_TAKEN, media_type="application/json")

    def not_found(self) -> Response:
        return self.refuse(404, "not_found", NOT_FOUND)

    def too_many(self) -> Response:
        return self.refuse(429, "too_many", {"detail": "too many requests"}, {"Retry-After": "1"})

    def wrong_method(self) -> Response:
        """Only POST opens a door; the answer is the same for every address and secret."""
        return self.refuse(405, "wrong_method", {"detail": "Method Not Allowed"}, {"Allow": "POST"})

    def refuse(
        self, status: int, name: str, content: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Response:
        self.counts[name] += 1
        return JSONResponse(content, status_code=status, headers=headers)


def kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in KEPT_HEADERS if name in headers}
