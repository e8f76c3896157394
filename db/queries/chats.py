"""Chats: which forum belongs to which branch, whether we are still in, and what a chat's id has become."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from core.commands import chat_destination
from core.events.conversations import GroupPurpose
from core.ids import new_id, outside_id
from db.session import Tx

STAFF_LANGUAGE = "ru"
"""What is spoken where nobody chose a language (owner's decisions, translation.staff_language)."""
NEEDED_TO_WORK = "can_manage_topics"
"""Without this right a forum is of no use; the lack of another one is told and lived with."""
FORUMS = ("branch_forum", "personal_group", "task_group")
"""Purposes that are served in topics."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as it stands now. ``language`` is its own, its branch's or its person's; ``branch`` only when bound.

    ``person_id`` is whose group it is.
    """

    chat_id: int
    purpose: str
    title: str
    branch: str | None
    branch_name: str | None
    is_forum: bool
    is_member: bool
    language: str
    missing_rights: tuple[str, ...] = field(default=())
    person_id: UUID | None = None

    @property
    def is_branch_forum(self) -> bool:
        return self.purpose == "branch_forum"

    @property
    def can_work(self) -> bool:
        """Whether commands for it make sense at all; where not, its queue is parked."""
        return self.is_member and not (self.purpose in FORUMS and NEEDED_TO_WORK in self.missing_rights)

    @property
    def shows_cars(self) -> bool:
        return self.is_branch_forum and self.can_work and self.is_forum


_SELECT = f"""
SELECT c.chat_id, c.purpose, c.title, c.branch, b.name AS branch_name, c.is_forum, c.is_member, c.missing_rights,
       c.person_id, coalesce(c.language, b.language, p.language, '{STAFF_LANGUAGE}') AS language
FROM chats AS c
LEFT JOIN branches AS b ON b.code = c.branch
LEFT JOIN people AS p ON p.tg_user_id = c.chat_id OR p.id = c.person_id
"""  # noqa: S608 - constants


def _chat(row: dict[str, Any]) -> Chat:
    return Chat(**{**row, "missing_rights": tuple(row["missing_rights"])})


async def _only(tx: Tx, condition: str, values: tuple[object, ...]) -> Chat | None:
    row = await tx.row(f"{_SELECT} WHERE {condition}", values)
    return None if row is None else _chat(row)


async def find(tx: Tx, chat_id: int) -> Chat | None:
    return await _only(tx, "c.chat_id = %s", (chat_id,))


async def forum_of(tx: Tx, branch: str) -> Chat | None:
    return await _only(tx, "c.branch = %s AND c.purpose = 'branch_forum'", (branch,))


async def language_of(tx: Tx, chat_id: int) -> str:
    """The language of a chat, also of one without a row: a person's private chat has their id."""
    row = await tx.row(
        """SELECT coalesce((SELECT coalesce(c.language, b.language, p.language) FROM chats AS c
                            LEFT JOIN branches AS b ON b.code = c.branch
                            LEFT JOIN people AS p ON p.id = c.person_id WHERE c.chat_id = %(id)s),
                           (SELECT language FROM people WHERE tg_user_id = %(id)s), %(default)s) AS language""",
        {"id": chat_id, "default": STAFF_LANGUAGE},
    )
    assert row is not None
    return str(row["language"])


async def bind_forum(tx: Tx, chat_id: int, *, title: str, branch: str, bound_by: str) -> None:
    """Give the branch this forum; the one it had before stays known and is bound to nothing."""
    await tx.run(
        """UPDATE chats SET purpose = 'unbound', branch = NULL, updated_at = now()
           WHERE branch = %s AND purpose = 'branch_forum' AND chat_id <> %s""",
        (branch, chat_id),
    )
    await tx.run(
        """INSERT INTO chats (chat_id, purpose, title, branch, is_forum, bound_by)
           VALUES (%s, 'branch_forum', %s, %s, true, %s)
           ON CONFLICT (chat_id) DO UPDATE SET purpose = excluded.purpose, title = excluded.title,
                  branch = excluded.branch, person_id = NULL, is_forum = true, is_member = true,
                  missing_rights = '[]', bound_by = excluded.bound_by, updated_at = now()""",
        (chat_id, title, branch, bound_by),
    )


async def group_of(tx: Tx, person_id: UUID, purpose: GroupPurpose) -> Chat | None:
    """The group that is a person's own, for their clients or for their tasks."""
    return await _only(tx, "c.person_id = %s AND c.purpose = %s", (person_id, purpose))


async def bind_group(
    tx: Tx, chat_id: int, *, title: str, person_id: UUID, purpose: GroupPurpose, bound_by: str
) -> Chat | None:
    """Make the forum a person's own; returns the one they had before for this, which is bound to nothing now."""
    await tx.run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 3))", (f"{purpose}:{person_id}",))
    previous = await group_of(tx, person_id, purpose)
    await tx.run(
        """UPDATE chats SET purpose = 'unbound', person_id = NULL, updated_at = now()
           WHERE person_id = %s AND purpose = %s AND chat_id <> %s""",
        (person_id, purpose, chat_id),
    )
    await tx.run(
        """INSERT INTO chats (chat_id, purpose, title, person_id, is_forum, bound_by)
           VALUES (%s, %s, %s, %s, true, %s)
           ON CONFLICT (chat_id) DO UPDATE SET purpose = excluded.purpose, title = excluded.title, branch = NULL,
                  person_id = excluded.person_id, is_forum = true, is_member = true, missing_rights = '[]',
                  bound_by = excluded.bound_by, updated_at = now()""",
        (chat_id, purpose, title, person_id, bound_by),
    )
    return None if previous is None or previous.chat_id == chat_id else previous


