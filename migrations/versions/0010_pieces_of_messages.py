"""pieces of messages.

How far a message of ours is on its way stands in its row, piece by piece. The id of a source is Umnico's own text; the
predecessor writes numbers, which a text takes.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("messages", sa.Column("sending", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.alter_column("conversations", "source_real_id", type_=sa.Text(), existing_type=sa.BigInteger())
