#!/usr/bin/env bash
# The part of `make check` that needs a running database: both legs of the suite and Django's own checks.
set -euo pipefail
cd "$(dirname "$0")/.."
py=.venv/bin/python
export PYTHONDONTWRITEBYTECODE=1

echo "== migrations and deployment checks"
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
DATA_DIR=$data $py manage.py makemigrations --check --dry-run
DATA_DIR=$data $py manage.py reference --check
DATA_DIR=$data FENGQIAO_ENV=prod SECRET_KEY="$(head -c 48 /dev/urandom | base64 -w0)" FIELD_KEYS="$(head -c 48 /dev/urandom | base64 -w0)" \
  ALLOWED_HOSTS=example.org $py manage.py check --deploy --fail-level WARNING

echo "== suite on the embedded default"
make --no-print-directory test

if [ -n "${DATABASE_URL:-}" ] || command -v pg_isready >/dev/null && pg_isready -q -h 127.0.0.1; then
  echo "== the same suite on PostgreSQL and Redis"
  make --no-print-directory test-pg
else
  echo "No PostgreSQL on 127.0.0.1 and no DATABASE_URL: the second leg cannot run." >&2
  exit 1
fi
