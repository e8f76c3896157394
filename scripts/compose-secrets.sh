#!/usr/bin/env bash
# Makes what docker-compose.yml mounts and git never sees: random passwords in secrets/, and an empty config.yaml.
# Files that exist stay as they are, so it may be run again. secrets/telegram_token is the one to fill in by hand.
set -euo pipefail
cd "$(dirname "$0")/.."

random() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
# The folder is closed to other people of this host; the files are not, because the user inside the containers is another.
write() { [ -e "secrets/$1" ] || printf '%s' "$2" >"secrets/$1"; chmod 644 "secrets/$1"; }

mkdir -p secrets
chmod 700 secrets
printf '*\n' >secrets/.gitignore

write postgres_password "$(random)"
write app_password "$(random)"
write minio_password "$(random)"
write database_url "postgresql://jarvis_app:$(cat secrets/app_password)@postgres:5432/jarvis"
write database_owner_url "postgresql://jarvis:$(cat secrets/postgres_password)@postgres:5432/jarvis"
write storage_credentials "[default]
aws_access_key_id = jarvis
aws_secret_access_key = $(cat secrets/minio_password)
"
write web_token "$(random)"
write telegram_token ""
[ -e config.yaml ] || : >config.yaml
if [ ! -s secrets/telegram_token ]; then
  echo "Put the bot's token into secrets/telegram_token, and branches and administrators into config.yaml."
fi
