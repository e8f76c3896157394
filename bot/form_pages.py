"""What the form of an inspection says and offers: one page for each thing that may be asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.choices import Choice
from bot.form_buttons import form_button, plain
from bot.form_questions import question_lines, question_rows
from bot.inspection_words import (
    REASONS,
    accepted_steps,
    answer_line,
    is_done,
    is_skipped,
    is_view,
    skipped_line,
    title,
)
from bot.keyboards import Rows
from bot.quoting import line
from core.commands import Button, Text
from core.inspection.views import Question, Viewpoint
from db.queries.inspection_answers import Answer
from db.queries.inspection_photos import Photo
from db.queries.inspections import Inspection
from db.queries.readings import Reading

PICTURE_OF: Mapping[str, Viewpoint] = {
    Question.MILEAGE: Viewpoint.DASHBOARD,
    Question.FUEL_LEVEL: Viewpoint.FUEL,
    Question.FLUID_LEVELS: Viewpoint.FLUIDS,
    Question.KIT_ITEMS: Viewpoint.TRUNK,
}
"""A question shows the outline of where its answer is found."""
COLLEAGUES = 12


@dataclass(frozen=True, slots=True)
class FormFacts:
    """All that the form shows. ``colleagues`` are those it may be handed to; ``waiting`` photos are being looked at."""

    inspection: Inspection
    viewer_id: UUID | None
    photos: Sequence[Photo]
    answers: Mapping[str, Answer]
    readings: Mapping[str, Reading]
    choice: Choice
    colleagues: Sequence[tuple[UUID, str]]
    waiting: int
    kit: Sequence[str]

    @property
    def taken(self) -> frozenset[str]:
        return accepted_steps(self.photos)


@dataclass(frozen=True, slots=True)
class Page:
    """``outline`` is the side whose outline stands above the words."""

    text: Text
    rows: Rows = ()
    outline: str | None = None


def page_of(facts: FormFacts) -> Page:
    inspection = facts.inspection
    if inspection.is_in_work and facts.viewer_id != inspection.person_id:
        return Page(_titled(facts, Text(key="form-handed", args={"name": line(inspection.person_name)})))
    match inspection.state:
        case "open":
            return _open(facts)
        case "paused":
            resume = _button(facts, "form-button-resume", "resume", style="success")
            return Page(_titled(facts, _progress(facts), Text(key="form-paused")), ((resume,),))
        case "cancelled":
            return Page(_titled(facts, Text(key="form-cancelled")))
        case _:
            return Page(_titled(facts, Text(key="form-submitted")))


def _open(facts: FormFacts) -> Page:
    match facts.choice.page:
        case "skip":
            return _skip(facts)
        case "skip_words":
            return Page(_asked(facts, Text(key="form-skip-words")), ((_back_to_step(facts),),), _outline(facts))
        case "hand":
            return _hand(facts)
        case "cancel":
            yes = _button(facts, "form-button-cancel-yes", "cancel_now", style="danger")
            no = _button(facts, "form-button-no", "first_page")
            return Page(_asked(facts, Text(key="form-cancel-sure")), ((yes, no),), _outline(facts))
        case _ if facts.inspection.step is None:
            return _finish(facts)
        case _:
            return _step(facts, facts.inspection.step)


def _step(facts: FormFacts, step: str) -> Page:
    about = Text(key="form-step-about" if is_view(step) else "form-question-about", args={"step": step})
    lines = (*_notice(facts), about, *_now(facts, step), *question_lines(facts.readings, step), *_waiting(facts))
    asked = question_rows(
        facts.inspection,
        step,
        readings=facts.readings,
        answers=facts.answers,
        choice=facts.choice,
        kit=facts.kit,
    )
    rows = (*_go_on(facts, step), *asked, *_steering(facts))
    return Page(_asked(facts, *lines), rows, _outline(facts))


def _steering(facts: FormFacts) -> Rows:
    back = (_button(facts, "form-button-back", "back"),) if facts.inspection.position else ()
    aside = tuple(_button(facts, f"form-button-{act}", act) for act in ("pause", "hand", "cancel"))
    return ((*back, _button(facts, "form-button-skip", "skip")), aside)


def _go_on(facts: FormFacts, step: str) -> Rows:
    """Where the last photo of the step was not taken, a person may stand behind it as it is."""
    given = [photo for photo in facts.photos if photo.step == step and photo.state != "extra"]
    last = given[-1] if given else None
    if last is None or last.working_key is None or last.state not in {"retake", "refused"}:
        return ()
    label = "form-button-go-on" if last.state == "retake" else "form-button-right-car"
    return ((_button(facts, label, "go_on"),),)


def _skip(facts: FormFacts) -> Page:
    reasons = [_button(facts, f"form-reason-{reason}", "skip_because", reason=reason) for reason in REASONS]
    rows = (*((one,) for one in reasons), (_button(facts, "form-reason-other", "skip_words"),), (_back_to_step(facts),))
    return Page(_asked(facts, Text(key="form-skip-why")), rows, _outline(facts))


def _hand(facts: FormFacts) -> Page:
    if not facts.colleagues:
        return Page(_asked(facts, Text(key="form-hand-nobody")), ((_back_to_step(facts),),), _outline(facts))
    people = tuple(
        (_plain(facts, line(name), "hand_to", to_person=str(person_id)),)
        for person_id, name in facts.colleagues[:COLLEAGUES]
    )
    return Page(_asked(facts, Text(key="form-hand-whom")), (*people, (_back_to_step(facts),)), _outline(facts))


def _finish(facts: FormFacts) -> Page:
    """Everything had its turn: what is missing is named before it is sent."""
    finish = _button(facts, "form-button-finish", "submit", style="success")
    steering = tuple(_button(facts, f"form-button-{act}", act) for act in ("back", "pause", "cancel"))
    lines = (*_notice(facts), *_missing(facts), *_answers(facts), *_waiting(facts), Text(key="form-finish-ask"))
    text = _titled(facts, _marks(facts), Text(key="form-finish"), *lines)
    return Page(text, ((finish,), steering))


def _missing(facts: FormFacts) -> Iterator[Text]:
    taken, answers = facts.taken, facts.answers
    missing = [step for step in facts.inspection.steps if not is_done(step, taken, answers)]
    photos = sum(is_view(step) and step in taken for step in facts.inspection.steps)
    yield Text(key="form-finish-photos", args={"photos": photos, "total": sum(map(is_view, facts.inspection.steps))})
    if missing:
        yield Text(key="form-finish-missing", args={"count": len(missing)})
    for step in missing:
        why = answers[step].skipped_why if step in answers else None
        yield skipped_line(step, why)


def _answers(facts: FormFacts) -> Iterator[Text]:
    for step in Question:
        answer = facts.answers.get(step)
        if answer is not None and answer.value is not None:
            yield from answer_line(step, answer.value, facts.kit)


def _now(facts: FormFacts, step: str) -> tuple[Text, ...]:
    """Who comes back to a step sees what stands there."""
    answer = facts.answers.get(step)
    if is_view(step) and step in facts.taken:
        return (Text(key="form-photo-there"),)
    if answer is None or answer.value is None:
        return ()
    return answer_line(step, answer.value, facts.kit)


def _notice(facts: FormFacts) -> tuple[Text, ...]:
    notice: Mapping[str, Any] | None = facts.inspection.notice
    return () if notice is None else (Text.model_validate(notice),)


def _waiting(facts: FormFacts) -> tuple[Text, ...]:
    return (Text(key="form-waiting", args={"count": facts.waiting}),) if facts.waiting else ()


def _progress(facts: FormFacts) -> Text:
    taken, steps = facts.taken, facts.inspection.steps
    done = sum(is_done(step, taken, facts.answers) for step in steps)
    return Text(key="form-progress", args={"done": done, "total": len(steps)})


def _marks(facts: FormFacts) -> Text:
    """One mark a step: done, skipped, asked now, still to come."""
    taken, inspection = facts.taken, facts.inspection
    marks = "".join(
        "◉"
        if place == inspection.position
        else "●"
        if is_done(step, taken, facts.answers)
        else "⊘"
        if is_skipped(step, taken, facts.answers)
        else "○"
        for place, step in enumerate(inspection.steps)
    )
    return plain(marks)


def _asked(facts: FormFacts, *lines: Text) -> Text:
    inspection = facts.inspection
    step = Text(
        key="form-step",
        args={"step": min(inspection.position + 1, len(inspection.steps)), "total": len(inspection.steps)},
    )
    return _titled(facts, step, _marks(facts), *lines)


def _titled(facts: FormFacts, *lines: Text) -> Text:
    return title(facts.inspection, "form-title").model_copy(update={"parts": lines})


def _outline(facts: FormFacts) -> str | None:
    step = facts.inspection.step
    return None if step is None else str(PICTURE_OF.get(step, step))


def _back_to_step(facts: FormFacts) -> Button:
    return _button(facts, "form-button-first-page", "first_page")


def _button(facts: FormFacts, label: str, do: str, *, style: str | None = None, **more: str) -> Button:
    return form_button(facts.inspection, Text(key=label), do, style=style, **more)


def _plain(facts: FormFacts, label: str, do: str, **more: str) -> Button:
    return form_button(facts.inspection, plain(label), do, **more)
