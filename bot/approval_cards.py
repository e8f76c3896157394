"""The card of an approval in a person's own chat: exactly what would be done, for whom, until when, and two buttons."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot import posts
from bot.cards import YELLOW
from bot.keyboards import Rows, look_with
from bot.means import Means
from bot.posting import GENERAL
from bot.posts import Look
from bot.quoting import NAME_LIMIT, line
from bot.quoting import body as quoted
from bot.topics import Place
from bot.uploads import Upload
from core.clock import LOCAL_ZONE, local_text
from core.commands import Button, Command, ShowApproval, Text
from core.events import ApprovalDecided
from db.commands import Delivery
from db.queries import approvals, chats
from db.queries.approvals import Approval
from db.queries.posts import CARD

ACTION = "action"
"""What would be done, as a word; everything else of ``arguments`` is shown as it is."""


async def show(means: Means, body: ShowApproval, command: Command) -> Delivery:
    """Bring the card up to date. It has buttons only while somebody may still decide."""
    async with means.db.transaction() as tx:
        approval = await approvals.find(tx, body.approval_id)
        language = await chats.language_of(tx, body.chat_id)
    if approval is None:
        return Delivery({"skipped": "no such approval"})
    text = card_text(approval)
    markup = means.texts.html(text, language)
    whole = Upload("document", "approval.txt", means.texts.plain(text, language).encode())
    place = Place(body.chat_id, approval.entity, "", YELLOW)
    bare = Look(markup, is_silent=approval.state != "asked", whole=whole)
    look = await look_with(means, place, CARD, bare, _rows(approval, body.chat_id), language=language)
    post, what = await posts.bring_up(means, place, CARD, look, thread_id=GENERAL, priority=command.priority)
    return Delivery({"message_id": post.message_id, "state": approval.state, "card": what})


def card_text(approval: Approval) -> Text:
    """All that the consent would cover, and the stranger's words that led to it marked as what they are."""
    action = approval.arguments.get(ACTION, approval.kind)
    return Text(key="approval-title", args={"action": action}, parts=tuple(_lines(approval)))


def _lines(approval: Approval) -> Iterator[Text]:
    for label, value in sorted(approval.arguments.items()):
        if label != ACTION:
            yield Text(key="approval-shown", args={"label": label, "value": quoted(value)})
    if approval.asker is not None:
        yield Text(key="approval-asker", args={"name": line(approval.asker, NAME_LIMIT)})
    if approval.branch_name is not None:
        yield Text(key="approval-branch", args={"branch": approval.branch_name})
    if approval.origin:
        yield Text(key="approval-origin", args={"text": quoted(approval.origin)})
    if approval.state == "asked":
        zone = ZoneInfo(approval.timezone) if approval.timezone else LOCAL_ZONE
        yield Text(key="approval-until", args={"time": local_text(approval.expires_at, zone)})
    else:
        yield Text(key="approval-state", args={"state": approval.state, "by": line(approval.decider or "—")})


def _rows(approval: Approval, chat_id: int) -> Rows:
    if approval.state != "asked":
        return ()
    allow = _button(approval, chat_id, Text(key="approval-allow"), is_granted=True, style="success")
    refuse = _button(approval, chat_id, Text(key="approval-refuse"), is_granted=False, style="danger")
    return ((allow, refuse),)


def _button(approval: Approval, chat_id: int, label: Text, *, is_granted: bool, style: str) -> Button:
    """For the owner of this private chat alone; their role is read again when the press is judged."""
    body = ApprovalDecided(approval_id=approval.id, is_granted=is_granted)
    return Button(
        label=label,
        event_kind=ApprovalDecided.kind,
        event=body.model_dump(mode="json"),
        subject=approval.entity,
        min_role=str(approval.role),
        only=chat_id,
        style=style,
    )
