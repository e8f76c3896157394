"""The doctor looks whether photos can be opened and read, and says what mends it."""

from pathlib import Path

import pytest

from core.settings import Settings, VisionSettings
from orchestrator.doctor import eyes


async def test_a_photo_is_opened_and_what_can_be_read_is_told() -> None:
    found = {diagnosis.name: diagnosis for diagnosis in await eyes.look(Settings())}

    assert found.keys() == {"vision", "damage weights", "tesseract"}
    assert "64x64" in found["vision"].text


async def test_eyes_that_are_switched_off_are_no_trouble() -> None:
    [diagnosis] = await eyes.look(Settings(vision=VisionSettings(is_on=False)))

    assert diagnosis.is_well
    assert "people look" in diagnosis.text


async def test_a_missing_tesseract_names_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    found = {diagnosis.name: diagnosis for diagnosis in await eyes.look(Settings())}

    assert not found["tesseract"].is_well
    assert "tesseract-ocr" in found["tesseract"].text
