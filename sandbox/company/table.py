"""A table of the simulated RentProg: rows by id in RentProg's own field names, with what is derived from them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Row = dict[str, Any]
"""One object as RentProg keeps it: its own field names, ints and floats mixed as on the wire."""

Diff = dict[str, tuple[Any, Any]]
"""Changed fields only: ``{field: (old, new)}``."""

T = TypeVar("T")


@dataclass
class Table:
    """Rows by id. What is derived from one row or from all rows is kept until they change.

    Ten thousand rows are served from texts that were rendered once, so the twin's own time stays small beside the
    time of the program that is measured against it.
    """

    rows: dict[int, Row] = field(default_factory=dict)
    last_id: int = 0
    _of_row: dict[int, dict[str, Any]] = field(default_factory=dict, repr=False)
    _of_all: dict[Any, Any] = field(default_factory=dict, repr=False)

    def put(self, row: Row) -> Row:
        self.rows[row["id"]] = row
        self.last_id = max(self.last_id, row["id"])
        self.touch(row["id"])
        return row

    def change(self, row_id: int, fields: Row) -> Diff:
        """Write the fields and return only those whose value is another one now."""
        row = self.rows[row_id]
        diff = {name: (row.get(name), value) for name, value in fields.items() if name not in row or row[name] != value}
        row.update(fields)
        self.touch(row_id)
        return diff

    def drop(self, row_id: int) -> Row:
        row = self.rows.pop(row_id)
        self.touch(row_id)
        return row

    def touch(self, row_id: int) -> None:
        self._of_row.pop(row_id, None)
        self._of_all.clear()

    def rendered(self, row_id: int, form: str, render: Callable[[Row], str]) -> str:
        kept = self._of_row.setdefault(row_id, {})
        if form not in kept:
            kept[form] = render(self.rows[row_id])
        return kept[form]

    def chosen(self, key: object, choose: Callable[[Iterable[Row]], T]) -> T:
        """What ``choose`` makes of all rows; ``key`` names the choice."""
        if key not in self._of_all:
            self._of_all[key] = choose(self.rows.values())
        return self._of_all[key]

    def next_id(self) -> int:
        """Never the id of a row that was destroyed."""
        return self.last_id + 1
