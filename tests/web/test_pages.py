import pytest

from tests.web.conftest import Panel

PAGES = ("/", "/fleet", "/events", "/dead", "/people", "/api/docs")


@pytest.mark.parametrize("address", PAGES)
async def test_every_page_stands_without_a_single_row(panel: Panel, address: str):
    text = await panel.page(address)

    assert "</html>" in text
