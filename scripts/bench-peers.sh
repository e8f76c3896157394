#!/usr/bin/env bash
# Installs the peers that `jarvis bench` measures beside Jarvis; nothing else needs them.
set -euo pipefail
cd "$(dirname "$0")/.."

.venv/bin/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[bench]'
# It asks for a Redis client older than ours, so it has a folder of its own with everything it needs.
.venv/bin/python -m pip install -qq --disable-pip-version-check --upgrade --no-warn-conflicts --target .venv/peers/arq 'arq==0.28.0'
