"""The scene's script meets the real agents: each line is translated both ways, and the price is the tools' own."""

from datetime import datetime

import pytest

from sandbox.company import company
from sandbox.company.correspondents import correspondents
from sandbox.scenes.lines import Line, Times, scene_lines, scene_script
from tests.agents.reading_tools.company import ROGUE
from tests.evals.case import Case, Expect
from tests.evals.model import scripted
from tests.evals.run import run_cases

AT = Times(
    arab=datetime.fromisoformat("2026-03-09T09:30"),
    hebrew=datetime.fromisoformat("2026-03-09T11:00"),
    start=datetime.fromisoformat("2026-03-10T10:00"),
    end=datetime.fromisoformat("2026-03-14T10:00"),
)
LANGUAGES = {one.key: one.language for one in correspondents(company().guests)}
LINES = scene_lines(AT)
PRICE = LINES.price_question


def case_of(number: int, line: Line) -> Case:
    return Case.model_validate(
        {
            "id": f"{line.client}-{number}",
            "kind": "incoming" if line.is_of_client else "outgoing",
            "language": LANGUAGES[line.client],
            "intent": "booking",
            "text": line.said,
            "expect": Expect(outcome="done" if line.is_of_client else "sent", keeps=(line.read,)),
            "scripted": {},
        }
    )


async def test_every_line_of_the_scene_reaches_the_other_side_in_its_language_with_its_facts(postgres: str):
    cases = [case_of(number, line) for number, line in enumerate(LINES.all())]
    script = scene_script(AT, car=ROGUE)
    with scripted() as (twin, llm):
        twin.follow(*script["rules"])
        trials = await run_cases(cases, llm, postgres, k=1)
    assert {case.text: trials[case.id][0].failures for case in cases} == {case.text: () for case in cases}


@pytest.mark.parametrize(
    ("text", "outcome", "tools"),
    [(PRICE.said, "draft", ("availability", "price")), ("I want my money back!", "nothing", ())],
)
async def test_only_the_price_question_of_the_scene_gets_a_draft(postgres: str, text: str, outcome: str, tools):
    told = {"id": "john", "kind": "draft", "language": "en", "intent": "price", "text": text, "scripted": {}}
    case = Case.model_validate(told | {"expect": {"outcome": outcome, "tools": tools}})
    with scripted() as (twin, llm):
        twin.follow(*scene_script(AT, car=ROGUE)["rules"])
        trials = await run_cases([case], llm, postgres, k=1)
    assert trials["john"][0].failures == ()


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("колодки скрипят", Expect(outcome="task", parts=("brakes",), is_about_the_car=True)),
        ("ребята, всем доброе утро", Expect(outcome="nothing", is_about_the_car=True)),
    ],
)
async def test_the_everyday_script_reads_what_staff_write(postgres: str, text: str, expect: Expect):
    case = Case(id="s", kind="staff", language="ru", intent="slang", text=text, expect=expect, scripted={})
    with scripted() as (twin, llm):
        twin.follow(*scene_script(AT, car=ROGUE)["rules"])
        trials = await run_cases([case], llm, postgres, k=1)
    assert trials["s"][0].failures == ()
