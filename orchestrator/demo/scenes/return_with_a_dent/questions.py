"""The four questions after the photos: mileage, fuel, fluids and kit."""

from orchestrator.demo.scenes.return_with_a_dent.garage import Garage


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
