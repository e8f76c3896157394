"""Words of strangers made fit to show, and files made ready for albums."""

import pytest

from bot.quoting import body, is_right_to_left, line
from bot.uploads import Upload, batches


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  Dana\n\tExample ", "Dana Example"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("דנה", "\u2068דנה\u2069"),
        ("Dana דנה", "\u2068Dana דנה\u2069"),
        ("\x00\x07", ""),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_a_name_is_one_calm_line(given: str, shown: str):
    assert line(given) == shown


def test_a_long_line_is_cut_visibly_between_characters():
    assert line("я" * 100, 10) == "я" * 9 + "…"


def test_a_text_keeps_its_lines_and_loses_what_turns_them():
    assert body("one\r\ntwo\u202e\n\nthree\x00\n") == "one\ntwo\n\nthree"


@pytest.mark.parametrize(("text", "is_so"), [("hello", False), ("שלום", True), ("مرحبا", True), ("40 GEL", False)])
def test_letters_tell_the_direction(text: str, is_so: bool):
    assert is_right_to_left(text) is is_so


def upload(kind: str) -> Upload:
    return Upload(kind, "name", b"x")


@pytest.mark.parametrize(
    ("kinds", "together"),
    [
        (["photo", "video", "photo"], [3]),
        (["photo", "document", "document"], [1, 2]),
        (["voice", "voice"], [1, 1]),
        (["audio", "audio", "voice"], [2, 1]),
        (["photo"] * 21, [10, 10, 1]),
        ([], []),
    ],
)
def test_only_what_telegram_takes_together_is_one_album(kinds: list[str], together: list[int]):
    assert [len(batch) for batch in batches(upload(kind) for kind in kinds)] == together
