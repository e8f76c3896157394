"""The company's chain of roles, lowest first (business rules, section 2)."""

from enum import StrEnum


class Role(StrEnum):
    EMPLOYEE = "employee"
    BRANCH_HEAD = "branch_head"
    DIVISION_HEAD = "division_head"
    DIRECTOR = "director"
    ADMIN = "admin"

    def is_at_least(self, other: "Role") -> bool:
        """An admin may do what every role may; the others follow the chain."""
        order = list(Role)
        return order.index(self) >= order.index(other)


LANGUAGES = ("ru", "en", "ka")
"""Languages of staff texts; bot/texts holds one file for each."""
