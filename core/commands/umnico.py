"""What is said to clients through Umnico."""

from typing import ClassVar
from uuid import UUID

from core.commands.envelope import CommandBody, Repeat


def lead_destination(account_id: int, lead_id: int) -> str:
    """The queue of one conversation: its messages leave in order."""
    return f"umnico:{account_id}:{lead_id}"


class SendToClient(CommandBody):
    """Send a stored message. Nothing is sent twice by itself: a lost answer is looked up in the lead's history."""

    kind: ClassVar[str] = "umnico.send"
    system: ClassVar[str] = "umnico"
    repeat: ClassVar[Repeat] = Repeat.NEVER
    conversation_id: UUID
    message_id: UUID
