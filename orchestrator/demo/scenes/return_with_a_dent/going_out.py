"""The hand-over: thirteen photos, four questions, and a scratch that a person marks, known from then on."""

from core.inspection.views import Occasion
from db.queries import damages
from orchestrator.demo.scenes.return_with_a_dent.album import SCRATCH, Album
from orchestrator.demo.scenes.return_with_a_dent.buttons import decide_all, mark, press_card
from orchestrator.demo.scenes.return_with_a_dent.garage import CLERK, HEAD, Garage
from orchestrator.demo.scenes.return_with_a_dent.walk import answer_all, photograph_all

OUT = Occasion.HAND_OVER


async def play(garage: Garage) -> None:
    await _opens(garage)
    await _photographs(garage)
    await answer_all(garage, garage.car["mileage"], fuel="8/8")
    await _hands_in(garage)
    await _marks_the_scratch(garage)
    await _issues(garage)


async def _opens(garage: Garage) -> None:
    stage = garage.stage
    await stage.step(f"{CLERK} writes /inspect in the car's topic and presses Hand over; the form opens")
    await garage.ask_for_form("Выдать")
    form = await stage.comes_true("the form asks for the front", garage.asks("Шаг 1 из 17", "Спереди"))
    stage.check("an outline shows where to stand", form is not None and form.get("photo"))


async def _photographs(garage: Garage) -> None:
    stage = garage.stage
    await stage.step("Eight sides as one album, then the instruments, trunk, seats and registration as another")
    stage.tell("the pictures are drawn by the project while you wait")
    album = Album(garage.car["number"], walk=1, damages=[SCRATCH], mileage=garage.car["mileage"], fuel=100)
    await photograph_all(garage, album)


async def _hands_in(garage: Garage) -> None:
    stage = garage.stage
    await stage.step("Every step is done; the inspection is handed in and stands in the topic")
    await stage.comes_true("the form asks whether to finish", garage.asks("Все шаги пройдены"))
    await garage.press("Завершить осмотр")
    await stage.comes_true("vision has looked at it", garage.reaches(OUT, "examined", "reviewed"), patience_s=120)
    card = await stage.comes_true("its card stands in the car's topic", garage.told("🔑 Выдача №", "Проверено"))
    stage.check("the card says what the machine can and cannot see", "Ищут только люди" in str(card))


async def _marks_the_scratch(garage: Garage) -> None:
    stage = garage.stage
    await stage.step(f"{HEAD} sees a scratch on the rear left door and marks it by buttons; it is known from then on")
    await decide_all(garage, OUT, "Не повреждение")
    await mark(garage, "Выдача №", "задняя левая дверь", "царапина", "1 —")

    async def is_known() -> bool:
        return [one.kind for one in await stage.ask(damages.open_of, garage.car_id)] == [SCRATCH.kind]

    await stage.comes_true("the car has one damage, a scratch", is_known)
    await press_card(garage, "Выдача №", "Проверено")
    await stage.comes_true("the inspection is reviewed", garage.reaches(OUT, "reviewed"))


async def _issues(garage: Garage) -> None:
    await garage.director.act(f"bookings/{garage.booking}/issue", mileage=garage.car["mileage"])
