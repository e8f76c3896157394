"""Personal data leaves only as placeholders, and comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.masking import mask

PERSONAL = st.sampled_from(
    ["+995 555 12 34 56", "guest@example.com", "AB1234567", "⟦phone-1⟧", "⟦", "⟧", "٠٥٥٥١٢٣٤٥٦", "٣", " ", "\u200f"],
)


@given(st.one_of(st.text(max_size=200), st.lists(st.one_of(PERSONAL, st.text(max_size=5))).map("".join)))
def test_masking_and_unmasking_gives_the_text_back(text):
    masked = mask(text)
    assert masked.unmask(masked.text) == text
    assert masked.faults(masked.text) == []


def test_the_same_value_has_the_same_placeholder():
    masked = mask("+995 555 12 34 56 or a@example.com, again +995 555 12 34 56")
    assert masked.text == "⟦phone-1⟧ or ⟦email-1⟧, again ⟦phone-1⟧"


@pytest.mark.parametrize(
    "value",
    [
        "+995 555 12 34 56",
        "+٩٩٥ ٥٥٥ ١٢ ٣٤ ٥٦",
        "555-12-34-56",
        "995555123456",
        "a.b@example.com",
        "AB1234567",
        "01024567891",
        "70 1234567",
    ],
)
def test_nothing_personal_is_left(value):
    masked = mask(f"Passport or contact: {value}, thanks")
    assert masked.text.startswith("Passport or contact: ⟦")
    assert masked.text.endswith("⟧, thanks")


@pytest.mark.parametrize("text", ["3 days, 50 GEL, 24.11.2026 at 17:30", "AA-123-BB", "1 234 567 GEL", "Room 12345"])
def test_prices_dates_and_plates_are_not_hidden(text):
    assert mask(text).text == text


def test_a_lost_or_repeated_or_invented_placeholder_is_a_fault():
    masked = mask("+995 555 12 34 56 and a@example.com")
    assert masked.faults("⟦phone-1⟧ ⟦phone-1⟧ ⟦email-1⟧ ⟦email-9⟧") == ["⟦email-9⟧", "⟦phone-1⟧"]
    assert masked.faults("⟦phone-1⟧") == ["⟦email-1⟧"]


def test_a_placeholder_that_a_client_wrote_is_not_given_a_value():
    masked = mask("⟦phone-1⟧ is mine, or +995 555 12 34 56")
    assert masked.unmask(masked.text) == "⟦phone-1⟧ is mine, or +995 555 12 34 56"
    assert masked.text == "⟦text-1⟧ is mine, or ⟦phone-1⟧"
