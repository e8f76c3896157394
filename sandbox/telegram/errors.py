"""The refusals of the Bot API, worded as the real server words them."""

from typing import Any


class ApiError(Exception):
    """An answer with `ok: false`; the status of the HTTP answer is the code."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def envelope(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(text: str, **parameters: Any) -> ApiError:
    return ApiError(400, f"Bad Request: {text}", **parameters)


def unauthorized(text: str = "") -> ApiError:
    return ApiError(401, f"Unauthorized: {text}" if text else "Unauthorized")


def forbidden(text: str) -> ApiError:
    return ApiError(403, f"Forbidden: {text}")


def method_not_found() -> ApiError:
    return ApiError(404, "Not Found: method not found")


def conflict(text: str) -> ApiError:
    return ApiError(409, f"Conflict: {text}")


def entity_too_large() -> ApiError:
    return ApiError(413, "Request Entity Too Large")


def too_many_requests(retry_after: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def migrated(chat_id: int) -> ApiError:
    return bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat_id)


NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"

_WORDS_BY_STATUS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


def ordered(code: int, description: str, retry_after: int | None) -> ApiError:
    """The error that a fault asks for; without a text it gets the usual one of its code."""
    if code == 429:
        error = too_many_requests(retry_after or 1)
        return ApiError(429, description or error.description, **error.parameters)
    text = description or _WORDS_BY_STATUS.get(code, "Internal Server Error")
    return ApiError(code, text, **({} if retry_after is None else {"retry_after": retry_after}))
