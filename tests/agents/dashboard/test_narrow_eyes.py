"""What narrow agents make of what real eyes see: unread is asked for once, then a person says; unclear never passes."""

from collections.abc import AsyncIterator

import pytest_asyncio

from agents.dashboard import AGENT as DASHBOARD
from agents.documents import AGENT as DOCUMENTS
from agents.wash import AGENT as WASH
from core.events import BodyPhotographed, DashboardPhotographed, DocumentPhotographed
from core.inspection.views import Occasion, Viewpoint
from core.settings import VisionSettings
from cv.drawn.dashboards import Dashboard, draw_dashboard
from cv.drawn.document import draw_document
from cv.vision import Vision, open_vision
from tests.agents.dashboard.rental import HEAD, INSPECTOR, Rental, said
from tests.agents.evidence.company import picture


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def eyes() -> AsyncIterator[Vision]:
    """One process for the file."""
    vision = open_vision(VisionSettings(threads=1, task_timeout_s=300))
    yield vision
    await vision.aclose()


@pytest_asyncio.fixture
async def seen(rental: Rental, eyes: Vision) -> Rental:
    rental.see_with(eyes)
    return rental


def instruments(seed: int) -> bytes:
    """A dashboard without a gauge."""
    return draw_dashboard(Dashboard(odometer_km=45_210, fuel_gauge="none", seed=seed)).photo


async def test_a_gauge_that_cannot_be_read_is_photographed_once_more_and_then_a_person_says_it(seen: Rental):
    form = await seen.form(views=(Viewpoint.DASHBOARD,))
    first = await seen.photographed(DASHBOARD, DashboardPhotographed, form, Viewpoint.DASHBOARD, instruments(1))
    again = await seen.photographed(DASHBOARD, DashboardPhotographed, form, Viewpoint.DASHBOARD, instruments(2))
    assert said(first) == [(INSPECTOR, "reading-fuel-again")]
    assert said(again) == []
    assert (await seen.reading(form, "fuel")).verdict == "unclear"


async def test_a_document_that_cannot_be_read_is_not_present_and_the_head_hears_of_the_second_one(seen: Rental):
    form = await seen.form(views=(Viewpoint.DOCUMENT,))
    first = await seen.photographed(DOCUMENTS, DocumentPhotographed, form, Viewpoint.DOCUMENT, picture(20))
    assert (await seen.reading(form, "document")).verdict == "problem"
    second = await seen.photographed(DOCUMENTS, DocumentPhotographed, form, Viewpoint.DOCUMENT, picture(60))
    assert said(first) == [(INSPECTOR, "reading-document-again")]
    assert said(second) == [(INSPECTOR, "reading-document-again"), (HEAD, "reading-document-missing")]


async def test_a_document_that_can_be_read_is_present(seen: Rental):
    form = await seen.form(views=(Viewpoint.DOCUMENT,))
    photo = draw_document(seed=1).jpeg
    outcome = await seen.photographed(DOCUMENTS, DocumentPhotographed, form, Viewpoint.DOCUMENT, photo)
    assert ((await seen.reading(form, "document")).verdict, said(outcome)) == ("ok", [])


async def test_a_car_of_which_nothing_sure_can_be_said_is_not_clean(seen: Rental):
    views = (Viewpoint.FRONT, Viewpoint.LEFT)
    form = await seen.form(Occasion.HAND_OVER, views=views)
    for shade, view in enumerate(views):
        await seen.photographed(WASH, BodyPhotographed, form, view, picture(40 * shade))
        assert (await seen.reading(form, "wash")).verdict == "unclear"


async def test_a_return_need_not_be_clean(seen: Rental):
    form = await seen.form(Occasion.RETURN, views=(Viewpoint.FRONT,))
    outcome = await seen.photographed(WASH, BodyPhotographed, form, Viewpoint.FRONT, picture(40))
    assert outcome.note == "only a hand-over has to be clean"
