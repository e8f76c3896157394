"""Refusals in the envelopes of both providers, and the translation of pydantic's findings into their words."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sandbox.llm.asked import Json

Wire = TypeVar("Wire", bound=BaseModel)


class Refused(Exception):  # noqa: N818 - an answer of the twin, not a failure of it
    """The provider answers with this status instead of an answer; ``param`` and ``code`` are OpenAI's."""

    def __init__(
        self,
        text: str,
        *,
        status: int = 400,
        kind: str | None = None,
        param: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.kind = kind
        self.param = param
        self.code = code


_OPENAI_KINDS = {401: "invalid_request_error", 403: "invalid_request_error", 404: "invalid_request_error"}
_OPENAI_CODES = {429: "rate_limit_exceeded"}
_ANTHROPIC_KINDS = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error",
    404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error", 504: "timeout_error",
    529: "overloaded_error",
}  # fmt: skip

# Roles, kinds of parts and of formats: the tags of unions in the wire types.
_ALTERNATIVES = {
    "system", "developer", "user", "assistant", "tool", "message", "function_call", "function_call_output", "reasoning",
    "text", "image_url", "input_audio", "file", "refusal", "input_text", "output_text", "input_image", "input_file",
    "image", "document", "tool_use", "tool_result", "thinking", "redacted_thinking", "json_object", "json_schema",
}  # fmt: skip


def openai_envelope(refusal: Refused) -> Json:
    if refusal.status == 429:
        kind = "requests"
    elif refusal.status >= 500:
        kind = "server_error"
    else:
        kind = _OPENAI_KINDS.get(refusal.status, "invalid_request_error")
    return {
        "error": {
            "message": str(refusal),
            "type": refusal.kind or kind,
            "param": refusal.param,
            "code": refusal.code or _OPENAI_CODES.get(refusal.status),
        }
    }


def anthropic_envelope(refusal: Refused) -> Json:
    kind = refusal.kind or _ANTHROPIC_KINDS.get(refusal.status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": str(refusal)}, "request_id": f"req_{uuid4().hex[:24]}"}


def checked(wire: type[Wire], body: Json, explain: Callable[[ErrorDetails], Refused]) -> Wire:
    """The body as its wire type; the first finding becomes the provider's refusal."""
    try:
        return wire.model_validate(body)
    except ValidationError as error:
        raise explain(error.errors()[0]) from None


def openai_explains(finding: ErrorDetails) -> Refused:
    param = _openai_path(finding["loc"])
    match finding["type"]:
        case "missing":
            return Refused(f"Missing required parameter: '{param}'.", param=param, code="missing_required_parameter")
        case "extra_forbidden":
            return Refused(f"Unknown parameter: '{param}'.", param=param, code="unknown_parameter")
        case "too_short":
            text = f"Invalid '{param}': empty array. Expected an array with at least one element."
            return Refused(text, param=param, code="empty_array")
        case "union_tag_not_found":
            missing = f"{param}.{_discriminator(finding)}"
            return Refused(
                f"Missing required parameter: '{missing}'.", param=missing, code="missing_required_parameter"
            )
        case kind if kind.endswith("_type"):
            text = f"Invalid type for '{param}': {finding['msg']}, but got {_json_type(finding['input'])} instead."
            return Refused(text, param=param, code="invalid_type")
        case _:
            return Refused(f"Invalid value for '{param}': {finding['msg']}.", param=param, code="invalid_value")


def anthropic_explains(finding: ErrorDetails) -> Refused:
    return Refused(f"{'.'.join(str(step) for step in _steps(finding['loc']))}: {finding['msg']}")


def _openai_path(loc: tuple[int | str, ...]) -> str:
    path = ""
    for step in _steps(loc):
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def _steps(loc: tuple[int | str, ...]) -> list[int | str]:
    """The way to a finding without the names of alternatives, which pydantic adds and the providers do not."""
    return [
        step for at, step in enumerate(loc) if not (at and isinstance(step, str) and _is_alternative(loc, at, step))
    ]


def _is_alternative(loc: tuple[int | str, ...], at: int, step: str) -> bool:
    if "[" in step:
        return True
    before, is_last = loc[at - 1], at + 1 == len(loc)
    return (
        not is_last and step in _ALTERNATIVES and (isinstance(before, int) or before in {"response_format", "format"})
    )


def _discriminator(finding: ErrorDetails) -> str:
    return str(finding.get("ctx", {}).get("discriminator", "type")).strip("'")


def _json_type(told: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", int: "an integer"}
    return "null" if told is None else names.get(type(told), "a decimal")
