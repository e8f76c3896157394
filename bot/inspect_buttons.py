"""The two buttons with which an inspection begins: the one that fits what is planned stands first."""

from bot.callbacks import screen_button
from core.commands import Button, Text
from core.inspection.views import Occasion
from db.queries.car_cards import CarFacts

SCREEN = "inspect"


def occasions(car: CarFacts) -> tuple[Button, ...]:
    """They may be pressed again and again: who has the form already is told where it is."""
    fitting = Occasion.RETURN if car.now_out is not None else Occasion.HAND_OVER
    order = sorted(Occasion, key=lambda occasion: occasion is not fitting)
    return tuple(
        screen_button(
            Text(key="inspect-button", args={"occasion": str(occasion)}),
            SCREEN,
            style="primary" if occasion is fitting else None,
            car_id=str(car.id),
            occasion=str(occasion),
        )
        for occasion in order
    )
