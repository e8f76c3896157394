"""Commands: what must be done outside, as frozen typed bodies with the rule for a lost answer.

Growing it: add a body class to the file of its system and to ``BODIES``, then name who performs it.
"""

from collections.abc import Mapping

from pydantic import JsonValue

from core.commands.envelope import (
    AskApproval,
    Command,
    CommandBody,
    NewCommand,
    Priority,
    Repeat,
)
from core.commands.orders import (
    consent_to_offer,
    send_to_client,
    show_car_card,
    show_client_message,
    show_conversation_card,
    show_draft,
    show_inspection_card,
    show_sending,
    tell_topic,
    text_hash,
)
from core.commands.telegram import (
    ArchiveInspection,
    CloseTopic,
    DeleteMessages,
    EditMessage,
    KeepMedia,
    SendMessage,
    ShowApproval,
    ShowCarCard,
    ShowClientMessage,
    ShowConversationCard,
    ShowDraft,
    ShowFinding,
    ShowForm,
    ShowInspection,
    ShowMileage,
    ShowPairs,
    ShowSending,
    ShowTaskCard,
    TelegramCommand,
    TellAlarm,
    chat_destination,
)
from core.commands.texts import (
    Button,
    Text,
)
from core.commands.umnico import (
    TAKEN_BACK,
    SendToClient,
    lead_destination,
)
from core.errors import Broken, without_values

__all__ = [
    "BODIES",
    "BODY_OF_KIND",
    "TAKEN_BACK",
    "ArchiveInspection",
    "AskApproval",
    "Button",
    "CloseTopic",
    "Command",
    "CommandBody",
    "DeleteMessages",
    "EditMessage",
    "KeepMedia",
    "NewCommand",
    "Priority",
    "Repeat",
    "SendMessage",
    "SendToClient",
    "ShowApproval",
    "ShowCarCard",
    "ShowClientMessage",
    "ShowConversationCard",
    "ShowDraft",
    "ShowFinding",
    "ShowForm",
    "ShowInspection",
    "ShowMileage",
    "ShowPairs",
    "ShowSending",
    "ShowTaskCard",
    "TelegramCommand",
    "TellAlarm",
    "Text",
    "chat_destination",
    "consent_to_offer",
    "lead_destination",
    "read_body",
    "send_to_client",
    "show_car_card",
    "show_client_message",
    "show_conversation_card",
    "show_draft",
    "show_inspection_card",
    "show_sending",
    "tell_topic",
    "text_hash",
]


BODIES: tuple[type[CommandBody], ...] = (
    SendMessage,
    ShowCarCard,
    CloseTopic,
    KeepMedia,
    DeleteMessages,
    EditMessage,
    TellAlarm,
    ShowClientMessage,
    ShowSending,
    ShowConversationCard,
    ShowDraft,
    ShowTaskCard,
    ShowApproval,
    SendToClient,
    ShowForm,
    ShowInspection,
    ShowFinding,
    ShowMileage,
    ShowPairs,
    ArchiveInspection,
)
BODY_OF_KIND: dict[str, type[CommandBody]] = {body.kind: body for body in BODIES}


def read_body(kind: str, payload: Mapping[str, JsonValue]) -> CommandBody:
    """The typed body of a stored command; raises ``Broken`` for an unknown kind or one that no longer fits."""
    body = BODY_OF_KIND.get(kind)
    if body is None:
        raise Broken(f"no command of kind {kind} is known to this version")
    try:
        return body.model_validate(payload)
    except ValueError as error:
        raise Broken(f"command of kind {kind} does not fit {body.__name__}: {without_values(error)}") from error