async def note(
    tx: Tx, chat_id: int, *, title: str, is_member: bool, is_forum: bool, missing_rights: Sequence[str]
) -> tuple[Chat | None, Chat]:
    """Write down what our membership is now; returns the chat before and after. A new one is bound to nothing."""
    before = await find(tx, chat_id)
    await tx.run(
        """INSERT INTO chats (chat_id, purpose, title, is_member, is_forum, missing_rights)
           VALUES (%(id)s, CASE WHEN %(id)s > 0 THEN 'private' ELSE 'unbound' END, %(title)s, %(is_member)s,
                   %(is_forum)s, %(missing)s)
           ON CONFLICT (chat_id) DO UPDATE SET title = excluded.title, is_member = excluded.is_member,
                  is_forum = excluded.is_forum, missing_rights = excluded.missing_rights, updated_at = now()""",
        {
            "id": chat_id,
            "title": title,
            "is_member": is_member,
            "is_forum": is_forum,
            "missing": Jsonb(list(missing_rights)),
        },
    )
    after = await find(tx, chat_id)
    assert after is not None
    return before, after


async def note_forum_mode(tx: Tx, chat_id: int, *, is_forum: bool) -> bool:
    """Write down that topics were switched on or off; True when that is news."""
    touched = await tx.run(
        "UPDATE chats SET is_forum = %(on)s, updated_at = now() WHERE chat_id = %(id)s AND is_forum <> %(on)s",
        {"id": chat_id, "on": is_forum},
    )
    return touched == 1


async def note_missing_right(tx: Tx, chat_id: int, right: str) -> None:
    """A right turned out to be missing; it is asked for again when our membership changes."""
    await tx.run(
        """UPDATE chats SET missing_rights = missing_rights || to_jsonb(%s::text), updated_at = now()
           WHERE chat_id = %s AND NOT missing_rights ? %s""",
        (right, chat_id, right),
    )


async def current_id(tx: Tx, chat_id: int) -> int:
    """What the chat is called now: settings and old commands may name the id it had before it was upgraded."""
    row = await tx.row(
        """SELECT (data ->> 'chat_id')::bigint AS chat_id FROM external_refs
           WHERE system = 'telegram' AND entity_type = 'migrated_chat' AND external_id = %s""",
        (str(chat_id),),
    )
    return chat_id if row is None else int(row["chat_id"])


async def migrate_chat(tx: Tx, old: int, new: int) -> None:
    """A group became a supergroup: rewrite its id everywhere, pending commands included. Doing it twice is harmless.

    The command that met the change is being sent and stays where it is; the new queue is held for a moment, so that
    it keeps its place in front of those behind it.
    """
    await tx.run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", (f"chat:{old}",))
    await _remember_migration(tx, old, new)
    await _move_chat_row(tx, old, new)
    for table in ("topics", "posts", "buttons", "media", "messages", "conversation_places"):
        await tx.run(f"UPDATE {table} SET chat_id = %s WHERE chat_id = %s", (new, old))  # noqa: S608 - constants
    await _move_commands(tx, old, new)


async def _remember_migration(tx: Tx, old: int, new: int) -> None:
    await tx.run(
        """INSERT INTO external_refs (id, entity_type, entity_id, system, external_id, data)
           VALUES (%s, 'migrated_chat', %s, 'telegram', %s, %s) ON CONFLICT DO NOTHING""",
        (new_id(), outside_id("telegram", "chat", new), str(old), Jsonb({"chat_id": new})),
    )


async def _move_chat_row(tx: Tx, old: int, new: int) -> None:
    """The row of the old id knows the purpose; one that an update about the new id made meanwhile knows nothing."""
    moving = await tx.row("SELECT 1 AS one FROM chats WHERE chat_id = %s", (old,))
    if moving is not None:
        await tx.run("DELETE FROM chats WHERE chat_id = %s", (new,))
        await tx.run("UPDATE chats SET chat_id = %s, updated_at = now() WHERE chat_id = %s", (new, old))


async def _move_commands(tx: Tx, old: int, new: int) -> None:
    await tx.run(
        """INSERT INTO destinations (destination, system, held_until)
           VALUES (%s, 'telegram', now() + interval '2 seconds')
           ON CONFLICT (destination) DO UPDATE SET held_until = excluded.held_until""",
        (chat_destination(new),),
    )
    await tx.run(
        """UPDATE commands SET destination = %(destination)s, merge_key = NULL,
                  payload = jsonb_set(payload, '{chat_id}', to_jsonb(%(new)s::bigint))
           WHERE destination = %(old_destination)s AND state IN ('pending', 'unknown', 'dead')""",
        {"destination": chat_destination(new), "old_destination": chat_destination(old), "new": new},
    )
    await tx.run(
        """UPDATE commands SET payload = jsonb_set(payload, '{link_chat_id}', to_jsonb(%s::bigint))
           WHERE state = 'pending' AND (payload ->> 'link_chat_id')::bigint = %s""",
        (new, old),
    )
