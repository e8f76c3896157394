"""topics of approvals.

An approval knows whose topic hears how it ended.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("approvals", sa.Column("subject", sa.Text(), nullable=True))
