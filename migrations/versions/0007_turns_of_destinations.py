"""turns of destinations.

One column that may be empty: the predecessor does not write it, and a destination without it goes first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("destinations", sa.Column("served_at", sa.DateTime(timezone=True), nullable=True))
