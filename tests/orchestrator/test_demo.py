"""The demo is a check of the whole: it ends well when everything held, and loudly when one thing did not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.queries import evidence
from orchestrator.demo import play
from orchestrator.demo.scene import Check, Scene, Stage
from orchestrator.demo.scenes import SCENES
from orchestrator.demo.scenes.day_at_the_branch import car_id
from tests.orchestrator.commands import jarvis, own_home

LONGEST_S = 600.0


@pytest.fixture
def home() -> Iterator[Path]:
    with own_home() as folder:
        yield folder


@pytest.mark.slow
@pytest.mark.timeout(620)
def test_the_headless_demo_plays_its_scenes_and_every_check_holds(home: Path) -> None:
    ports = ("--port", "0", "--sandbox-port", "0")
    said = jarvis("demo", "--headless", *ports, settings={"JARVIS_HOME": str(home)}, timeout_s=LONGEST_S)
    assert said.code == 0, said.out + said.err
    assert "MISSING" not in said.out + said.err
    held, _, total = said.out.rpartition(" hold,")[0].splitlines()[-1].partition(" of ")
    assert int(held) == int(total) > 100
    assert [scene.title for scene in SCENES.values() if scene.title in said.out] == [
        "A day at the branch",
        "A client writes at 8:50",
        "Return with a dent",
    ]


async def a_day_with_a_broken_line(stage: Stage) -> list[Check]:
    """RentProg's webhooks go nowhere, so the change of a car cannot be seen."""
    await stage.step("The line to Jarvis is cut")
    company = await stage.director.company()
    stage.check("the company is there", company["cars"], len(company["cars"]))
    await stage.director.aim_webhooks("http://127.0.0.1:1")
    car = company["cars"][0]
    await stage.director.act(f"cars/{car['id']}", fields={"mileage": 999_999})

    async def is_told() -> bool:
        async with stage.db.transaction() as tx:
            return bool(await evidence.events_of(tx, "rentprog.delivered", f"car:{car_id(car)}"))

    await stage.comes_true("the change is told", is_told, patience_s=0.5)
    return stage.checks


@pytest.mark.slow
def test_one_thing_that_does_not_come_true_ends_the_demo_with_exit_code_1_and_names_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JARVIS_HOME", str(home))
    scene = Scene(name="broken-line", title="A day with a broken line", play=a_day_with_a_broken_line)
    monkeypatch.setitem(SCENES, "broken-line", scene)
    assert play("broken-line", is_headless=True, port=0, sandbox_port=0) == 1
    said = capsys.readouterr()
    assert said.err == "MISSING: The line to Jarvis is cut: the change is told (False)\n"
    assert "1 of 2 hold" in said.out


def test_an_unknown_scene_is_one_line_that_names_the_scenes(tmp_path: Path) -> None:
    said = jarvis("demo", "--headless", "--scene", "night-at-the-museum", settings={"JARVIS_HOME": str(tmp_path)})
    assert said.code == 2
    [line] = said.err.splitlines()
    assert "day-at-the-branch" in line
