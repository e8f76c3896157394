"""Who takes part in one run of a bench, who cannot and why, and whose failure must not end it for the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.errors import Broken
from core.log import get_logger
from orchestrator.bench.contenders import Contender

log = get_logger(__name__)

T = TypeVar("T")


@dataclass
class Tournament:
    """``left_out`` says of each that takes no part, or no part any more, why."""

    wanted: Sequence[Contender]
    left_out: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        for contender in self.wanted:
            if contender.why_not is not None:
                self.left_out[contender.name] = contender.why_not

    @property
    def able(self) -> list[Contender]:
        return [contender for contender in self.wanted if contender.name not in self.left_out]

    def turn(self, contender: Contender, measure: Callable[[], T]) -> T | None:
        """None when a peer cannot do it; what happens to ours is never forgiven."""
        if contender.name in self.left_out:
            return None
        try:
            return measure()
        except Broken as error:
            if contender.part != "peer":
                raise
            log.warning("a peer cannot go on", peer=contender.name, error=error)
            self.left_out[contender.name] = _last_words(str(error))
            return None

    def about(self) -> dict[str, Any]:
        """Versions and settings, by name."""
        return {
            contender.name: {
                "part": contender.part,
                "about": contender.about,
                "package": contender.package,
                "version": contender.version,
                "at_once": contender.at_once,
                "loses_nothing": contender.loses_nothing,
            }
            for contender in self.wanted
        }


def _last_words(text: str) -> str:
    """Of a traceback, also of a group: its last line with anything in it."""
    lines = [line.strip(" |+-") for line in text.splitlines()]
    return next(line for line in reversed(lines) if line)
