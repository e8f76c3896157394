"""The doors of both providers: which key opens them, what they say to a wrong one and to an unknown model."""

from collections.abc import Mapping
from functools import partial
from secrets import compare_digest

from sandbox.llm import anthropic_messages, openai_chat, openai_responses
from sandbox.llm.desk import Dialect
from sandbox.llm.refusals import Refused, anthropic_envelope, openai_envelope


def openai_doors(key: str) -> list[tuple[str, Dialect]]:
    admit = partial(admit_to_openai, key)
    return [
        (
            path,
            Dialect(door.OPERATION, admit, door.read, door.write, door.stream, openai_envelope, unknown_openai_model),
        )
        for path, door in (("/chat/completions", openai_chat), ("/responses", openai_responses))
    ]


def anthropic_door(key: str) -> Dialect:
    door = anthropic_messages
    return Dialect(
        door.OPERATION,
        partial(admit_to_anthropic, key),
        door.read,
        door.write,
        door.stream,
        anthropic_envelope,
        lambda model: Refused(f"model: {model}", status=404),
    )


def admit_to_openai(key: str, headers: Mapping[str, str]) -> None:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if not given:
        raise Refused("You didn't provide an API key.", status=401)
    if scheme != "Bearer" or not _same(given, key):
        raise Refused("Incorrect API key provided.", status=401, code="invalid_api_key")


def unknown_openai_model(model: str) -> Refused:
    text = f"The model `{model}` does not exist or you do not have access to it."
    return Refused(text, status=404, code="model_not_found")


def admit_to_anthropic(key: str, headers: Mapping[str, str]) -> None:
    """The key comes in ``x-api-key``, or as a bearer, which is how the library sends it from 2.12 on."""
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    given = headers.get("x-api-key") or (bearer if scheme == "Bearer" else "")
    if not _same(given, key):
        raise Refused("invalid x-api-key", status=401)
    if "anthropic-version" not in headers:
        raise Refused("anthropic-version: header is required")


def _same(given: str, key: str) -> bool:
    return compare_digest(given.encode(), key.encode())
