"""The shapes of the Bot API, read from schema.json, and the check that what we emit has them."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any

FIELD = re.compile(r"(!)?([^{=]+)(?:\{(\d+),(\d+)\}([bp]?))?(?:=(\w+))?")


class Unit(StrEnum):
    """What a limit counts: characters, items or the number itself; bytes; characters left after parsing the markup."""

    PLAIN = ""
    BYTES = "b"
    PARSED = "p"


@dataclass(frozen=True, slots=True)
class Limit:
    least: int
    most: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a type or parameter of a method; `types` are alternatives, `[]` in front means a list."""

    name: str
    types: tuple[str, ...]
    required: bool
    limit: Limit | None
    constant: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """A type with fields, or a method with parameters; `required` saves a walk over all fields at each check."""

    name: str
    fields: dict[str, Field]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Union:
    """A type that is one of several variants."""

    name: str
    variants: tuple[str, ...]


class SchemaError(Exception):
    """The emulator was about to emit something that is no valid object of the Bot API: a defect of the emulator."""


def _field(name: str, text: str) -> Field:
    found = FIELD.fullmatch(text)
    if found is None:
        raise ValueError(f"schema.json: {name}: {text}")
    mark, types, least, most, unit, constant = found.groups()
    limit = Limit(int(least), int(most), Unit(unit)) if least else None
    return Field(name, tuple(types.split("|")), mark is not None, limit, constant)


def _record(name: str, described: dict[str, str]) -> Record:
    fields = {key: _field(key, text) for key, text in described.items()}
    return Record(name, fields, tuple(key for key, field in fields.items() if field.required))


_LOADED = json.loads(files("sandbox.telegram").joinpath("schema.json").read_text("utf-8"))

METHODS: dict[str, Record] = {name: _record(name, value["fields"]) for name, value in _LOADED["methods"].items()}
RETURNS: dict[str, tuple[str, ...]] = {name: tuple(value["returns"]) for name, value in _LOADED["methods"].items()}
TYPES: dict[str, Record | Union] = {
    name: Union(name, tuple(value)) if isinstance(value, list) else _record(name, value)
    for name, value in _LOADED["types"].items()
}


def record(name: str) -> Record:
    """The type of that name, which must be one with fields."""
    found = TYPES[name]
    if isinstance(found, Union):
        raise TypeError(f"{name} is a union")
    return found


def flags(type_name: str) -> tuple[str, ...]:
    """The rights or permissions that a type lists: its fields `can_…`."""
    return tuple(name for name in record(type_name).fields if name.startswith("can_") and name != "can_be_edited")


def check(types: tuple[str, ...], value: Any, where: str) -> None:
    """Refuse a value that none of the alternatives allows."""
    fault = _fault_of(types, value, where)
    if fault is not None:
        raise SchemaError(fault)


def _fault_of(types: tuple[str, ...], value: Any, where: str) -> str | None:
    fault = f"{where}: nothing allowed"
    for one in types:
        found = _fault(one, value, where)
        if found is None:
            return None
        fault = found
    return fault


def _fault(type_name: str, value: Any, where: str) -> str | None:
    if type_name.startswith("[]"):
        return _list_fault(type_name[2:], value, where)
    if type_name in _SCALARS:
        return None if _SCALARS[type_name](value) else f"{where}: {value!r} is no {type_name}"
    described = TYPES[type_name]
    if isinstance(described, Union):
        return _fault_of(described.variants, value, where)
    return _record_fault(described, value, where)


def _list_fault(item_type: str, value: Any, where: str) -> str | None:
    if not isinstance(value, list):
        return f"{where}: no list"
    for number, item in enumerate(value):
        fault = _fault(item_type, item, f"{where}[{number}]")
        if fault is not None:
            return fault
    return None


def _record_fault(described: Record, value: Any, where: str) -> str | None:
    if not isinstance(value, dict):
        return f"{where}: no {described.name}"
    for name in described.required:
        if name not in value:
            return f"{where}: {described.name} lacks {name}"
    for name, item in value.items():
        field = described.fields.get(name)
        if field is None:
            return f"{where}: {described.name} has no {name}"
        if field.constant is not None and item != field.constant:
            return f"{where}.{name}: must be {field.constant}"
        fault = _fault_of(field.types, item, f"{where}.{name}")
        if fault is not None:
            return fault
    return None


_SCALARS = {
    "String": lambda value: isinstance(value, str),
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
}
