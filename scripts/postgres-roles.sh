#!/usr/bin/env bash
# Run once by the image of PostgreSQL, when it makes its data: the roles that Jarvis gives their rights (db/rights.py).
# On a server of your own an administrator says the same two lines, with a password of their own.
set -euo pipefail

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set password `cat "${APP_PASSWORD_FILE:-/run/secrets/app_password}"`
CREATE ROLE jarvis_app LOGIN PASSWORD :'password';
CREATE ROLE jarvis_read NOLOGIN;
SQL
