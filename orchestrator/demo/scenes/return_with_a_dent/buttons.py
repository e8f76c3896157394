"""What the head of the branch presses in the car's topic: the card of an inspection and its findings."""

from collections.abc import Awaitable, Callable

from core.inspection.views import Occasion
from orchestrator.demo.scenes.return_with_a_dent.garage import HEAD, Garage, Json, buttons


async def mark(garage: Garage, title: str, *labels: str) -> None:
    """What the machine missed: part, kind, severity, each a page of the card."""
    await press_card(garage, title, "Повреждение")
    for label in labels:
        card = await garage.stage.comes_true(f"the card offers {label!r}", card_with(garage, title, label))
        if card is not None:
            await garage.director.press(garage.people[HEAD], garage.forum, card, label)


async def press_card(garage: Garage, title: str, label: str) -> None:
    card = await garage.stage.comes_true(f"the card offers {label!r}", card_with(garage, title, label))
    if card is not None:
        await garage.director.press(garage.people[HEAD], garage.forum, card, label)


def card_with(garage: Garage, title: str, label: str) -> Callable[[], Awaitable[Json | None]]:
    """The message of that title, once it has a button of that label."""

    async def look() -> Json | None:
        card = await garage.told(title)()
        return card if card is not None and label in buttons(card) else None

    return look


async def decide_all(garage: Garage, occasion: Occasion, label: str) -> None:
    """Every finding that the machine proposes gets the same answer."""
    for finding in await garage.findings(occasion):
        if finding.is_open:
            await decide(garage, finding.ordinal, label)


async def decide(garage: Garage, ordinal: int, label: str) -> None:
    title = f"🟡 № {ordinal} "
    shown = await garage.stage.comes_true(f"finding {ordinal} offers {label!r}", card_with(garage, title, label))
    if shown is not None:
        await garage.director.press(garage.people[HEAD], garage.forum, shown, label)
