"""What the head of the branch presses in the car's topic: the card of an inspection and its findings."""

from core.inspection.views import Occasion
from orchestrator.demo.scenes.return_with_a_dent.garage import HEAD, Garage


async def mark(garage: Garage, title: str, *labels: str) -> None:
    """What the machine missed: part, kind, severity, each a page of the card."""
    for label in ("Повреждение", *labels):
        await press_card(garage, title, label)


async def press_card(garage: Garage, title: str, label: str) -> None:
    head = garage.people[HEAD]
    await garage.press_once_there("the card", label, garage.told(title), by=head, chat_id=garage.forum)


async def decide_all(garage: Garage, occasion: Occasion, label: str) -> None:
    """Every finding that the machine proposes gets the same answer."""
    for finding in await garage.findings(occasion):
        if finding.is_open:
            await decide(garage, finding.ordinal, label)


async def decide(garage: Garage, ordinal: int, label: str) -> None:
    shown, head = garage.told(f"🟡 № {ordinal} "), garage.people[HEAD]
    await garage.press_once_there(f"finding {ordinal}", label, shown, by=head, chat_id=garage.forum)
