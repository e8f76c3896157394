"""What a process of its own is told."""

from pathlib import Path

import pytest

from core.settings import OperationsSettings, Settings, VisionSettings, load_settings
from orchestrator.servers import Servers
from tests.chaos.processes import GIVEN_APART, installation


def test_a_process_has_every_setting_of_the_jarvis_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A section left out would stand at its default there, and the two would tell people different things."""
    operations = OperationsSettings(remind_before_minutes=())
    given = Settings(home=tmp_path, operations=operations, vision=VisionSettings(shipped_weights=False))
    for name, value in installation(given, Servers("postgresql://a", "redis://b", "file:///c")).items():
        monkeypatch.setenv(name, value)
    read = load_settings()
    assert _sections(read) == _sections(given)


def _sections(settings: Settings) -> dict[str, object]:
    return {name: section for name, section in settings if name not in GIVEN_APART}
