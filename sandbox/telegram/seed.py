"""The people and groups with which a sandbox begins."""

from collections.abc import Mapping

from sandbox.company.telegram import TelegramChat, TelegramSeed
from sandbox.telegram.groups import adopt_group
from sandbox.telegram.state import Chat, Member, TelegramState, User


def bot_of(seed: TelegramSeed) -> User:
    return User(seed.bot_id, "Jarvis", username=seed.bot_username, is_bot=True)


def plant(state: TelegramState, seed: TelegramSeed, titles: Mapping[int, str]) -> None:
    """Fill an empty Telegram in silence: no updates, as if it had always been so. `titles` say what people do."""
    for person in seed.people:
        state.users[person.id] = User(
            person.id,
            person.first_name,
            person.last_name,
            person.username or "",
            person.language_code,
            title=titles.get(person.id, ""),
        )
    for group in seed.chats:
        adopt_group(state, _group(state, group))


def _group(state: TelegramState, group: TelegramChat) -> Chat:
    """The last of the administrators owns the group, since somebody has to."""
    members = {user_id: Member(state.user(user_id).id) for user_id in group.members}
    for user_id in group.admins:
        members[user_id] = Member(user_id, "administrator", frozenset(group.bot_rights))
    owner_id = group.admins[-1] if group.admins else group.members[0]
    members[owner_id] = Member(owner_id, "creator")
    members[state.bot.id] = Member(state.bot.id, "administrator", frozenset(group.bot_rights))
    return Chat(group.id, "supergroup", group.title, is_forum=group.is_forum, members=members)
