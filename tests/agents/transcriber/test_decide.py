"""Which recordings are too long to be written down."""

import pytest

from agents.transcriber.decide import is_too_large, is_too_long


@pytest.mark.parametrize(
    ("text", "seconds", "is_long"),
    [
        ("Hello", 180, False),
        ("Hello", 180.1, True),
        ("words " * 2000, 180, False),
        ("words " * 500, None, False),
        ("words " * 1000, None, True),
    ],
)
def test_a_recording_is_too_long_by_its_length_else_by_how_much_is_said_in_it(text, seconds, is_long):
    assert is_too_long(text, seconds, longest_s=180) is is_long


@pytest.mark.parametrize(
    ("kind", "megabytes", "is_large"),
    [("voice", 1, False), ("voice", 6, True), ("audio", 6, False), ("video_note", 12, False), ("other", 40, True)],
)
def test_a_file_that_cannot_be_short_enough_is_known_by_its_size(kind, megabytes, is_large):
    assert is_too_large(kind, megabytes * 1_000_000, longest_s=180) is is_large
