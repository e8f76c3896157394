import pytest

from core.errors import Broken, Temporary
from integrations.rentprog import BookingRecord, all_pages
from integrations.rentprog.pages import read_page


def rows(ids):
    return [{"id": number} for number in ids]


def a_list_of(count, per_page=10):
    async def fetch(page):
        start = (page - 1) * per_page
        return read_page("booking", BookingRecord, rows(range(1, count + 1)[start : start + per_page]), number=page)

    return fetch


async def read_all(fetch, **limits):
    return [row.rentprog_id async for page in all_pages(fetch, **limits) for row in page.rows]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20, 188])
async def test_f9_every_row_is_read_whatever_the_number(count):
    assert await read_all(a_list_of(count)) == list(range(1, count + 1))


@pytest.mark.parametrize(("count", "is_last"), [(0, True), (9, True), (10, False), (50, False)])
def test_only_a_page_shorter_than_ten_is_the_last(count, is_last):
    assert read_page("booking", BookingRecord, rows(range(1, count + 1))).is_last is is_last


def test_bad_rows_count_for_the_length_of_a_page():
    page = read_page("booking", BookingRecord, [*rows(range(1, 10)), {"id": None}])

    assert not page.is_last


async def test_g17_a_failure_in_the_middle_is_a_failure_of_the_list():
    async def fail(page):
        raise Temporary(f"RentProg: page {page} is gone")

    whole = a_list_of(188)
    read = []

    async def read_pages():
        async for page in all_pages(lambda number: {3: fail}.get(number, whole)(number)):
            read.append(page.number)  # noqa: PERF401 - what was read before the failure is the point

    with pytest.raises(Temporary):
        await read_pages()

    assert read == [1, 2]


async def test_f12_reading_goes_on_at_the_page_of_the_checkpoint():
    assert await read_all(a_list_of(45), start=4) == list(range(31, 46))


async def test_rows_that_shift_between_pages_are_read_once():
    pages = {1: range(1, 11), 2: range(8, 18), 3: range(18, 20)}

    async def fetch(page):
        return read_page("booking", BookingRecord, rows(pages[page]), number=page)

    assert await read_all(fetch) == list(range(1, 20))


async def test_a_list_that_never_ends_raises_at_the_cap():
    with pytest.raises(Broken, match="did not end after 5 pages"):
        await read_all(a_list_of(1000), cap=5)


async def test_a_server_that_repeats_its_page_for_ever_is_noticed_at_once():
    asked = []

    async def fetch(page):
        asked.append(page)
        return read_page("booking", BookingRecord, rows(range(1, 11)), number=page)

    with pytest.raises(Broken, match="page 2 of the list repeats page 1"):
        await read_all(fetch)

    assert asked == [1, 2]
