"""The .ftl files of one language: which messages there are, and which variables each one needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import ast
from fluent.syntax.visitor import Visitor

from core.errors import Broken
from core.roles import LANGUAGES

TEXTS_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Catalog:
    """The messages of one language."""

    language: str
    bundle: FluentBundle
    variables: Mapping[str, frozenset[str]]
    """Names of the variables by message key, those of messages it refers to included."""

    def format(self, key: str, arguments: Mapping[str, Any]) -> tuple[str, list[Exception]]:
        """The filled message and what was wrong with it; the key must be known."""
        pattern = self.bundle.get_message(key).value
        if pattern is None:
            raise Broken(f"text {key} has attributes and no value")
        value, errors = self.bundle.format_pattern(pattern, dict(arguments))
        return str(value), errors


def read_catalogs(folder: Path = TEXTS_FOLDER) -> dict[str, Catalog]:
    """One catalog a language; ``Broken`` names the file and the entry that cannot be read or stands twice."""
    return {language: _read(language, sorted((folder / language).glob("*.ftl"))) for language in LANGUAGES}


def _read(language: str, files: list[Path]) -> Catalog:
    # Isolation marks would travel into plates and names that people copy.
    bundle = FluentBundle([language], use_isolating=False)
    messages: dict[str, ast.Message] = {}
    for file in files:
        resource = FluentResource(file.read_text(encoding="utf-8"))
        for message in _messages(resource, file):
            if message.id.name in messages:
                raise Broken(f"{file}: text {message.id.name} stands twice in {language}")
            messages[message.id.name] = message
        bundle.add_resource(resource)
    return Catalog(language, bundle, {key: _variables(key, messages, frozenset()) for key in messages})


def _messages(resource: ast.Resource, file: Path) -> Iterator[ast.Message]:
    for entry in resource.body:
        if isinstance(entry, ast.Junk):
            raise Broken(f"{file}: cannot be read: {(entry.content or '').strip().splitlines()[0]}")
        if isinstance(entry, ast.Message):
            yield entry


def _variables(key: str, messages: Mapping[str, ast.Message], above: frozenset[str]) -> frozenset[str]:
    if key in above or key not in messages:
        return frozenset()
    finder = _Finder()
    finder.visit(messages[key])
    inherited = (_variables(name, messages, above | {key}) for name in finder.messages)
    return frozenset(finder.variables).union(*inherited)


class _Finder(Visitor):
    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.messages: set[str] = set()

    def visit_VariableReference(self, node: Any) -> None:  # noqa: N802 - the library's name for the hook
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: Any) -> None:  # noqa: N802 - the library's name for the hook
        self.messages.add(node.id.name)
