"""A request against the schema: unknown, missing, mistyped and out-of-range parameters are refused."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.errors import ApiError, bad_request, method_not_found
from sandbox.telegram.schema import METHODS, TYPES, Field, Record, Union, Unit, record

INTEGER_MAX = 2**63 - 1
INTEGER = re.compile(r"-?[0-9]{1,19}")

# Where the server has its own words for a missing parameter or a length out of range.
MISSING = {"chat_id": "chat_id is empty", "text": "message text is empty", "from_chat_id": "chat_id is empty"}
TOO_LONG = {
    ("answerCallbackQuery", "text"): "MESSAGE_TOO_LONG",
    ("InlineKeyboardButton", "callback_data"): "BUTTON_DATA_INVALID",
    ("sendMediaGroup", "media"): "must include 2-10 items in the album",
}
# An empty address takes the webhook away.
MAY_BE_EMPTY = {"url"}
# The server cuts a long topic name instead of refusing it.
CUT = {"createForumTopic", "editForumTopic", "editGeneralForumTopic"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in the request itself."""

    file_name: str
    mime_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """A call as it came: text or JSON values by name, and the uploaded parts by name."""

    method: str
    values: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)


def validate(request: Request) -> dict[str, Any]:
    """The parameters as Python values of their types; anything that the schema does not allow raises ApiError."""
    described = METHODS.get(request.method)
    if described is None:
        raise method_not_found()
    values = _with_uploads(described, request)
    for name in values:
        if name not in described.fields:
            raise bad_request(f'unknown parameter "{name}" of {described.name}')
    for name in described.required:
        if values.get(name) is None or (values[name] == "" and name not in MAY_BE_EMPTY):
            raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))
    return {
        name: _parameter(described, described.fields[name], value)
        for name, value in values.items()
        if value is not None
    }


def _with_uploads(described: Record, request: Request) -> dict[str, Any]:
    """A file sent under the parameter's own name counts as attached under that name."""
    direct = {name: f"attach://{name}" for name in request.uploads if name in described.fields}
    return {**request.values, **direct}


def _parameter(owner: Record, described: Field, raw: Any) -> Any:
    value = _from_text(described, raw) if isinstance(raw, str) else raw
    return _checked(owner, described, value)


def _from_text(described: Field, text: str) -> Any:
    """Form fields are text; what is not a string by its type is JSON inside it."""
    for one in described.types:
        if one == "Integer" and INTEGER.fullmatch(text):
            return int(text)
        if one == "Boolean":
            return _boolean(text)
        if one == "Float":
            return _float(described, text)
    if any(one in {"String", "InputFile"} for one in described.types):
        return text
    if described.types == ("Integer",):
        raise bad_request(f'invalid value of parameter "{described.name}"')
    try:
        return json.loads(text)
    except ValueError as error:
        raise bad_request(f"can't parse {described.name} JSON object") from error


def _boolean(text: str) -> bool:
    return text.strip().lower() in {"true", "yes", "1"}


def _float(described: Field, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise bad_request(f'invalid value of parameter "{described.name}"') from error


def _checked(owner: Record, described: Field, value: Any) -> Any:
    """One value against the type and the limit of its field."""
    if described.constant is not None and value != described.constant:
        raise bad_request(f'field "{described.name}" must be {described.constant}')
    items = tuple(one[2:] for one in described.types if one.startswith("[]"))
    if isinstance(value, list) and items:
        # Lists of several types may be mixed: an album holds photos and videos.
        typed: Any = [_any_of(items, item, described.name) for item in value]
    else:
        typed = _any_of(described.types, value, described.name)
    return _within(owner, described, typed)


def _any_of(types: tuple[str, ...], value: Any, name: str) -> Any:
    """The value as the first of the types that it fits."""
    error: ApiError | None = None
    for one in types:
        try:
            return _typed(one, value, name)
        except ApiError as refused:
            error = _more_telling(error, refused)
    raise error or _WrongVariantError(name)


class _WrongVariantError(ApiError):
    """The value is not even meant to be this variant, so its complaint tells nothing."""

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(400, f"Bad Request: {text}" if text else f'Bad Request: invalid value of parameter "{name}"')


def _more_telling(known: ApiError | None, new: ApiError) -> ApiError:
    """The first complaint about a variant that was meant beats those about the others."""
    return new if known is None or isinstance(known, _WrongVariantError) else known


def _typed(type_name: str, value: Any, name: str) -> Any:
    if type_name.startswith("[]"):
        if not isinstance(value, list):
            raise _WrongVariantError(name)
        return [_typed(type_name[2:], item, name) for item in value]
    if type_name == "InputFile":
        type_name = "String"
    if type_name in _SCALARS:
        if not _SCALARS[type_name](value):
            raise _WrongVariantError(name)
        return value
    described = TYPES[type_name]
    if isinstance(described, Union):
        return _any_of(described.variants, value, name)
    return _object(described, value, name)


def _object(described: Record, value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _WrongVariantError(name)
    if any(field.constant is not None and field.constant != value.get(key) for key, field in described.fields.items()):
        raise _WrongVariantError(name)
    for key in described.required:
        if key not in value:
            raise _WrongVariantError(name, f'can\'t find field "{key}" in {described.name}')
    for key in value:
        if key not in described.fields and described.fields:
            raise bad_request(f'unknown field "{key}" of {described.name}')
    return {
        key: _checked(described, described.fields[key], item) if described.fields else item
        for key, item in value.items()
        if item is not None
    }


def _within(owner: Record, described: Field, value: Any) -> Any:
    limit = described.limit
    if limit is None or limit.unit is Unit.PARSED:
        return value
    if owner.name in CUT and isinstance(value, str):
        return value[: limit.most]
    if not limit.least <= _measure(value, limit.unit) <= limit.most:
        words = TOO_LONG.get((owner.name, described.name))
        raise bad_request(words or f"{described.name} must be {limit.least}-{limit.most} in size")
    return value


def _measure(value: Any, unit: Unit) -> float:
    if isinstance(value, (int, float)):
        return value
    return len(value.encode()) if unit is Unit.BYTES else len(value)


_SCALARS = {
    "String": lambda value: isinstance(value, str),
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool) and abs(value) <= INTEGER_MAX,
    "Float": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
}


def parsed_limit(method: str, parameter: str) -> int:
    """How many characters may be left after parsing, such as 4096 of a text."""
    limit = METHODS[method].fields[parameter].limit if method in METHODS else record(method).fields[parameter].limit
    if limit is None:
        raise LookupError(f"{method}.{parameter} has no limit")
    return limit.most
