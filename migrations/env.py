"""Alembic's entry: one transaction, guarded by an advisory lock so that two starts do not migrate at once."""

import os

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from db import rights
from db.models import METADATA
from db.session import sqlalchemy_url

MIGRATION_LOCK = 7_201_845

given = os.environ.get("JARVIS_DATABASE_OWNER_URL") or os.environ.get("JARVIS_DATABASE_URL", "")
url = context.config.attributes.get("url") or given
engine = create_engine(sqlalchemy_url(url), poolclass=NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=METADATA, compare_server_default=False)
    with context.begin_transaction():
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        context.run_migrations()
        rights.give(connection)
