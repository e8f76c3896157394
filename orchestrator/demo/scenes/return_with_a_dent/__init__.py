"""Return with a dent: a car is handed over by photo, comes back, and what is new is found before the client leaves."""

from orchestrator.demo.scene import Check, Scene, Stage
from orchestrator.demo.scenes.return_with_a_dent import coming_back, going_out, review, staff
from orchestrator.demo.scenes.return_with_a_dent.garage import Garage


async def play(stage: Stage) -> list[Check]:
    garage = Garage(stage)
    await staff.gather(garage)
    await going_out.play(garage)
    await coming_back.play(garage)
    await review.play(garage)
    return stage.checks


SCENE = Scene(
    name="return-with-a-dent",
    title="Return with a dent",
    play=play,
    about="One car, two inspections. The pictures are drawn by the project itself: car, yard, scratch and dent. "
    'To look on: be Иван on the chat page, in his private chat with the bot, then in "Branch Tbilisi".',
)
