"""holders, branches and crashes of runs.

The columns have defaults, so the predecessor goes on inserting; it orders its claims without ``ix_runs_ready`` of its
own, which costs it a sort of the queued heads while both run.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("runs", sa.Column("branch", sa.Text(), server_default="", nullable=False))
    op.add_column("runs", sa.Column("crashes", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("runs", sa.Column("holder", sa.BigInteger(), nullable=True))
    op.execute(
        """UPDATE runs SET branch = events.branch FROM events
           WHERE events.id = runs.event_id AND events.branch IS NOT NULL
             AND runs.state IN ('queued', 'running', 'waiting')"""
    )
    op.drop_index("ix_runs_ready", table_name="runs")
    op.create_index(
        "ix_runs_ready",
        "runs",
        ["agent", "branch", "not_before", "id"],
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_runs_suspect",
        "runs",
        ["id"],
        postgresql_where=sa.text("state = 'queued' AND crashes >= 2"),
    )
