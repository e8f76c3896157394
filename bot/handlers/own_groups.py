"""``/bind me`` and ``/bind tasks``: a forum becomes the own group of whoever writes it there."""

from bot.desk import Desk
from core.commands import Button, Text
from core.events import PersonalGroupBound
from core.events.conversations import GroupPurpose
from db.queries import chats
from db.session import Tx

PURPOSES: dict[str, GroupPurpose] = {"me": "personal_group", "tasks": "task_group"}
UNUSED = (None, "unbound")


async def bind_own(desk: Desk, tx: Tx, *, title: str, purpose: GroupPurpose) -> None:
    """One group a person and purpose; a group that serves something else, or somebody else, is refused."""
    situation = desk.situation
    body = PersonalGroupBound(chat_id=desk.chat_id, title=title, person_id=desk.person.id, purpose=purpose)
    if situation.purpose not in UNUSED:
        is_theirs = situation.owner_id == desk.person.id and situation.purpose == purpose
        desk.reply(Text(key="bind-own-already" if is_theirs else "bind-group-is-taken"))
        return
    current = await chats.group_of(tx, desk.person.id, purpose)
    if current is not None:
        desk.reply(Text(key="bind-own-move", args={"group": current.title}), ((_move_button(body, desk),),))
    else:
        desk.record(body, subject=f"chat:{desk.chat_id}")
        desk.reply(Text(key="bind-own-done", args={"purpose": purpose}))


def _move_button(body: PersonalGroupBound, desk: Desk) -> Button:
    return Button(
        label=Text(key="bind-move"),
        event_kind=PersonalGroupBound.kind,
        event=body.model_dump(mode="json"),
        subject=f"chat:{desk.chat_id}",
        only=desk.person.tg_user_id,
        style="danger",
    )
