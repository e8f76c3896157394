"""What is said to clients through Umnico."""

from typing import ClassVar
from uuid import UUID

from core.commands.envelope import CommandBody, Repeat

TAKEN_BACK = "taken back"
"""The delivery note of a message that its people did not want to be sent after all."""


def lead_destination(account_id: int, lead_id: int) -> str:
    """The queue of one conversation: its messages leave in order."""
    return f"umnico:{account_id}:{lead_id}"


class SendToClient(CommandBody):
    """Send a stored message, text and files.

    ``text_hash`` is that of the words the client is to read; a message that says something else by then is not sent.
    It is safe to perform again because a repeat never sends what may have left: it looks the message up in the
    history of the lead and, where it is not found, leaves it to a person.
    """

    kind: ClassVar[str] = "umnico.send"
    system: ClassVar[str] = "umnico"
    repeat: ClassVar[Repeat] = Repeat.SAFE
    conversation_id: UUID
    message_id: UUID
    text_hash: str
    attempt: int = 0
