"""Where settings are read: config.yaml, secret stores, files named by …_FILE, variables; the later wins key by key."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import yaml
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsError, YamlConfigSettingsSource

from core.errors import JarvisError

PREFIX = "JARVIS_"
DEFAULT_CONFIG = "config.yaml"
OWN_SECTION = "secrets"
"""It says where settings are read, so no store may hold it."""


class WrongSettings(Exception):  # noqa: N818 - the word the start-up prints, not an error class of the loops
    """A setting is missing or out of range; the text names it and is shown as it stands (exit code 2)."""

    has_foreign_text = False


class SecretStore(Protocol):
    """A place outside that keeps settings. Its twins: moto's SSM and a small Vault in the tests."""

    @property
    def name(self) -> str: ...

    def read(self) -> Mapping[str, str]:
        """Texts by the dotted names of settings (``telegram.token``); one of the four errors, with no value in it."""
        ...


def read_variables() -> dict[str, str]:
    """The variables of Jarvis; ``JARVIS_X_FILE=/run/secrets/x`` is ``JARVIS_X`` with that file's content."""
    given = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    found = {name: value for name, value in given.items() if not name.endswith("_FILE")}
    for name, path in given.items():
        target = name.removesuffix("_FILE")
        if target == name or target in found:
            continue
        try:
            found[target] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise WrongSettings(f"{name}: cannot read {path}: {error.strerror}") from None
        except ValueError:
            raise WrongSettings(f"{name}: {path} is not a text") from None
    return found


def read_config(settings: type[BaseSettings]) -> dict[str, Any]:
    """What the file says; nothing where there is none and none is named."""
    given = os.environ.get("JARVIS_CONFIG")
    if given and not Path(given).is_file():
        raise WrongSettings(f"JARVIS_CONFIG names {given}, which is not a file")
    path = given or DEFAULT_CONFIG
    if not Path(path).is_file():
        return {}
    try:
        return YamlConfigSettingsSource(settings, yaml_file=path)()
    except (yaml.YAMLError, TypeError, ValueError, OSError) as error:
        raise WrongSettings(f"{path} cannot be read: {_where(error)}") from None


def read_store(settings: type[BaseSettings], store: SecretStore) -> dict[str, str]:
    """What a store holds, named like variables."""
    try:
        held = store.read()
    except JarvisError as error:
        raise WrongSettings(str(error)) from None
    for name in held:
        section = name.partition(".")[0].lower()
        if section == OWN_SECTION:
            raise WrongSettings(f"{store.name}: {name}: where secrets are read cannot itself be kept in a store")
        if section not in settings.model_fields:
            raise WrongSettings(f"{store.name}: there is no setting {name}")
    return {PREFIX + name.upper().replace(".", "__"): text for name, text in held.items()}


def parse(settings: type[BaseSettings], variables: Mapping[str, str]) -> dict[str, Any]:
    """Variables as a tree; lists and sections in them are JSON."""
    try:
        return _Variables(settings, variables)()
    except SettingsError as error:
        raise WrongSettings(_not_json(error, variables)) from None


def merged(layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Trees laid over each other, the last on top; lists are not mixed."""
    found: dict[str, Any] = {}
    for layer in layers:
        for name, value in layer.items():
            below = found.get(name)
            both = isinstance(below, dict) and isinstance(value, dict)
            found[name] = merged(cast("list[dict[str, Any]]", [below, value])) if both else value
    return found


class _Variables(EnvSettingsSource):
    """Pydantic's reading of the environment, from a mapping: secrets never enter the environment of this process."""

    def __init__(self, settings: type[BaseSettings], variables: Mapping[str, str]) -> None:
        self._given = {name.lower(): value for name, value in variables.items() if value}
        super().__init__(settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return self._given


def _not_json(error: SettingsError, variables: Mapping[str, str]) -> str:
    """The broken text itself may hold a secret and is not repeated."""
    cause = error.__cause__
    if isinstance(cause, json.JSONDecodeError):
        for name, value in variables.items():
            if value == cause.doc:
                return f"{name} is not JSON: {cause.msg} at character {cause.pos + 1}"
    return " ".join(str(error).split())


def _where(error: Exception) -> str:
    """The place of a mistake without the line itself, which may hold a secret."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
    return "it is not a YAML mapping of sections"
