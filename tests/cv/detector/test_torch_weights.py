"""Weights of torch where torch is not installed: it is said what to install."""

import sys
from pathlib import Path

import pytest

from core.errors import NeedsAttention
from cv.detector import open_detector


@pytest.mark.parametrize("missing", ["torch", "ultralytics"])
def test_weights_of_torch_without_the_extra_say_what_to_install(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(NeedsAttention, match=r"best\.pt needs .*: pip install"):
        open_detector(Path("best.pt"))
