"""The script of a scene: rules that say what the model answers to which request, and what it does without a rule."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sandbox.llm.answers import Answer
from sandbox.llm.asked import Asked
from sandbox.llm.echo import echo
from sandbox.llm.obedient import obey
from sandbox.llm.placeholders import filled
from sandbox.llm.refusals import Refused


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class Character(StrEnum):
    """How the model behaves where no rule speaks for it."""

    ECHO = "echo"
    OBEDIENT = "obedient"
    STRICT = "strict"


class When(BaseModel):
    """All that is named must hold; texts are regular expressions, searched without regard to case.

    ``tool_results`` is the number of results so far, ``tool_result`` a pattern over the newest one, ``turn`` the number
    of answers that the model already gave in this conversation, ``offers`` a tool the caller must have offered.
    """

    model_config = ConfigDict(extra="forbid")

    api: str | None = None
    model: Pattern | None = None
    system: Pattern | None = None
    user: Pattern | None = None
    tool_result: Pattern | None = None
    tool_results: int | None = None
    turn: int | None = None
    offers: str | None = None
    response_format: str | None = None

    def holds(self, asked: Asked) -> bool:
        newest = asked.tool_results[-1].text if asked.tool_results else ""
        texts = (
            (self.model, asked.model),
            (self.system, asked.system),
            (self.user, asked.last_user_text),
            (self.tool_result, newest),
        )
        equals = (
            (self.api, asked.api),
            (self.tool_results, len(asked.tool_results)),
            (self.turn, asked.turn),
            (self.response_format, asked.schema_name),
        )
        return (
            all(pattern is None or _found(pattern, text) for pattern, text in texts)
            and all(told is None or told == actual for told, actual in equals)
            and (self.offers is None or self.offers in asked.tools)
        )


class Rule(BaseModel):
    """``times`` limits how often the rule speaks; ``behave`` plays a character instead of a written answer."""

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    when: When = Field(default_factory=When)
    answer: Answer | None = None
    behave: Character = Character.ECHO
    times: int | None = Field(default=None, ge=1)


class Script(BaseModel):
    """The rules of one scene, first match first; ``delay_s`` is the pace of answers that name none."""

    model_config = ConfigDict(extra="forbid")

    scene: str = ""
    rules: list[Rule] = Field(default_factory=list)
    otherwise: Character = Character.ECHO
    delay_s: float = Field(default=0.0, ge=0)


class Prompter:
    """Follows a script: knows how often each of its rules has spoken."""

    def __init__(self, script: Script | None = None) -> None:
        self.follow(script or Script())

    def follow(self, script: Script) -> None:
        self.script = script
        self.spoken = [0] * len(script.rules)

    def put_first(self, rule: Rule) -> None:
        """One more rule before all others; what they have counted stays."""
        self.script = self.script.model_copy(update={"rules": [rule, *self.script.rules]})
        self.spoken.insert(0, 0)

    def answer(self, asked: Asked) -> tuple[str, Answer]:
        """The name of the rule or character that spoke, and what it said; raises Refused where none may."""
        for at, rule in enumerate(self.script.rules):
            if _is_left(rule, self.spoken[at]) and rule.when.holds(asked):
                self.spoken[at] += 1
                said = filled(rule.answer, asked) if rule.answer else _play(rule.behave, asked)
                return rule.name or f"rule {at + 1}", said
        return self.script.otherwise, _play(self.script.otherwise, asked)


def _is_left(rule: Rule, spoken: int) -> bool:
    return rule.times is None or spoken < rule.times


def _play(character: Character, asked: Asked) -> Answer:
    if character is Character.STRICT:
        raise Refused("The script has no rule for this request.", status=404, code="no_rule")
    return _CHARACTERS[character](asked)


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE | re.DOTALL) is not None


_CHARACTERS: dict[Character, Callable[[Asked], Answer]] = {Character.ECHO: echo, Character.OBEDIENT: obey}
