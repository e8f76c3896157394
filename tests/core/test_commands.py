"""Command bodies survive being stored and read, and each says what a lost answer means for it."""

import pytest

from core.commands import BODIES, BODY_OF_KIND, Button, Repeat, SendMessage, Text, chat_destination, read_body
from core.errors import Broken


def test_every_kind_names_its_system_and_belongs_to_one_body():
    assert len(BODY_OF_KIND) == len(BODIES)
    assert [body.kind for body in BODIES if not body.kind.startswith(f"{body.system}.")] == []


def test_every_body_says_whether_it_may_be_repeated():
    assert [body.kind for body in BODIES if body.repeat not in Repeat] == []


def test_a_message_with_parts_and_buttons_reads_back_as_it_was():
    text = Text(key="outer", args={"count": 2}, parts=(Text(key="inner", parts=(Text(key="innermost"),)),))
    button = Button(label=Text(key="yes"), event_kind="access.decided", event={"role": None}, subject="person:tg:1")
    body = SendMessage(chat_id=-100, text=text, buttons=((button,),))
    assert read_body(body.kind, body.model_dump(mode="json")) == body


def test_an_unknown_kind_and_a_payload_that_does_not_fit_are_broken():
    with pytest.raises(Broken, match="no command of kind"):
        read_body("telegram.sing", {})
    with pytest.raises(Broken, match="does not fit SendMessage"):
        read_body("telegram.send_message", {"chat_id": 1})


def test_all_topics_of_a_forum_share_one_queue():
    assert chat_destination(-100) == "telegram:-100"
