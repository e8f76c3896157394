"""What Umnico's refusals mean: one of the four errors, with what it said kept apart from the text for people."""

import json

from core.errors import JarvisError, NeedsAttention, Rejected
from integrations.http import Answer, error_of
from integrations.umnico.wire_json import BadJsonError, mapping, read_json, word

SYSTEM = "Umnico"
LONGEST_SAID = 300
_BAD_OPERATOR = "doesn't exist for this account"
_SAME_ADDRESS = "already exists"


class Refused(Rejected):
    """Umnico says no. ``said`` are its own words, which may repeat what a client wrote."""

    def __init__(self, text: str, said: str) -> None:
        super().__init__(text)
        self.said = said

    @property
    def is_same_address(self) -> bool:
        """A webhook with this address is there already."""
        return _SAME_ADDRESS in self.said


def refusal(answer: Answer, name: str) -> JarvisError | None:
    """The error that an answer means; None for one that carries what was asked for."""
    if 200 <= answer.status < 300:
        return None
    said = said_in(answer)
    if answer.status == 422 and _BAD_OPERATOR in said:
        return NeedsAttention(f"{SYSTEM}: {name}: the operator we send as is not one of this account")
    if answer.status in {400, 404, 409, 410, 413, 422}:
        return Refused(f"{SYSTEM}: {name}: refused with status {answer.status}", said)
    return error_of(answer, SYSTEM, name)


def said_in(answer: Answer) -> str:
    """The words of a refusal; their place is not documented, so a text anywhere near the top will do."""
    try:
        told = read_json(answer.body)
    except BadJsonError:
        return ""
    error = mapping(told).get("error")
    found = word(mapping(told).get("message"), error, mapping(error).get("message"), told)
    return (found or json.dumps(told, ensure_ascii=False))[:LONGEST_SAID]
