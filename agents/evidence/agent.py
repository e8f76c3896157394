"""Publish an examined inspection; of a reviewed one make the report; hand out links to it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from agents.evidence import orders
from agents.evidence.gathering import gather, with_pictures
from agents.evidence.links import Linked, linked
from agents.evidence.translating import Payer, words_for
from agents.spec import Deps, Outcome
from core.errors import Broken
from core.events import (
    Event,
    InspectionExamined,
    InspectionReviewed,
    NewEvent,
    ReportMade,
    ReportWanted,
)
from core.events.inspections import subject_of
from core.ids import outside_id
from core.log import get_logger
from db.queries import findings, inspections, reports
from db.queries.report_words import TranslatedWords
from db.queries.reports import MadeReport
from reports.illustrating import illustrate
from reports.model import Report
from reports.page import render
from reports.printing import print_pages
from reports.words import FALLBACK, LANGUAGES, Words
from storage.api import Storage

log = get_logger(__name__)
Handled = InspectionExamined | InspectionReviewed | ReportWanted | ReportMade


@dataclass(frozen=True, slots=True)
class Made:
    """Reports that lie in storage and are not written down yet, and translated words that were paid for."""

    reports: tuple[MadeReport, ...]
    words: tuple[TranslatedWords, ...] = ()


async def run(event: Event[Handled], deps: Deps) -> Outcome:
    match event.body:
        case InspectionExamined() as examined:
            return await _publish(event, examined, deps)
        case InspectionReviewed():
            return await _make(event, deps, publishes=True)
        case ReportWanted() as wanted:
            return await _again(event, wanted, deps)
        case ReportMade() as made:
            return await _announce(event, made, deps)


async def _publish(event: Event[Handled], examined: InspectionExamined, deps: Deps) -> Outcome:
    """The card, the findings that wait for a person, and all material into the archive."""
    async with deps.db.transaction() as tx:
        inspection = await inspections.find(tx, examined.inspection_id)
        if inspection is None:
            return Outcome(note="no such inspection")
        places = await reports.places(tx, inspection.branch)
        waiting = [found for found in await findings.of_inspection(tx, inspection.id) if found.is_open]
    return Outcome(
        commands=orders.publish(event, inspection.id, places, [found.id for found in waiting]),
        note=f"{len(waiting)} findings shown in {len(places)} chats",
    )


async def _make(
    event: Event[Handled], deps: Deps, *, publishes: bool, asked: str | None = None, wanted: ReportWanted | None = None
) -> Outcome:
    gathered = await gather(event.body.inspection_id, deps)
    if gathered is None or deps.storage is None:
        return Outcome(note="no such inspection, or no store")
    report = await with_pictures(gathered, deps.storage)
    languages = languages_for(gathered.client_language, asked)
    payer = Payer(subject_of(event.body.inspection_id), event.branch)
    spoken = [await words_for(language, deps, payer) for language in languages]
    words = {language: one.words for language, one in zip(languages, spoken, strict=True)}
    made = await _printed(event, report, words, deps.storage)
    events: tuple[NewEvent[ReportMade], ...] = ()
    if publishes:
        body = ReportMade(inspection_id=event.body.inspection_id, languages=tuple(one.language for one in made))
        events = (NewEvent(body=body, subject=subject_of(event.body.inspection_id), branch=event.branch),)
    told = () if wanted is None else orders.answer(event, wanted, await _links(made, deps), report.number)
    return Outcome(
        changes=Made(made, tuple(new for one in spoken for new in one.new)),
        events=events,
        commands=told,
        note=_note(made),
        records=tuple(record for one in spoken for record in one.records),
    )


async def _printed(
    event: Event[Handled], report: Report, words: Mapping[str, Words], storage: Storage
) -> tuple[MadeReport, ...]:
    """All languages in one process that prints them: nobody waits for it at a counter."""
    pictures = await asyncio.to_thread(illustrate, report)
    pages = [await asyncio.to_thread(render, report, spoken, pictures) for spoken in words.values()]
    made: list[MadeReport] = []
    for language, html, printed in zip(words, pages, await print_pages(pages), strict=True):
        if printed.pdf is None:
            log.warning("a report has no PDF", inspection=report.number, why=printed.why)
        name = f"inspection-{report.number}-{language}"
        page = await storage.put(html.encode(), content_type="text/html; charset=utf-8", filename=f"{name}.html")
        pdf = None
        if printed.pdf is not None:
            pdf = await storage.put(printed.pdf, content_type="application/pdf", filename=f"{name}.pdf")
        made.append(
            MadeReport(
                id=outside_id("jarvis", "report", f"{event.id}:{language}"),
                inspection_id=event.body.inspection_id,
                language=language,
                html_key=page.key,
                pdf_key=None if pdf is None else pdf.key,
                chain_hash=report.chain_end,
                made_at=report.made_at,
            )
        )
    return tuple(made)


def languages_for(client: str | None, asked: str | None) -> tuple[str, ...]:
    """Ours, each once, and the client's where it is none of them: by a model, else in English, which the page says."""
    if asked is not None:
        return (asked,)
    return LANGUAGES if client is None or client in LANGUAGES else (*LANGUAGES, client)


