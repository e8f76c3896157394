"""A client writes at 8:50: four clients in four languages, a night, an outage, a silence, and nobody is forgotten."""

from orchestrator.demo.scene import Check, Scene, Stage
from orchestrator.demo.scenes.a_client_writes import evening, morning, night, silence, staff, trouble
from orchestrator.demo.scenes.a_client_writes.inbox import Inbox


async def play(stage: Stage) -> list[Check]:
    inbox = Inbox(stage)
    await staff.gather(inbox)
    await night.play(inbox)
    await morning.play(inbox)
    await trouble.play(inbox)
    await silence.play(inbox)
    await evening.play(inbox)
    return stage.checks


SCENE = Scene(
    name="a-client-writes",
    title="A client writes at 8:50",
    play=play,
    about="Four clients in four languages, and four people who all read Russian. To look on: be Иван on the chat page, "
    'in "Иван | clients".',
)
