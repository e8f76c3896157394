"""The two prompts, filled with what code knows."""

from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from agents.triage.context import Context
from core.clock import LOCAL_ZONE

_FOLDER = Path(__file__).parent
SORTING = Template((_FOLDER / "prompt.md").read_text(encoding="utf-8"))
ANSWERING = Template((_FOLDER / "question.md").read_text(encoding="utf-8"))


def filled(prompt: Template, context: Context, *, zone: ZoneInfo = LOCAL_ZONE) -> str:
    words = "\n".join(f"- {word}: {meaning}" for word, meaning in sorted(context.slang.items()))
    now = context.now.astimezone(zone)
    return prompt.substitute(slang=words, now=f"{now:%A %Y-%m-%d %H:%M}", branch=context.branch_name)
