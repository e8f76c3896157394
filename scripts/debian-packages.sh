#!/usr/bin/env bash
# Installs the Debian packages that one purpose needs (venv, runtime, tests) where it may, else names them in one line.
# Fails only when something is missing without which the purpose cannot be reached.
set -euo pipefail

purpose=${1:-}
case $purpose in
  venv | runtime | tests) ;;
  *) echo "usage: debian-packages.sh venv|runtime|tests" >&2; exit 2 ;;
esac

has_package() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qE '^(installed|unpacked)$'; }
has_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null; }
has_tesseract() { command -v tesseract >/dev/null || has_package tesseract-ocr; }
has_venv() { "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null; }

# What reads plates and documents, and what makes PDF files. Jarvis works without them and says what it cannot do.
missing_for_inspections() {
  has_tesseract || echo tesseract-ocr
  command -v dpkg-query >/dev/null || return 0
  local name
  for name in tesseract-ocr-kat tesseract-ocr-rus libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core; do
    has_package "$name" || echo "$name"
  done
}

missing() {
  case $purpose in
    venv) has_venv || echo python3-venv ;;
    runtime) missing_for_inspections ;;
    tests)
      has_chromium || echo chromium
      missing_for_inspections
      # The pictures on buttons would else be empty boxes in the chat page's screenshots.
      command -v dpkg-query >/dev/null || return 0
      has_package fonts-noto-color-emoji || echo fonts-noto-color-emoji
      ;;
  esac
}

has_what_it_needs() {
  case $purpose in
    venv) has_venv ;;
    runtime) true ;;
    tests) has_chromium && has_tesseract ;;
  esac
}

mapfile -t packages < <(missing)
[ ${#packages[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi

may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; }

install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${packages[@]}" >/dev/null
}

finish_what_was_killed() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive dpkg --configure -a >/dev/null 2>&1 || true; }

if may_install; then
  echo "Installing Debian packages: ${packages[*]} ..."
  # The lists of a fresh machine may be empty or old, and an installation that was killed leaves dpkg half done until it is
  # told to go on: both only if the first try fails.
  install 2>/dev/null || { finish_what_was_killed; "${as_root[@]}" apt-get -qq update && install; } || true
fi

mapfile -t packages < <(missing)
[ ${#packages[@]} -gt 0 ] || exit 0
echo "Please install the Debian packages ${packages[*]}: sudo apt-get install ${packages[*]}" >&2
has_what_it_needs
