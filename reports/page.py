"""A report as one HTML file: its words, its pictures and its style inside, no script, nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.model import Figure, Finding, Report
from reports.sides import side_of
from reports.words import FALLBACK, Words, words_in

_FOLDER = Path(__file__).parent / "templates"
_RIGHT_TO_LEFT = frozenset({"he", "ar", "fa", "ur"})
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(report: Report, words: Words, pictures: Mapping[str, bytes]) -> str:
    """The whole page in one language; ``pictures`` are those of ``illustrate``, made once for all of them."""
    style = (_FOLDER / "report.css").read_text(encoding="utf-8")
    return _TEMPLATES.get_template("report.html.j2").render(
        report=report,
        say=words.say,
        name=words.name,
        words=words,
        binding=words_in(FALLBACK).say("machine_note"),
        direction="rtl" if words.language in _RIGHT_TO_LEFT else "ltr",
        style=Markup(style),  # noqa: S704 - our own file
        policy=policy_for(style),
        pictures={key: _inline(content) for key, content in pictures.items()},
        verdict=_verdict(report, words),
        at=lambda moment: _local(moment, report),
        damage=lambda finding: damage(finding, words),
        side=lambda finding: side_of(report, finding),
        measured=lambda figure, value: _measured(figure, value, words),
        listed=lambda figure: _listed(figure, words),
    )


def policy_for(style: str) -> str:
    """What a browser may do with the page: show pictures that lie in it and this very style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def damage(finding: Finding, words: Words) -> str:
    """``Dent, front left door``."""
    return f"{words.name('kind', finding.kind)}, {words.name('part', finding.part)}"


def _verdict(report: Report, words: Words) -> Mapping[str, str]:
    """The one line that is read first, with its tone."""
    if report.open_findings:
        return {"tone": "open", "text": words.say("verdict_open", count=len(report.open_findings))}
    if report.reviewed_at is None:
        return {"tone": "open", "text": words.say("verdict_not_reviewed")}
    new = len(report.new_damage)
    if new:
        key = "verdict_new_one" if new == 1 else "verdict_new_many"
        return {"tone": "new", "text": words.say(key, count=new)}
    return {"tone": "clean", "text": words.say("verdict_clean")}


def _measured(figure: Figure, value: float | None, words: Words) -> str:
    """``45 820 km``; a thin space between the thousands is read alike in every language."""
    if value is None or figure.unit is None:
        return "—"
    number = f"{value:,.0f}".replace(",", "\u202f") if figure.unit == "km" else f"{value:g}"
    return words.name("item", figure.unit).format(**{figure.unit: number})


def _listed(figure: Figure, words: Words) -> str:
    if figure.missing:
        items = ", ".join(words.name("item", item) for item in figure.missing)
        return words.name("item", "missing").format(items=items)
    return ", ".join(f"{words.name('item', name)}: {words.name('item', level)}" for name, level in figure.levels) or "—"


def _local(moment: datetime | None, report: Report) -> str:
    return "" if moment is None else moment.astimezone(report.zone).strftime("%d.%m.%Y %H:%M")


def _inline(content: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"
