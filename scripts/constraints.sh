#!/usr/bin/env bash
# Writes constraints.txt: the version of every package of a fresh full install, without the project itself.
set -euo pipefail
cd "$(dirname "$0")/.."

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

"${PYTHON:-python3.11}" -m venv "$fresh"
"$fresh/bin/python" -m pip install -qq --disable-pip-version-check -e '.[dev,bench]'
{
  echo "# Pins of a full install; renew with: make constraints"
  # LC_ALL: the same order on every machine.
  "$fresh/bin/python" -m pip freeze -qq --exclude-editable | LC_ALL=C sort -f
} >"$fresh/constraints.txt"
if grep -n ' @ ' "$fresh/constraints.txt" >&2; then
  echo "constraints.txt must hold versions, not addresses" >&2
  exit 1
fi
cat "$fresh/constraints.txt" >constraints.txt
