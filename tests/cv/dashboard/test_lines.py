import pytest

from cv.dashboard.figures import Seen
from cv.dashboard.lines import lines_of


def row(text: str, *, x: float = 100.0, y: float = 50.0, step: float = 20.0) -> list[Seen]:
    """Figures 30 high; a point or a colon stands between two of them, a space leaves a place free."""
    seen = []
    for char in text:
        if char in ".:":
            seen.append(Seen(char, 1.0, x - step / 2, y + {".": 12, ":": 1}[char], 4, 4))
            continue
        if char != " ":
            seen.append(Seen(char, 0.9, x, y, 14, 30))
        x += step
    return seen


@pytest.mark.parametrize("text", ["84210", "312.4", "14:52", "7"])
def test_figures_on_a_line_are_read_from_left_to_right(text):
    assert [line.text for line in lines_of(row(text)[::-1])] == [text]


def test_lines_below_each_other_stay_apart():
    assert sorted(line.text for line in lines_of(row("84210") + row("3124", y=95.0))) == ["3124", "84210"]


def test_a_missing_figure_makes_a_line_uneven():
    (line,) = lines_of(row("842 0", step=16.0))
    assert (line.text, line.is_even()) == ("8420", False)


def test_letters_behind_and_before_belong_to_the_line():
    letters = [Seen(char, 0.9, x, 56.0, 10, 16) for char, x in (("D", 60), ("k", 205), ("m", 217), ("R", 400))]
    (line,) = lines_of(row("84210") + letters)
    assert line.letters == {"D", "k", "m"}


def test_the_wheel_of_tenths_ends_a_line():
    (line,) = lines_of(row("84210t"))
    assert line.text == "84210t"
