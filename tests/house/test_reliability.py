"""docs/RELIABILITY.md and the tests agree: each row of the matrix and each promise has its proof, or its reason."""

import re

import pytest

from core.settings import Settings
from orchestrator.connections import Limits
from orchestrator.failpoints import FAILPOINTS
from tests.house.documents import ROOT, Document

PAGE = Document(ROOT / "docs" / "RELIABILITY.md", (ROOT / "docs" / "RELIABILITY.md").read_text(encoding="utf-8"))
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^ *(?:async )?def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
}
ROWS = range(1, 48)
NOT_YET = "not testable yet: "


def lines(first: str) -> dict[str, list[str]]:
    """First cell -> the other cells, of the table lines whose first cell looks like this."""
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.text.splitlines() if line[:1] == "|"
    ]
    found = [row for row in cells if re.fullmatch(first, row[0])]
    assert len({row[0] for row in found}) == len(found), "one line for each"
    return {row[0]: row[1:] for row in found}


MATRIX = lines(r"\d+")
PROMISES = lines(r"G\d+")


def named_in(cells: list[str]) -> set[str]:
    return set(re.findall(r"`(test_\w+)`", " ".join(cells)))


def rows_of(test: str) -> list[int]:
    """``test_row_21_…``, ``test_rows_1_and_2_…``, ``test_rows_8_to_11_…``."""
    found = re.match(r"test_rows?_(\d+)(?:_(and|to)_(\d+))?_", test)
    if found is None:
        return []
    first, last = int(found[1]), int(found[3] or found[1])
    return [first, last] if found[2] == "and" else list(range(first, last + 1))


def test_the_matrix_has_every_row_in_order() -> None:
    assert [int(number) for number in MATRIX] == list(ROWS)


@pytest.mark.parametrize("number", ROWS)
def test_each_row_says_what_is_expected_and_proves_it_or_says_why_not(number: int) -> None:
    _fault, expected, tests, result = MATRIX[str(number)]
    proofs = [name for name in named_in([tests]) if number in rows_of(name)]

    assert expected
    assert bool(proofs) != result.startswith(NOT_YET)
    assert result.startswith(("passes", NOT_YET))
    assert len(result) > len(NOT_YET) or result == "passes"


@pytest.mark.parametrize("test", sorted(name for name in TESTS if rows_of(name)))
def test_each_test_of_a_row_stands_in_its_line(test: str) -> None:
    assert [number for number in rows_of(test) if test not in named_in(MATRIX.get(str(number), []))] == []


@pytest.mark.parametrize("number", ROWS)
def test_a_line_names_no_test_of_another_row_and_none_that_is_gone(number: int) -> None:
    named = named_in(MATRIX[str(number)])

    assert named - TESTS == set()
    assert [name for name in named if rows_of(name) and number not in rows_of(name)] == []


@pytest.mark.parametrize("number", range(1, 13))
def test_each_promise_is_shown_by_tests_or_says_what_is_missing(number: int) -> None:
    promise, shown, missing = PROMISES[f"G{number}"]

    assert promise
    assert named_in([shown]) - TESTS == set()
    assert named_in([shown]) or missing


def test_what_proves_runs_with_make_test() -> None:
    """A test that only `make chaos` or `make soak` runs is no proof for who runs `make test`."""
    rarely = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(
            r"^@pytest\.mark\.(?:chaos|soak)\b.*\n(?:@.*\n)*(?:async )?def (test_\w+)\(", path.read_text(), re.MULTILINE
        )
    }

    assert rarely
    assert named_in([cell for cells in (*MATRIX.values(), *PROMISES.values()) for cell in cells]) & rarely == set()


def test_every_failpoint_is_named_and_none_that_is_gone() -> None:
    section = PAGE.text.partition("\n## Failpoints\n")[2].partition("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("|")]

    assert sorted(re.findall(r"`([a-z]+\.[a-z_]+)`", "\n".join(table))) == sorted(FAILPOINTS)


def test_every_invariant_is_named() -> None:
    assert list(lines(r"I\d+")) == [f"I{number}" for number in range(1, 15)]


def test_the_limits_of_the_doors_are_those_of_the_code() -> None:
    told = PAGE.text.partition("\n## What strangers may cost us\n")[2]
    limits, rentprog = Limits(), Settings().rentprog

    assert f"{limits.head_s:g} s; {limits.head_bytes // 1024} KiB; {limits.head_fields} fields" in told
    assert f"5 s more; {limits.request_bytes // 1024 // 1024} MiB" in told
    assert f"{limits.connections:,} or what the system allows; {limits.connections_of_peer:,} of one address" in told
    assert f"| until the answer is read | {limits.answer_s:g} s |" in told
    assert rentprog.webhook_max_bytes < limits.request_bytes
