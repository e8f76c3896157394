"""The pages tell the truth: links lead somewhere, and whatever they name in code exists."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from pydantic import BaseModel

from core.commands import BODY_OF_KIND as COMMANDS
from core.events import BODY_OF_KIND as EVENTS
from core.settings import BranchSettings, LlmSettings, RentprogSettings, Settings, load_settings
from orchestrator.cli import app
from orchestrator.registry import AGENTS
from tests.house.documents import ROOT, Document, documents, local_links

DOCUMENTS = documents()
DECISIONS = [document for document in DOCUMENTS if re.fullmatch(r"docs/decisions/\d{4}-.+\.md", document.name)]
EXAMPLE = ROOT / "config.example.yaml"
COMMAND_LINE: Any = typer.main.get_command(app)

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
each_decision = pytest.mark.parametrize("document", DECISIONS, ids=lambda document: document.path.stem)

NOT_SETTINGS = {"CONFIG", "FAILPOINT", "INGRESS_ADDRESS", "WEB_ADDRESS"}
"""Variables of ours that name no setting: where the file is, what a test arms, and two of docker-compose.yml."""


def page(name: str) -> Document:
    return next(document for document in DOCUMENTS if document.name == name)


def names(section: type[BaseModel], above: str = "") -> dict[str, Any]:
    """Dotted name of every setting, with its field's default; a section's name is there too."""
    found: dict[str, Any] = {}
    for name, field in section.model_fields.items():
        found[above + name] = field.default
        inner = type(field.default)
        found |= names(inner, f"{above}{name}.") if issubclass(inner, BaseModel) else {}
    return found


SETTINGS = names(Settings)
VARIABLES = {name.upper().replace(".", "__") for name in SETTINGS} | NOT_SETTINGS


@each_document
def test_every_link_leads_somewhere(document: Document) -> None:
    lost = [
        f"{target.name}#{anchor}"
        for target, anchor in local_links(document)
        if not target.exists() or (anchor and anchor not in Document(target, target.read_text()).anchors)
    ]

    assert lost == []


@each_document
def test_every_command_that_is_named_can_be_run(document: Document) -> None:
    lines = [line for line in document.code_lines if re.search(r"\bjarvis [a-z]", line)]
    wrong = [line for line in lines for words in re.findall(r"\bjarvis ([a-z][^|#]*)", line) if not can_be_run(words)]

    assert wrong == []


def can_be_run(words: str) -> bool:
    """Whether the words start with a command of ours and its options exist."""
    command = COMMAND_LINE
    for word in words.split():
        subcommands = getattr(command, "commands", {})
        command = subcommands.get(word) if subcommands else command
    options = {option for parameter in getattr(command, "params", ()) for option in parameter.opts}
    return command is not None and set(re.findall(r"--[a-z0-9-]+", words)) <= options


def test_every_command_is_in_the_readme() -> None:
    commands = {
        f"jarvis {name} {inner}".strip()
        for name, command in COMMAND_LINE.commands.items()
        for inner in getattr(command, "commands", {"": None})
    }

    assert commands - set(page("README.md").spans) == set()


@each_document
def test_every_target_of_make_that_is_named_exists(document: Document) -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {
        word
        for line in document.code_lines
        for words in re.findall(r"^make ((?:[a-z]+ ?)+)", line)
        for word in words.split()
    }

    assert named - targets == set()


@each_document
def test_every_file_that_is_named_exists(document: Document) -> None:
    paths = [span for span in document.spans if re.fullmatch(r"[a-z_.]+(/[\w.-]+)+\.(py|md|yaml|toml|sh|ftl)", span)]

    assert [path for path in paths if not (ROOT / path).exists() and not (document.path.parent / path).exists()] == []


@each_document
def test_every_setting_that_is_named_exists(document: Document) -> None:
    sections = [name for name, default in SETTINGS.items() if isinstance(default, BaseModel)]
    pattern = re.compile(rf"({'|'.join(sections)})(\.[a-z_]+)+")
    dotted = [span for code in document.spans for span in code.split(":")[:1] if pattern.fullmatch(span)]
    known = SETTINGS.keys() | EVENTS.keys() | COMMANDS.keys()
    files = (".onnx", ".pt", ".yaml")  # weights and their cards are named like what they see

    assert [name for name in dotted if name not in known and not name.endswith(files)] == []


@each_document
def test_every_variable_that_is_named_exists(document: Document) -> None:
    named = set(re.findall(r"JARVIS_([A-Z][A-Z_]*[A-Z])", document.text))

    assert {name for name in named if name.removesuffix("_FILE") not in VARIABLES} == set()


@each_document
def test_every_test_that_is_named_exists(document: Document) -> None:
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = [span for span in document.spans if re.fullmatch(r"test_\w+", span)]

    assert [name for name in named if f"def {name}(" not in tests] == []


def test_the_readme_names_every_agent() -> None:
    text = page("README.md").text

    assert [spec.name for spec in AGENTS if spec.name not in text] == []


def test_each_word_of_the_glossary_means_one_thing() -> None:
    words = re.findall(r"^- \*\*(.+?)\*\*: \S", page("docs/GLOSSARY.md").text, re.MULTILINE)

    assert len(words) > 100
    assert sorted({word.lower() for word in words}) == sorted(word.lower() for word in words)


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    numbers = [int(document.path.name[:4]) for document in DECISIONS]
    listed = {target.name for target, _ in local_links(page("docs/decisions/README.md"))}

    assert numbers == list(range(1, len(DECISIONS) + 1))
    assert {document.path.name for document in DECISIONS} <= listed


@each_decision
def test_a_decision_is_one_page_with_its_reason_and_its_price(document: Document) -> None:
    headings = re.findall(r"^## (.+)$", document.text, re.MULTILINE)

    assert document.text.startswith(f"# {document.path.name[:4]} ")
    assert headings == ["Context", "Decision", "Consequences"]
    assert len(document.text.splitlines()) < 60


def test_the_changelog_tells_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert re.search(rf"^## {re.escape(version)}\b", page("CHANGELOG.md").text, re.MULTILINE)


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No variable of ours and no config.yaml."""
    monkeypatch.chdir(tmp_path)
    for variable in [f"JARVIS_{name}{suffix}" for name in VARIABLES for suffix in ("", "_FILE")]:
        monkeypatch.delenv(variable, raising=False)
    return monkeypatch


