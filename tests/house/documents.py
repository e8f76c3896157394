"""Reads the project's Markdown: prose without code, pieces of code, links, headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATHS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    path: Path
    text: str

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def prose(self) -> str:
        """Without fenced blocks, in which brackets and hashes mean something else."""
        return _FENCE.sub("", self.text)

    @property
    def spans(self) -> list[str]:
        return _SPAN.findall(self.prose)

    @property
    def code_lines(self) -> list[str]:
        """Every piece of code: inline spans, and the lines of fenced blocks."""
        blocks = [line for block in _FENCE.findall(self.text) for line in block.splitlines()[1:-1]]
        return [*self.spans, *blocks]

    @property
    def links(self) -> list[str]:
        return _LINK.findall(_SPAN.sub("", self.prose))

    @property
    def anchors(self) -> set[str]:
        """Of its headings, as GitHub makes them."""
        return {
            re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
            for heading in _HEADING.findall(self.prose)
        }


def documents() -> list[Document]:
    return [Document(path, path.read_text(encoding="utf-8")) for path in PATHS]


def local_links(document: Document) -> Iterator[tuple[Path, str]]:
    """Target file and anchor of every link that stays in the repository."""
    for link in document.links:
        target, _, anchor = link.partition("#")
        if "://" not in link:
            yield (document.path.parent / target).resolve() if target else document.path, anchor
