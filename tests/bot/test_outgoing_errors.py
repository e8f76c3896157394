"""Every answer of Telegram in one of our four words."""

import pytest
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.methods import GetMe

from bot.errors import Fault, MigratedError, RefusedError, fault_of, meaning_of
from core.errors import AnswerLost, Broken, NeedsAttention, Rejected, Temporary


@pytest.mark.parametrize(
    ("description", "fault"),
    [
        ("Bad Request: message thread not found", Fault.TOPIC_GONE),
        ("Bad Request: TOPIC_DELETED", Fault.TOPIC_GONE),
        ("Bad Request: TOPIC_ID_INVALID", Fault.TOPIC_GONE),
        ("Bad Request: TOPIC_CLOSED", Fault.TOPIC_CLOSED),
        ("Bad Request: TOPIC_NOT_MODIFIED", Fault.NOT_MODIFIED),
        ("Bad Request: message is not modified: specified new message content", Fault.NOT_MODIFIED),
        ("Bad Request: the chat is not a forum", Fault.NOT_A_FORUM),
        ("Bad Request: message to edit not found", Fault.MESSAGE_GONE),
        ("Bad Request: message to pin not found", Fault.MESSAGE_GONE),
        ("Bad Request: message to be replied not found", Fault.MESSAGE_GONE),
        ("Bad Request: message can't be deleted for everyone", Fault.UNDELETABLE),
        ("Bad Request: can't parse entities: Unclosed start tag at byte offset 3", Fault.UNPARSABLE),
        ("Bad Request: file is too big", Fault.FILE_TOO_BIG),
        ("Bad Request: not enough rights to create a topic", Fault.NO_RIGHT),
        ("Bad Request: not enough rights to send text messages to the chat", Fault.NO_VOICE),
        ("Bad Request: CHAT_WRITE_FORBIDDEN", Fault.NO_VOICE),
        ("Bad Request: private chat not found", Fault.CHAT_UNKNOWN),
        ("Bad Request: BUTTON_DATA_INVALID", Fault.OURS),
    ],
)
def test_a_refusal_is_known_by_its_text(description: str, fault: Fault):
    assert fault_of(description) is fault


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (Fault.CHAT_UNKNOWN, Rejected),
        (Fault.FILE_TOO_BIG, Rejected),
        (Fault.NO_RIGHT, NeedsAttention),
        (Fault.NO_VOICE, NeedsAttention),
        (Fault.OURS, Broken),
        (Fault.TOPIC_GONE, Broken),
    ],
)
def test_a_refusal_that_nobody_mends_becomes_a_word(fault: Fault, word: type[Exception]):
    assert type(RefusedError(fault, "x").meaning) is word


def test_an_answer_that_does_not_fit_is_a_changed_contract():
    with pytest.raises(ValueError, match="validation") as raised:
        GetMe.__returning__.model_validate({"id": "no number"})
    assert isinstance(meaning_of(ClientDecodeError("m", raised.value, {})), Broken)


def test_a_page_of_a_gateway_is_a_lost_answer():
    assert isinstance(meaning_of(ClientDecodeError("m", ValueError("no JSON"), "<html>")), AnswerLost)


def test_an_error_nobody_knows_is_ours():
    assert isinstance(meaning_of(TelegramAPIError(GetMe(), "I'm a teapot")), Broken)


def test_the_words_of_the_loops_stay_apart():
    assert not issubclass(RefusedError, Rejected)
    assert not issubclass(MigratedError, Temporary)
