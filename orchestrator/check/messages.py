"""The bot's messages as the journal tells them, and the second tries among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from orchestrator.check.witness import SAID, Call

TEXTLESS = ("telegram.show_car_card", "telegram.close_topic")
"""Their text is made anew at every try, so only the topic tells whose message it is."""


@dataclass(frozen=True, slots=True)
class Message:
    chat_id: int
    message_id: int
    thread_id: int | None
    first_line: str
    n: int
    is_taken_back: bool

    @property
    def place(self) -> tuple[int, int]:
        return self.chat_id, self.message_id


def messages_of(calls: Sequence[Call]) -> dict[tuple[int, int], Message]:
    """Every message that Telegram took, by (chat, message)."""
    deleted = {(call.chat_id, number) for call in calls for number in _deleted(call)}
    return {
        (told["chat"]["id"], told["message_id"]): Message(
            told["chat"]["id"],
            told["message_id"],
            told.get("message_thread_id") if told.get("is_topic_message") else None,
            (told.get("text") or told.get("caption") or "").partition("\n")[0],
            call.n,
            (told["chat"]["id"], told["message_id"]) in deleted,
        )
        for call in calls
        for told in _said(call)
    }


def _said(call: Call) -> list[dict[str, Any]]:
    """An album is several messages."""
    if call.method not in SAID:
        return []
    result: Any = call.result
    return cast("list[dict[str, Any]]", result) if isinstance(result, list) else [result]


def _deleted(call: Call) -> list[int]:
    match call.method:
        case "deleteMessage":
            return [call.params["message_id"]]
        case "deleteMessages":
            return list(call.params["message_ids"])
        case _:
            return []


def unexplained(
    extra: Sequence[Message], commands: Sequence[Mapping[str, Any]], sent: Mapping[tuple[int, int], Message]
) -> list[Message]:
    """Those of ``extra`` that no command with a lost answer can have sent; each lost try explains one message."""
    tries = [
        _Tries(row, sent.get((row["chat_id"], row["message_id"])), _spare(row)) for row in commands if _spare(row) > 0
    ]
    left: list[Message] = []
    for message in extra:
        lost = next((each for each in tries if each.left > 0 and each.may_have_sent(message)), None)
        if lost is None:
            left.append(message)
        else:
            lost.left -= 1
    return left


@dataclass(slots=True)
class _Tries:
    row: Mapping[str, Any]
    owned: Message | None
    left: int

    def may_have_sent(self, message: Message) -> bool:
        if self.row["chat_id"] != message.chat_id:
            return False
        if self.row["kind"] in TEXTLESS:
            return self.row["thread_id"] in {None, message.thread_id}
        return self.owned is None or (self.owned.first_line, self.owned.thread_id) == (
            message.first_line,
            message.thread_id,
        )


def _spare(row: Mapping[str, Any]) -> int:
    """How many messages this command may have sent that its result does not name."""
    if row["kind"] == "telegram.close_topic":
        return row["attempt"]  # the farewell itself is named by no result
    has_said = row["state"] == "sent" and row["message_id"] is not None
    return row["attempt"] - 1 if has_said else row["attempt"]