def test_the_example_of_settings_holds_every_default(nothing_set: pytest.MonkeyPatch) -> None:
    defaults = load_settings()
    nothing_set.setenv("JARVIS_CONFIG", str(EXAMPLE))

    assert load_settings() == defaults


def test_the_example_of_settings_names_every_setting_and_says_what_it_is() -> None:
    given = set(dotted(yaml.safe_load(EXAMPLE.read_text())))
    bare = [line for line in EXAMPLE.read_text().splitlines() if re.match(r" *[a-z_]+:", line) and "  # " not in line]

    assert given == SETTINGS.keys()
    # What its section says is enough for these.
    assert [line.strip() for line in bare] == [
        "port: 8080",
        "telegram:",
        "rentprog:",
        "monitoring:",
        'work_end: "20:00"',
        "web:",
    ]


def test_the_example_of_models_is_one_that_starts() -> None:
    lines = re.findall(r"^#     (.+)$", EXAMPLE.read_text(), re.MULTILINE)
    read = LlmSettings.model_validate(yaml.safe_load("\n".join(lines)))

    assert read.has_models
    assert {type(read.models[0]).model_fields.keys() == one.model_fields_set for one in read.models} == {True}
    assert [provider.is_ready for provider in read.providers.values()] == [False, True]


def dotted(tree: dict[str, Any], above: str = "") -> list[str]:
    found: list[str] = []
    for name, value in tree.items():
        found.append(above + name)
        found += dotted(value, f"{above}{name}.") if isinstance(value, dict) else []
    return found


def test_the_example_of_a_branch_names_every_setting_of_it() -> None:
    lines = re.findall(r"^#  ((?:- |  )[a-z_]+: .+)$", EXAMPLE.read_text(), re.MULTILINE)
    [branch] = yaml.safe_load("\n".join(lines))
    read = RentprogSettings.model_validate({"branches": [branch]}).branches[0]

    assert branch.keys() == BranchSettings.model_fields.keys()
    assert read == BranchSettings(code="tbilisi", name="Tbilisi", company_id=1001)
