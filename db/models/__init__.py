"""The tables, by what they are about; ``METADATA`` is what Alembic compares the migrations with."""

from db.models import chats, circle, conversations, fleet, inspections, people, sync, tasks
from db.models.metadata import Model

METADATA = Model.metadata

__all__ = ["METADATA", "chats", "circle", "conversations", "fleet", "inspections", "people", "sync", "tasks"]