async def _again(event: Event[Handled], wanted: ReportWanted, deps: Deps) -> Outcome:
    """New links to what is there; a report is made anew where somebody decided or photographed since."""
    async with deps.db.transaction() as tx:
        inspection = await inspections.find(tx, wanted.inspection_id)
        newest = await reports.newest(tx, wanted.inspection_id)
    if inspection is None:
        return Outcome(note="no such inspection")
    changed_at = max((at for at in (inspection.touched_at, inspection.reviewed_at) if at is not None), default=None)
    fitting = [one for one in newest if is_fresh(one, changed_at, inspection.chain_hash)]
    fitting = [one for one in fitting if wanted.language in {None, one.language}]
    if not fitting:
        return await _make(event, deps, publishes=False, asked=wanted.language, wanted=wanted)
    links = await _links(tuple(fitting), deps)
    return Outcome(commands=orders.answer(event, wanted, links, inspection.number), note="new links")


def is_fresh(made: MadeReport, changed_at: datetime | None, chain_hash: str | None) -> bool:
    return made.chain_hash == chain_hash and (changed_at is None or made.made_at >= changed_at)


async def _announce(event: Event[Handled], made: ReportMade, deps: Deps) -> Outcome:
    """Links for staff: the car's topic, headquarters, the archive, and the client's topic, which no client reads."""
    async with deps.db.transaction() as tx:
        inspection = await inspections.find(tx, made.inspection_id)
        setting = await reports.setting(tx, made.inspection_id)
        newest = [one for one in await reports.newest(tx, made.inspection_id) if one.language in made.languages]
        if inspection is None or setting is None or not newest:
            return Outcome(note="nothing to announce")
        places = await reports.places(tx, inspection.branch)
        rooms: list[int] = []
        if setting.conversation_id is not None:
            rooms = await reports.client_places(tx, setting.conversation_id)
    links = await _links(tuple(newest), deps)
    spots = orders.spots(inspection.car_id, places, setting.conversation_id, rooms)
    return Outcome(commands=orders.announce(event, inspection, links, spots), note=f"told in {len(spots)} places")


async def _links(made: tuple[MadeReport, ...], deps: Deps) -> tuple[Linked, ...]:
    if deps.storage is None:
        raise Broken("links without a store")
    return await linked(made, deps.storage, timedelta(days=deps.settings.reports.link_days))


def _note(made: tuple[MadeReport, ...]) -> str:
    pdfs = sum(one.pdf_key is not None for one in made)
    return f"reports in {', '.join(one.language for one in made)}; {pdfs} as PDF (others read {FALLBACK})"
