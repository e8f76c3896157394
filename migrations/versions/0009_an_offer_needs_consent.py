"""an offer needs consent.

A message that promises something waits for a head each time it is sent; the predecessor writes the default. One group
of tasks a person, as it is with the groups for clients.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "messages", sa.Column("needs_approval", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_index(
        "uq_chats_task_group",
        "chats",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("purpose = 'task_group'"),
    )
