#!/usr/bin/env bash
# Make .venv with the locked packages. `run`: what serving needs. `dev`: all tools and the browser.
set -euo pipefail
kind=${1:-run}
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else return 1; fi; }
apt_install() {
  command -v apt-get >/dev/null || return 1
  as_root apt-get -o DPkg::Lock::Timeout=300 update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$@" >/dev/null
}

find_python() {
  for name in python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"; return
    fi
  done
  return 1
}

python=$(find_python) || { echo "Python 3.11 or later is needed." >&2; exit 1; }
if [ ! -x .venv/bin/python ]; then
  echo "Making the environment in .venv …"
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    rm -rf .venv
    # Debian keeps venv in a package of its own.
    apt_install python3-venv || { echo "Please install the package python3-venv." >&2; exit 1; }
    "$python" -m venv .venv
  fi
fi

lock=requirements.lock
[ "$kind" = dev ] && lock=requirements-dev.lock
echo "Installing the locked packages ($lock) …"
# The lock is whole, so nothing is left to resolve: `--no-deps` keeps a release of tomorrow from confusing pip today.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"

# Papers are printed with the Chinese fonts of the system. Where nobody has to be asked, they are fetched beside
# everything else; without them the pages say so, and Word files still come.
if [ "$kind" = run ] && ! fc-list 2>/dev/null | grep -i "Noto.*CJK" >/dev/null && [ ! -d /usr/share/fonts/opentype/noto ]; then
  if [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; then
    echo "Fetching the Chinese fonts for printing (fonts-noto-cjk) in the background …"
    (apt_install fonts-noto-cjk || true) >/dev/null 2>&1 </dev/null &
  else
    echo "For PDF papers please install the package fonts-noto-cjk."
  fi
fi

if [ "$kind" = dev ]; then
  missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  fc-list 2>/dev/null | grep -i "Noto.*CJK" >/dev/null || missing+=(fonts-noto-cjk)
  if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing for the browser tests: ${missing[*]} …"
    apt_install "${missing[@]}" || { echo "Please install: ${missing[*]}" >&2; exit 1; }
  fi
  touch .venv/.installed-dev
fi
touch .venv/.installed-run
