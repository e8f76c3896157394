"""Settings as they are in force: each with its value, where it was given, and what is missing altogether."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

from core.settings import Settings
from core.settings.sources import DEFAULT_CONFIG, PREFIX, read_config
from orchestrator.doctor.diagnosis import Diagnosis, ill, well
from orchestrator.failpoints import VARIABLE

ELSEWHERE = "secret store or sandbox"
"""Neither a variable nor a file names it, and it is not the default."""


@dataclass(frozen=True, slots=True)
class Given:
    """A setting by its dotted name; ``value`` never shows a secret. ``source``: ``default``, a variable or a file."""

    name: str
    value: str
    source: str

    def line(self) -> str:
        return f"{self.name} = {self.value}  ({self.source})"


def given_settings(settings: Settings, environment: Mapping[str, str] = os.environ) -> list[Given]:
    """Every setting, in the order of their definition."""
    config = read_config(Settings)
    return [
        Given(name, _shown(value), _source(name, value, default, environment, config))
        for name, value, default in _leaves(settings, "")
    ]


def set_up(settings: Settings) -> list[Diagnosis]:
    """What is missing, and what must not be there."""
    telegram = settings.telegram
    found = [_branches(settings)]
    if telegram.token is not None and not telegram.admins:
        mend = "set telegram.admins (JARVIS_TELEGRAM__ADMINS)"
        found.append(ill("admins", "nobody could approve the first person", mend))
    else:
        found.append(well("admins", f"{len(telegram.admins)} set"))
    if os.environ.get(VARIABLE):
        found.append(
            ill("failpoint", f"{VARIABLE} is set: processes started so will kill themselves", f"unset {VARIABLE}")
        )
    return found


def _branches(settings: Settings) -> Diagnosis:
    if not settings.rentprog.branches:
        return ill("settings", "no branch is set", "set rentprog.branches (JARVIS_RENTPROG__BRANCHES)")
    codes = ", ".join(branch.code for branch in settings.rentprog.branches)
    return well("settings", f"{len(settings.rentprog.branches)} branches ({codes}), home {settings.home.absolute()}")


def _leaves(section: BaseModel, above: str) -> Iterator[tuple[str, Any, Any]]:
    """Dotted name, value and default of everything that is no section."""
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        inner = _sections(value)
        if inner is None:
            yield f"{above}{name}", value, field.default
        for code, one in (inner or {}).items():
            yield from _leaves(one, f"{above}{name}.{code}." if code else f"{above}{name}.")


def _sections(value: Any) -> dict[str, BaseModel] | None:
    """The sections inside a value: itself without a name, branches by their code; None when it is a plain value."""
    if isinstance(value, BaseModel):
        return {"": value}
    given = cast("Collection[Any]", value) if isinstance(value, tuple | dict) else ()
    if isinstance(value, dict):
        given = cast("dict[str, Any]", value).values()
    if not given or not all(isinstance(one, BaseModel) for one in given):
        return None
    if isinstance(value, dict):
        return cast("dict[str, BaseModel]", value)
    return {str(getattr(one, "code", number)): one for number, one in enumerate(given)}


def _source(name: str, value: Any, default: Any, environment: Mapping[str, str], config: Mapping[str, Any]) -> str:
    for parts in _places(name):
        for length in range(len(parts), 0, -1):  # a whole section may be one variable of JSON
            variable = PREFIX + "__".join(parts[:length]).upper()
            if environment.get(variable):
                return variable
            if path := environment.get(f"{variable}_FILE"):
                return f"file {path}"
        if _is_in(config, parts):
            return environment.get("JARVIS_CONFIG") or DEFAULT_CONFIG
    return "default" if value == default else ELSEWHERE


def _places(name: str) -> list[list[str]]:
    """Where a setting may stand: a branch's secret also by its code below ``rentprog.keys``, which wins."""
    parts = name.split(".")
    if parts[:2] == ["rentprog", "branches"] and len(parts) == 4:
        return [["rentprog", "keys", parts[2].replace("-", "_"), parts[3]], parts]
    return [parts]


def _is_in(config: Mapping[str, Any], parts: Sequence[str]) -> bool:
    """Whether the file says it; of a list (the branches) it is enough that the list is there."""
    level: Any = config
    for part in parts:
        if isinstance(level, list):
            return True
        if not isinstance(level, dict) or part not in level:
            return False
        level = cast("dict[str, Any]", level)[part]
    return True


def _shown(value: Any) -> str:
    if value is None or value in ((), {}):
        return "not set"
    if isinstance(value, SecretStr):
        return _masked(value.get_secret_value())
    if isinstance(value, tuple):
        several = cast("tuple[Any, ...]", value)
        return ", ".join("set" if isinstance(one, SecretStr) else str(one) for one in several)
    return str(value)


def _masked(secret: str) -> str:
    """Of an address of a server the place, never the user's password or what is asked of it; of the rest nothing."""
    parts = urlsplit(secret)
    if parts.scheme in {"postgresql", "postgres", "redis", "rediss", "unix"}:
        place = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{'***@' if '@' in parts.netloc else ''}{place}{parts.path}"
    return "set"
