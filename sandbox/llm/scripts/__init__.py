"""Scripts of the model by name: what it says in a scene, as JSON beside this file."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def script_named(name: str) -> dict[str, Any]:
    """The body of ``PUT /_sandbox/llm/script``; raises LookupError with the names there are."""
    found = _all()
    if name not in found:
        raise LookupError(f"there is no script {name!r}; scripts: {', '.join(sorted(found))}")
    return json.loads(found[name])


@cache
def _all() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in _FOLDER.glob("*.json")}
