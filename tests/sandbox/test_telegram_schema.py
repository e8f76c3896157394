"""The extract of the schema, and the check that nothing else leaves the emulator."""

from typing import Any

import pytest

from sandbox.telegram.extract_schema import METHODS as WANTED
from sandbox.telegram.extract_schema import extract, render
from sandbox.telegram.schema import METHODS, RETURNS, TYPES, SchemaError, Unit, check
from sandbox.telegram.validation import Request, validate

USER = {"id": 5_200_000_001, "is_bot": False, "first_name": "Nino"}


def test_the_extract_holds_the_methods_and_all_types_they_name():
    assert set(METHODS) == set(WANTED)
    described = [field for method in METHODS.values() for field in method.fields.values()]
    named = {one.replace("[]", "") for field in described for one in field.types}
    returned = {one.replace("[]", "") for types in RETURNS.values() for one in types}
    assert (named | returned) - {"String", "Integer", "Float", "Boolean", "True"} <= set(TYPES)


def test_limits_are_known_with_their_units():
    text = METHODS["sendMessage"].fields["text"].limit
    assert text is not None
    assert (text.least, text.most, text.unit) == (1, 4096, Unit.PARSED)
    ids = METHODS["deleteMessages"].fields["message_ids"].limit
    assert ids is not None
    assert (ids.least, ids.most, ids.unit) == (1, 100, Unit.PLAIN)


def test_the_extract_is_made_without_prose():
    field = {"name": "text", "types": ["String"], "required": True, "description": "Some prose, 1-64 bytes"}
    methods = {name: {"returns": ["Card"], "description": "More prose", "fields": [field]} for name in WANTED}
    types: dict[str, Any] = {
        "Update": {"description": "Prose", "fields": []},
        "Card": {"description": "Prose", "fields": [{**field, "types": ["Array of Card", "String"]}]},
        "Unreached": {"description": "Prose", "fields": []},
    }
    made = extract({"version": "Bot API 1", "methods": methods, "types": types})
    assert made["methods"]["getMe"] == {"returns": ["Card"], "fields": {"text": "!String{1,64}b"}}
    assert made["types"] == {"Card": {"text": "![]Card|String{1,64}b"}, "Update": {}}
    assert "prose" not in render(made).lower()


@pytest.mark.parametrize(
    ("type_name", "value", "reason"),
    [
        ("User", {"id": 1, "is_bot": False}, "lacks first_name"),
        ("User", {**USER, "nick": "N"}, "has no nick"),
        ("User", {**USER, "id": "1"}, "is no Integer"),
        ("User", {**USER, "is_bot": 1}, "is no Boolean"),
        ("ChatMember", {"status": "guest", "user": USER}, "result: ChatMemberBanned"),
        ("[]User", USER, "no list"),
    ],
)
def test_an_object_that_is_not_as_described_is_caught(type_name: str, value: Any, reason: str):
    with pytest.raises(SchemaError, match=reason):
        check((type_name,), value, "result")


def test_an_object_as_described_passes():
    check(("User",), USER, "result")
    check(("ChatMember",), {"status": "left", "user": USER}, "result")
    check(("Message", "Integer"), 5, "result")


def test_numbers_beyond_32_bits_pass_in_both_directions():
    values = {"chat_id": "-1003999999999", "text": "x", "message_thread_id": "8000000000"}
    assert validate(Request("sendMessage", values)) == {
        "chat_id": -1003999999999,
        "text": "x",
        "message_thread_id": 8000000000,
    }
