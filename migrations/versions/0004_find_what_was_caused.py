"""find what was caused.

A trace asks which events a run caused and which commands belong to an event without a run; without an index each step
of it would read the whole history. Both are partial: what comes from outside and what runs order pay nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index("ix_events_caused_by", "events", ["caused_by"], postgresql_where=sa.text("caused_by IS NOT NULL"))
    op.create_index("ix_commands_answers", "commands", ["event_id"], postgresql_where=sa.text("run_id IS NULL"))
