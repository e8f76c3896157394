"""The return: a blurred photo is asked for again, another car stops the form, then the photos show what is new."""

from core.inspection.damage import DamageKind
from core.inspection.views import Occasion, Viewpoint
from orchestrator.demo.scenes.return_with_a_dent.album import DENT, SCRATCH, Album
from orchestrator.demo.scenes.return_with_a_dent.garage import CLERK, Garage
from orchestrator.demo.scenes.return_with_a_dent.walk import answer_all, photograph_all

BACK = Occasion.RETURN
DRIVEN_KM = 420


async def play(garage: Garage) -> None:
    mileage = garage.car["mileage"] + DRIVEN_KM
    album = Album(garage.car["number"], walk=2, damages=[SCRATCH, DENT], mileage=mileage, fuel=100)
    await _opens(garage)
    await _blurred(garage, album)
    await _wrong_car(garage)
    await _photographs(garage, album)
    await answer_all(garage, mileage, fuel="8/8")
    await _hands_in(garage)


async def _opens(garage: Garage) -> None:
    stage = garage.stage
    await stage.step(f"The car is back; {CLERK} presses Return")
    await garage.ask_for_form("Принять")
    await stage.comes_true("the form asks for the front", garage.asks("🏁 Возврат", "Шаг 1 из 17"))


async def _blurred(garage: Garage, album: Album) -> None:
    stage = garage.stage
    await stage.step("The first photo is blurred")
    await garage.sends([await album.blurred_side(Viewpoint.FRONT)])
    await stage.comes_true("it is asked for again, with the reason", garage.asks("Размыто", "Шаг 1 из 17"))


async def _wrong_car(garage: Garage) -> None:
    stage = garage.stage
    await stage.step("The next photo shows the car beside it")
    company = await garage.director.company()
    other = next(car["number"] for car in company["cars"] if car["number"] and car["id"] != garage.car["id"])
    neighbour = Album(other, walk=5, damages=[], mileage=1, fuel=50)
    await garage.sends([await neighbour.side(Viewpoint.FRONT)])
    stopped = garage.asks("⛔️ Стоп", other, "Шаг 1 из 17")
    await stage.comes_true("the form stops: that is another plate", stopped)


async def _photographs(garage: Garage, album: Album) -> None:
    stage = garage.stage
    await stage.step("Now the right car: eight sides, then the inside")
    await photograph_all(garage, album)


async def _hands_in(garage: Garage) -> None:
    stage = garage.stage
    await stage.step("The inspection is handed in and compared with the hand-over")
    await garage.press("Завершить осмотр")
    is_examined = garage.reaches(BACK, "examined", "reviewed")
    await stage.comes_true("every side is laid over the photo before", is_examined, patience_s=180)
    found = await garage.findings(BACK)
    asked = [one for one in found if one.is_open and one.kind is DamageKind.SCRATCH and one.part is SCRATCH.part]
    stage.check("the known scratch is asked about by nobody", asked == [], len(asked))
    told = ", ".join(f"{one.kind} {one.part} {one.state}" for one in found) or "nothing; it is not trusted with dents"
    stage.tell(f"the machine's findings: {told}")
