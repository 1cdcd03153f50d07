"""The database from ``DATABASE_URL``: SQLite in the data directory, or PostgreSQL."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from mediation.config import env
from mediation.core import sqlite_engine

# FULL: a commit is on disk before the answer leaves. IMMEDIATE: a transaction that will write says so
# at its start; otherwise two of them dead-lock and one dies with "database is locked" at once.
SQLITE_OPTIONS = {
    "timeout": 10,
    "transaction_mode": "IMMEDIATE",
    "factory": sqlite_engine.connection_class(),
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;"
        "PRAGMA mmap_size=0;PRAGMA journal_size_limit=67108864;PRAGMA foreign_keys=ON;"
    ),
}
# Values are bound by the server. What pages ask is planned for its own values: a plan made once for any
# area takes a province for as small as the mean one; core.db says what is prepared. To compile a
# plan to machine code takes longer than any page may.
POSTGRES_OPTIONS: dict[str, Any] = {
    "server_side_binding": True,
    "prepare_threshold": None,
    "options": "-c lock_timeout=3s -c statement_timeout=15s"
    " -c idle_in_transaction_session_timeout=30s -c jit=off"
    " -c max_parallel_workers_per_gather=0",
}


def from_environment(data_dir: Path) -> dict[str, Any]:
    url = env.text("DATABASE_URL")
    if not url:
        return sqlite(data_dir / "fengqiao.sqlite3")
    config = dict(environ.Env.db_url_config(url))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        return sqlite(Path(config["NAME"]))
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name sqlite or postgres.")
    # A thread of the page pool keeps its connection; sockets and ticker borrow theirs briefly.
    return config | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "OPTIONS": POSTGRES_OPTIONS}


def sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": SQLITE_OPTIONS,
        "TEST": {"NAME": str(path.with_name(f"test-{path.name}"))},
    }
