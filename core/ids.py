"""Identities: own UUIDs, and the ones derived from an outside system's id."""

from uuid import UUID, uuid4, uuid5

_OUTSIDE = UUID("6f2b7c1e-3d4a-5b8f-9e10-7a6c5d4e3f21")
"""Namespace of ids derived from outside systems; changing it would rename every row."""


def new_id() -> UUID:
    return uuid4()


def outside_id(system: str, entity: str, external_id: int | str) -> UUID:
    """The row id of an outside object: the same input gives the same id, so a repeated insert meets itself.

    An outside id means nothing without its system and entity type (domain rule), hence all three.
    """
    return uuid5(_OUTSIDE, f"{system}:{entity}:{external_id}")


def rentprog_id(entity: str, external_id: int) -> UUID:
    return outside_id("rentprog", entity, external_id)
