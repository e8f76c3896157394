"""constraints.txt pins what pyproject.toml asks for, by version only."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINS = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
VERSIONS = {canonicalize_name(name): version for name, _, version in (pin.partition("==") for pin in PINS)}

DIRECT = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]


@pytest.mark.parametrize("dependency", DIRECT)
def test_a_direct_dependency_is_pinned_to_a_version_it_allows(dependency: str) -> None:
    requirement = Requirement(dependency)

    assert requirement.specifier.contains(VERSIONS[canonicalize_name(requirement.name)])


def test_a_pin_is_a_name_and_a_version_and_no_address() -> None:
    assert PINS
    assert [pin for pin in PINS if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", pin)] == []


def test_jarvis_itself_is_not_pinned() -> None:
    assert canonicalize_name(PROJECT["name"]) not in VERSIONS


def test_the_sdk_that_would_shadow_our_agents_is_absent() -> None:
    assert "openai-agents" not in VERSIONS


def test_the_license_is_mit() -> None:
    text = (ROOT / "LICENSE").read_text()

    assert PROJECT["license"] == "MIT"
    assert text.startswith("MIT License\n")
    assert "Jarvis authors" in text
