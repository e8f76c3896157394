"""What the oracle asserts: one invariant in a sentence, its figure, and whether it holds."""

from dataclasses import dataclass

from db.queries.oracle import Tally


@dataclass(frozen=True, slots=True)
class Assertion:
    """``is_held`` is None for what is not looked at here; ``figure`` then names the place that proves it."""

    invariant: str
    statement: str
    figure: str
    is_held: bool | None

    @property
    def is_broken(self) -> bool:
        return self.is_held is False


def counted(invariant: str, statement: str, tally: Tally) -> Assertion:
    """Held when nothing is wrong: "0 of 12,345 break it"."""
    example = "" if tally.example is None else f"; for example {tally.example}"
    return Assertion(invariant, statement, f"{tally.wrong:,} of {tally.seen:,} break it{example}", tally.wrong == 0)


def unseen(invariant: str, statement: str, proof: str) -> Assertion:
    return Assertion(invariant, statement, f"not looked at here: {proof}", None)
