"""One finding in the car's topic: its picture, what the machine takes it for, and buttons for whoever decides."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from bot import choices, forum_mode, inspection_places, pictures
from bot.callbacks import screen_button
from bot.choices import Choice
from bot.inspection_words import finding_args, named
from bot.keyboards import Rows, look_with
from bot.means import Means
from bot.pictures import Shown
from bot.posts import Look
from bot.quoting import line
from bot.topics import Place
from core.commands import Button, Command, ShowFinding, Text
from core.inspection import why as why_words
from core.inspection.damage import NEGATIVES, DamageKind, FindingState, Part, Severity
from db.commands import Delivery
from db.queries import chats, findings, inspection_views, inspections
from db.queries.findings import Finding
from db.queries.inspections import Inspection
from db.queries.posts import Post

FINDING = "finding"
SCREEN = "finding"
OVER = ("reviewed", "cancelled")
"""States of an inspection in which nothing is decided any more."""
KINDS = tuple(kind for kind in DamageKind if kind not in NEGATIVES)
PARTS = tuple(part for part in Part if part is not Part.UNKNOWN)
PAGES: Mapping[str, tuple[tuple[str, ...], int]] = {
    "kind": (tuple(map(str, KINDS)), 2),
    "part": (tuple(map(str, PARTS)), 2),
    "severity": (tuple(str(int(level)) for level in Severity), 1),
}
"""What may be chosen on a page, and in how many columns it stands."""


async def show(means: Means, body: ShowFinding, command: Command) -> Delivery:
    """The finding as it stands: asked about, or with what a person made of it."""
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, body.chat_id)
        inspection = await inspections.find(tx, body.inspection_id)
        finding = await findings.find(tx, body.finding_id)
        keys = () if finding is None else await inspection_views.pictures_of_finding(tx, finding)
        choice = await choices.find(tx, body.chat_id, entity_of(body.finding_id))
    if chat is None or not chat.can_work or inspection is None or finding is None:
        return Delivery({"skipped": "the finding has no place in this chat now"})
    if finding.inspection_id != inspection.id:
        return Delivery({"skipped": "the finding belongs to another inspection"})
    if inspection.state in OVER:
        choice = Choice()  # what somebody began to put right and did not send counts for nothing
    topic = await inspection_places.topic_of(means, chat, inspection)
    events = await forum_mode.check(means, chat) if topic is not None else ()
    picture = await pictures.load(means, next(iter(keys), None), f"finding-{finding.ordinal}.jpg", command)
    place = Place(chat.chat_id, entity_of(finding.id), inspection.car, 0)
    text = finding_text(finding, inspection, choice)
    bare = Look(means.texts.html(text, chat.language), is_silent=not finding.is_open)
    rows = finding_rows(finding, inspection, choice)
    look = await look_with(means, place, FINDING, bare, rows, language=chat.language)

    async def bring_up(thread_id: int) -> tuple[Post, str]:
        shown = Shown(look, picture)
        return await pictures.bring_up(means, place, FINDING, shown, thread_id=thread_id, priority=command.priority)

    post, what = await inspection_places.inside(means, topic, bring_up)
    return inspection_places.delivered(post, what, events)


def entity_of(finding_id: UUID) -> str:
    return f"finding:{finding_id}"


def finding_text(finding: Finding, inspection: Inspection, choice: Choice) -> Text:
    drafted = _drafted(choice)
    args = finding_args(finding)
    for name, value in drafted.items():
        args |= named(name, value)
    key = "finding-open" if finding.is_open else "finding-decided"
    told = {**args, "state": str(finding.state), "inspection": inspection.number}
    return Text(key=key, args=told, parts=tuple(_lines(finding, choice)))


def _lines(finding: Finding, choice: Choice) -> Iterator[Text]:
    if finding.viewpoint is not None:
        yield Text(key="finding-where", args={"step": str(finding.viewpoint)})
    if finding.is_by_person and finding.decider is None:
        yield Text(key="finding-by-person")
    elif finding.confidence is not None and finding.is_open:
        percent = round(finding.confidence * 100)
        yield Text(key="finding-sure", args={"percent": percent, "views": len(finding.views) + 1})
    for why in why_words.read(finding.why) if finding.is_open else ():
        yield Text(key="finding-why", args={"why": str(why)})
    if finding.state is FindingState.NEED_PHOTO:
        yield Text(key="finding-photo-asked")
    if finding.decider is not None:
        yield Text(key="finding-by", args={"name": line(finding.decider)})
    if choice.page in PAGES:
        yield Text(key="finding-choose", args={"what": choice.page})


def finding_rows(finding: Finding, inspection: Inspection, choice: Choice) -> Rows:
    """Until a person ends the review, a decision may be changed; after it the verdict stands, without buttons."""
    if inspection.state in OVER:
        return ()
    drafted = _drafted(choice)
    if choice.page == "edit":
        return _edit_rows(finding, drafted)
    if choice.page in PAGES:
        values, columns = PAGES[choice.page]
        picks = [_pick(finding, drafted, choice.page, value) for value in values]
        return grid(picks, columns=columns)
    if finding.is_open or choice.page == "again":
        return _decide_rows(finding)
    return ((_button(finding, Text(key="finding-button-change"), "again"),),)


def grid(buttons: Sequence[Button], *, columns: int = 2) -> Rows:
    return tuple(tuple(buttons[start : start + columns]) for start in range(0, len(buttons), columns))


def _decide_rows(finding: Finding) -> Rows:
    new = _decide(finding, FindingState.NEW, "finding-button-new", style="danger")
    known = _decide(finding, FindingState.KNOWN, "finding-button-known")
    nothing = _decide(finding, FindingState.NOT_DAMAGE, "finding-button-not-damage", style="success")
    photo = _decide(finding, FindingState.NEED_PHOTO, "finding-button-need-photo")
    edit = _button(finding, Text(key="finding-button-edit"), "edit")
    return ((new, known), (nothing, photo), (edit,))


def _edit_rows(finding: Finding, drafted: dict[str, str]) -> Rows:
    """Three things to put right, then the decision with all of them."""
    now = {
        "kind": str(finding.kind_now),
        "part": str(finding.part_now),
        "severity": str(int(finding.severity_now)),
    } | drafted
    choose = tuple(
        (_button(finding, Text(key=f"finding-edit-{name}", args=named(name, now[name])), name, **drafted),)
        for name in now
    )
    done = _button(finding, Text(key="finding-button-new-so"), "decide", style="danger", state=FindingState.NEW, **now)
    return (*choose, (done,), (_button(finding, Text(key="button-back"), "first"),))


def _pick(finding: Finding, drafted: dict[str, str], name: str, value: str) -> Button:
    return _button(finding, Text(key=f"finding-{name}", args=named(name, value)), "edit", **{**drafted, name: value})


def _decide(finding: Finding, state: FindingState, label: str, *, style: str | None = None) -> Button:
    return _button(finding, Text(key=label), "decide", style=style, state=state)


def _button(finding: Finding, label: Text, do: str, *, style: str | None = None, **more: Any) -> Button:
    told: dict[str, Any] = {name: str(value) for name, value in more.items()}
    return screen_button(label, SCREEN, style=style, finding_id=str(finding.id), do=do, **told)


def _drafted(choice: Choice) -> dict[str, str]:
    pairs = (word.partition("=") for word in choice.chosen)
    return {name: value for name, _, value in pairs}
