"""A long text as several messages: every channel takes 1800 characters, not every one takes more."""

LONGEST_TEXT = 1800


def pieces(text: str, longest: int = LONGEST_TEXT) -> tuple[str, ...]:
    """The text cut at white space, none longer than ``longest``; words that are longer than that are cut too.

    White space at a cut is left out; a text of white space alone has no pieces.
    """
    rest, cut = text.strip(), []
    while len(rest) > longest:
        at = _cut_before(rest, longest)
        cut.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return (*cut, rest) if rest else tuple(cut)


def _cut_before(text: str, longest: int) -> int:
    """Where the first piece ends: at the last line break or space, not inside a joined character."""
    at = next((i for i in range(longest, 0, -1) if text[i].isspace()), longest)
    if at < longest or text[at].isspace():
        return at
    while at > 1 and _joins(text[at - 1], text[at]):
        at -= 1
    return at if at > 1 else longest


def _joins(before: str, after: str) -> bool:
    """Whether two characters are one sign to a reader: a joiner between emoji, a variation, a tone of skin."""
    joiner = "\u200d"
    return joiner in {before, after} or after == "\ufe0f" or "\U0001f3fb" <= after <= "\U0001f3ff"
