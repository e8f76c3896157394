"""One walk through the form: thirteen photos as two albums, then mileage, fuel, fluids and kit."""

from orchestrator.demo.scenes.return_with_a_dent.album import Album
from orchestrator.demo.scenes.return_with_a_dent.garage import Garage


async def photograph_all(garage: Garage, album: Album) -> None:
    stage = garage.stage
    await garage.sends(await album.sides())
    await stage.comes_true("all eight sides passed the gates", garage.asks("Шаг 9 из 17"), patience_s=180)
    await garage.sends(await album.inside())
    await stage.comes_true("so did the other five photos", garage.asks("Шаг 14 из 17", "Пробег"), patience_s=120)


async def answer_all(garage: Garage, mileage: int, *, fuel: str) -> None:
    stage = garage.stage
    await stage.step("Mileage as a number, fuel by a button, fluids and kit by switches")
    await stage.comes_true("the mileage is asked", garage.asks("Пробег"))
    await garage.director.say(garage.clerk, garage.clerk, str(mileage))
    await stage.comes_true("the fuel is asked", garage.asks("Сколько в баке"))
    await garage.press(fuel)
    await stage.comes_true("the fluids are asked", garage.asks("Уровни жидкостей"))
    await garage.press("Всё в норме")
    await stage.comes_true("the kit is asked", garage.asks("Комплект в багажнике"))
    await garage.press("Всё на месте")
