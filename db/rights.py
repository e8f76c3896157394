"""Who may do what with the tables: one visible table, applied by the owner after every migration.

Administrators make the roles, Jarvis gives them their rights. The application owns nothing, so that a mistake or an
intruder in it can neither change the tables nor rewrite the audit.
"""

from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from db.session import Tx, libpq_url

APP_ROLE = "jarvis_app"
"""What every process of Jarvis works as; a login of another name joins it (``GRANT jarvis_app TO …``)."""
READ_ROLE = "jarvis_read"
"""For reports and looking around."""

_WORK = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
_APP_EXCEPTIONS = {
    "alembic_version": frozenset({"SELECT"}),
    "audit": frozenset({"SELECT", "INSERT"}),
}
"""Every other table, also one that a later migration adds, is open to the application's work."""

_TABLES = """
SELECT c.relname AS name, role.rolname AS role,
       array_remove(array_agg(held.privilege_type ORDER BY held.privilege_type), NULL) AS held
FROM pg_class c CROSS JOIN pg_roles role LEFT JOIN aclexplode(c.relacl) held ON held.grantee = role.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
  AND pg_has_role(c.relowner, 'USAGE') AND role.rolname IN (:app, :read)
GROUP BY c.relname, role.rolname
"""

_SCHEMA = """
SELECT current_schema() AS name,
       EXISTS (SELECT FROM aclexplode(nspacl) WHERE grantee = 0 AND privilege_type = 'CREATE') AS is_open
FROM pg_namespace WHERE nspname = current_schema() AND pg_has_role(nspowner, 'USAGE')
"""


def wanted(role: str, table: str) -> frozenset[str]:
    """The rights of a role on a table."""
    return _APP_EXCEPTIONS.get(table, _WORK) if role == APP_ROLE else frozenset({"SELECT"})


def give(connection: Connection) -> None:
    """Bring the rights of the roles that exist to what this page says; only what differs is touched.

    For whoever owns the tables; for anybody else there is nothing to give.
    """
    quote = connection.dialect.identifier_preparer.quote
    for schema in connection.execute(text(_SCHEMA)).mappings().all():
        if schema["is_open"]:  # as every database was made before PostgreSQL 15
            connection.execute(text(f"REVOKE CREATE ON SCHEMA {quote(schema['name'])} FROM PUBLIC"))
    for table in connection.execute(text(_TABLES), {"app": APP_ROLE, "read": READ_ROLE}).mappings().all():
        rights = wanted(table["role"], table["name"])
        if set(table["held"]) != rights:
            name = quote(table["name"])
            connection.execute(text(f"REVOKE ALL ON TABLE {name} FROM {table['role']}"))
            connection.execute(text(f"GRANT {', '.join(sorted(rights))} ON TABLE {name} TO {table['role']}"))


def make_roles(owner_url: str, *, password: str | None = None) -> None:
    """Make the roles on a server that is ours alone (embedded, or for tests); elsewhere an administrator does."""
    secret = sql.SQL("") if password is None else sql.SQL(" PASSWORD {}").format(password)
    with psycopg.connect(libpq_url(owner_url), autocommit=True) as connection:
        for role in (APP_ROLE, READ_ROLE):
            name = sql.Identifier(role)
            try:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name) + secret)
            except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("ALTER ROLE {} LOGIN").format(name) + secret)


def as_role(url: str, role: str, *, password: str | None = None) -> str:
    """The same database as another user."""
    changed = make_url(url).set(username=role, password=password)
    return changed.render_as_string(hide_password=False)


_OWN = """
SELECT current_user AS name, role.rolsuper AS is_superuser,
       has_schema_privilege(current_schema(), 'CREATE') AS may_create,
       (SELECT count(*) FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
          AND pg_has_role(c.relowner, 'MEMBER')) AS owned
FROM pg_roles role WHERE role.rolname = current_user
"""

_ON_TABLES = """
SELECT c.relname AS name,
       array(SELECT right_name FROM unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS right_name
             WHERE has_table_privilege(c.oid, right_name)) AS held
FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""


async def faults_of_user(tx: Tx) -> tuple[str, tuple[str, ...]]:
    """Name of the database user of this connection, and what it may too much or too little, in words."""
    own = await tx.row(_OWN)
    assert own is not None
    if own["is_superuser"]:
        return own["name"], ("is a superuser",)
    if own["owned"]:
        return own["name"], ("owns tables",)
    found = ["may create tables"] if own["may_create"] else []
    for table in await tx.rows(_ON_TABLES):
        found += _faults_on(table)
    return own["name"], tuple(found)


def _faults_on(table: dict[str, Any]) -> list[str]:
    held, rights = set(table["held"]), wanted(APP_ROLE, table["name"])
    too_much = [f"may {right} {table['name']}" for right in sorted(held - rights)]
    return too_much + [f"may not {right} {table['name']}" for right in sorted(rights - held)]
