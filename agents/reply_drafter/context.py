"""All that one draft needs, read at once: the conversation, its last messages, what they are worth answering."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from db.queries import conversations, drafts, messages
from db.queries.conversations import Conversation
from db.queries.messages import Message
from db.session import Tx

LAST_MESSAGES = 12


@dataclass(frozen=True, slots=True)
class Context:
    conversation: Conversation
    question: Message
    last: Sequence[Message]
    """The newest messages of the conversation, the oldest first; the question is among them unless it is an old one."""
    is_drafted: bool
    """This question or a later one has a draft already."""

    @property
    def newer(self) -> list[Message]:
        return [message for message in self.last if (message.sent_at, message.id) > _place(self.question)]

    @property
    def unanswered(self) -> list[Message]:
        """What the client wrote since the last word of ours, up to the question."""
        waiting: list[Message] = []
        for message in self.last:
            if is_answer(message):
                waiting.clear()
            elif message.direction == "incoming":
                waiting.append(message)
        return waiting


def is_answer(message: Message) -> bool:
    """Words to the client, of whomever; what did not leave is none."""
    return message.direction == "outgoing" and message.delivery != "failed"


def _place(message: Message) -> tuple[object, ...]:
    return (message.sent_at, message.id)


async def load(tx: Tx, conversation_id: UUID, message_id: UUID) -> Context | None:
    conversation = await conversations.find(tx, conversation_id)
    question = await messages.find(tx, message_id)
    if conversation is None or question is None or question.conversation_id != conversation.id:
        return None
    last = await messages.last_of(tx, conversation.id, limit=LAST_MESSAGES)
    return Context(conversation, question, last, await drafts.has_of(tx, question.id))
