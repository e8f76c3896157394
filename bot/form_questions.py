"""The questions of the form: mileage and fuel as numbers, fluids and kit as switches, with what a photo proposed."""

from collections.abc import Iterator, Mapping, Sequence

from bot.choices import Choice
from bot.form_buttons import form_button, plain
from bot.inspection_words import FINE, FLUIDS, LEVELS
from bot.keyboards import Rows
from bot.quoting import line
from core.commands import Button, Text
from core.inspection.views import Question
from db.queries.inspection_answers import Answer
from db.queries.inspections import Inspection
from db.queries.readings import Reading

SWITCHES = "switches"
"""The page of a choice that has begun; before that a question shows what was answered or read."""
_EIGHTHS = 8
_TOPIC: Mapping[str, tuple[str, str]] = {
    Question.MILEAGE: ("mileage", "km"),
    Question.FUEL_LEVEL: ("fuel", "percent"),
}


def proposed(readings: Mapping[str, Reading], step: str) -> float | None:
    """The number that was read on a photo."""
    topic, name = _TOPIC.get(step, ("", ""))
    reading = readings.get(topic)
    value = None if reading is None else reading.value.get(name)
    return float(value) if isinstance(value, int | float) else None


def question_lines(readings: Mapping[str, Reading], step: str) -> Iterator[Text]:
    """What a photo says about it."""
    topic, _ = _TOPIC.get(step, ("", ""))
    if proposed(readings, step) is not None:
        yield Text(key="form-proposal")
    elif topic in readings and readings[topic].verdict == "unclear":
        yield Text(key="form-not-read")


def question_rows(
    inspection: Inspection,
    step: str,
    *,
    readings: Mapping[str, Reading],
    answers: Mapping[str, Answer],
    choice: Choice,
    kit: Sequence[str],
) -> Rows:
    match step:
        case Question.MILEAGE:
            return _proposal(inspection, readings, step)
        case Question.FUEL_LEVEL:
            return (*_proposal(inspection, readings, step), *_eighths(inspection))
        case Question.FLUID_LEVELS:
            return _fluids(inspection, chosen(step, answers, choice))
        case Question.KIT_ITEMS:
            return _kit(inspection, chosen(step, answers, choice), kit)
        case _:
            return ()


def chosen(step: str, answers: Mapping[str, Answer], choice: Choice) -> tuple[str, ...]:
    """The switches that are on: those of this moment, else those that were answered before."""
    if choice.page == SWITCHES:
        return choice.chosen
    answer = answers.get(step)
    if answer is None or answer.value is None:
        return ()
    if step == Question.KIT_ITEMS:
        return tuple(answer.value.get("present") or ())
    levels = answer.value.get("levels") or {}
    return tuple(f"{fluid}:{levels[fluid]}" for fluid in FLUIDS if fluid in levels)


def _proposal(inspection: Inspection, readings: Mapping[str, Reading], step: str) -> Rows:
    number = proposed(readings, step)
    if number is None:
        return ()
    key = "form-button-km" if step == Question.MILEAGE else "form-button-percent"
    label = Text(key=key, args={"number": round(number)})
    return ((form_button(inspection, label, "number", style="success", number=f"{number:g}"),),)


def _eighths(inspection: Inspection) -> Rows:
    buttons = [
        form_button(inspection, plain(f"{part}/{_EIGHTHS}"), "number", number=f"{100 * part / _EIGHTHS:g}")
        for part in range(_EIGHTHS + 1)
    ]
    return (tuple(buttons[:5]), tuple(buttons[5:]))


def _fluids(inspection: Inspection, on: Sequence[str]) -> Rows:
    """One button a fluid, whose every press is the next level; whatever is not touched is fine."""
    levels = {fluid: level for fluid, _, level in (name.partition(":") for name in on)}
    rows = tuple((_level(inspection, fluid, levels.get(fluid, FINE)),) for fluid in FLUIDS)
    key = "form-button-fluids-fine" if set(levels.values()) <= {FINE} else "form-button-fluids-rest"
    return (*rows, (form_button(inspection, Text(key=key), "fluids_fine", style="success"),))


def _level(inspection: Inspection, fluid: str, level: str) -> Button:
    label = Text(key="form-button-level", args={"fluid": fluid, "level": level})
    following = LEVELS[(LEVELS.index(level) + 1) % len(LEVELS)]
    return form_button(inspection, label, "level", fluid=fluid, level=following)


def _kit(inspection: Inspection, on: Sequence[str], kit: Sequence[str]) -> Rows:
    switches = [_item(inspection, item, is_on=item in on) for item in kit]
    rows = tuple(tuple(switches[start : start + 2]) for start in range(0, len(switches), 2))
    there = sum(item in on for item in kit)
    done = Text(key="form-button-kit-done", args={"there": there, "total": len(kit)})
    whole = form_button(inspection, Text(key="form-button-kit-whole"), "kit_whole", style=None if there else "success")
    if not there:
        return (*rows, (whole,), (form_button(inspection, done, "switched"),))
    as_it_is = (form_button(inspection, done, "switched", style="success"),)
    return (*rows, as_it_is) if there == len(kit) else (*rows, as_it_is, (whole,))


def _item(inspection: Inspection, item: str, *, is_on: bool) -> Button:
    label = Text(key="form-button-kit-item", args={"item": line(item), "on": "yes" if is_on else "no"})
    return form_button(inspection, label, "item", item=item, on="no" if is_on else "yes")
