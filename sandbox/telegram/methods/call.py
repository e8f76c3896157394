"""One call of the bot, checked against the schema, and what every method asks of it."""

from dataclasses import dataclass
from typing import Any

from sandbox.telegram.errors import bad_request, forbidden, migrated
from sandbox.telegram.state import Chat, Message, TelegramState
from sandbox.telegram.validation import Upload

Json = dict[str, Any]

# Parts of the Bot API that exist only with accounts and chats that the sandbox does not have.
WITHOUT_COUNTERPART = {
    "business_connection_id": "business connection not found",
    "direct_messages_topic_id": "the chat is not a direct messages chat",
    "suggested_post_parameters": "the chat is not a direct messages chat",
    "rich_message": "rich messages are not simulated",
}


@dataclass(frozen=True, slots=True)
class Call:
    """The method, its typed parameters and its uploads, in the Telegram where it happens."""

    state: TelegramState
    method: str
    params: Json
    uploads: dict[str, Upload]

    @property
    def bot_id(self) -> int:
        return self.state.bot.id

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)

    def chat(self, name: str = "chat_id") -> Chat:
        """A chat that the bot is in; each reason why it is not has its own refusal."""
        chat = find_chat(self.state, self.params[name])
        if chat.migrated_to is not None:
            raise migrated(chat.migrated_to)
        if chat.is_deleted:
            raise forbidden("the group chat was deleted")
        member = chat.members.get(self.bot_id)
        if chat.kind == "private":
            return chat
        if member is None:
            raise bad_request("chat not found")
        if member.role == "kicked":
            raise forbidden(f"bot was kicked from the {_chat_word(chat)} chat")
        if member.role == "left":
            raise forbidden(f"bot is not a member of the {_chat_word(chat)} chat")
        return chat

    def chat_to_write(self) -> Chat:
        """A chat whose people can be reached."""
        for name, reason in WITHOUT_COUNTERPART.items():
            if self.get(name):
                raise bad_request(reason)
        chat = self.chat()
        if chat.kind == "private":
            if self.state.users[chat.id].is_deactivated:
                raise forbidden("user is deactivated")
            if not chat.has(self.bot_id):
                raise forbidden("bot was blocked by the user")
        return chat

    def supergroup(self) -> Chat:
        chat = self.chat()
        if chat.kind == "private":
            raise bad_request("method is available for supergroup and channel chats only")
        return chat

    def message(self, chat: Chat, action: str, name: str = "message_id") -> Message:
        """The message, or the refusal that tells what was to be done with it."""
        found = chat.messages.get(self.get(name, 0))
        if found is None:
            raise bad_request(f"message to {action} not found")
        return found

    def need(self, chat: Chat, right: str, refusal: str) -> None:
        if not chat.may(self.bot_id, right):
            raise bad_request(refusal)


def find_chat(state: TelegramState, chat_id: int | str) -> Chat:
    if isinstance(chat_id, str):
        return _chat_by_name(state, chat_id)
    found = state.chats.get(chat_id)
    if found is not None:
        return found
    if chat_id in state.users:
        raise forbidden("bot can't initiate conversation with a user")
    raise bad_request("chat not found")


def _chat_by_name(state: TelegramState, name: str) -> Chat:
    for user in state.users.values():
        if user.username and f"@{user.username.lower()}" == name.lower() and user.id in state.chats:
            return state.chats[user.id]
    raise bad_request("chat not found")


def _chat_word(chat: Chat) -> str:
    return "group" if chat.kind == "group" else "supergroup"
