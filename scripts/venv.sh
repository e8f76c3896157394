#!/usr/bin/env bash
# Makes .venv with a Python that is new enough, or says in one line what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

python=""
for name in ${PYTHON:-} python3.11 python3; do
  # A version manager's stub exists without its Python, so the Python itself is asked.
  if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$name
    break
  fi
done
if [ -z "$python" ]; then
  echo "Jarvis needs Python 3.11 or newer; install it, or name it: make PYTHON=/path/to/python3.11 ..." >&2
  exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  PYTHON=$python scripts/debian-packages.sh venv
fi
# Half a venv would look finished to make.
"$python" -m venv --clear .venv || { rm -rf .venv; exit 1; }
