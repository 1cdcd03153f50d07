"""The migrated database of a run, copied from one that was migrated before.

Migrating takes each worker a dozen seconds of processor time, for the same result every time. The result is
kept under a fingerprint of what it depends on: the migrations and the locked packages. Triggers and other
work of ``post_migrate`` are done anew each time, because a kept database is migrated (to where it is) too.
"""

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.commands import flush
from django.db import ProgrammingError, connection
from django.db.utils import OperationalError

from mediation.jobs.seed import wipe

KEPT = Path(tempfile.gettempdir()) / "fengqiao-stages"


def fingerprint() -> str:
    root = Path(settings.BASE_DIR)
    paths = [root / "requirements-dev.lock", *root.glob("mediation/*/migrations/*.py")]
    digest = hashlib.sha256(connection.vendor.encode())
    for path in sorted([*paths, *root.glob("workflows/migrations/*.py")]):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def copy_kept() -> bool:
    """Put the kept database, if there is one, in the place of the test database."""
    name = _test_database()
    if connection.vendor == "sqlite":
        kept = KEPT / f"{fingerprint()}.sqlite3"
        if not kept.exists():
            return False
        shutil.copyfile(kept, name)
        return True
    template = f"fengqiao_stage_{fingerprint()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if cursor.fetchone() is None:
            return False
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return True


def keep() -> None:
    """Keep the freshly migrated test database for later runs. Whoever is first does it."""
    name = str(connection.settings_dict["NAME"])
    connection.close()
    if connection.vendor == "sqlite":
        KEPT.mkdir(exist_ok=True)
        halfway = KEPT / f"{fingerprint()}.{os.getpid()}"
        shutil.copyfile(name, halfway)
        halfway.replace(KEPT / f"{fingerprint()}.sqlite3")
        return
    with connection._nodb_cursor() as cursor, suppress(ProgrammingError, OperationalError):
        cursor.execute(f'CREATE DATABASE "fengqiao_stage_{fingerprint()}" TEMPLATE "{name}"')


def sweep() -> None:
    """Vacuum what rolled-back tests left: without autovacuum every later scan drags it along."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE n_dead_tup > 500")
        for (table,) in cursor.fetchall():
            cursor.execute(f'VACUUM "{table}"')


def flush_lightly() -> None:
    """Empty only what holds rows: to truncate is to make a new file of every table, and to wait for the disk.

    Triggers, those of foreign keys among them, sleep meanwhile, as only a superuser may ask. They are not
    dropped and what ``migrate`` has filled stays, so nothing is set up anew.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        if cursor.fetchone() != ("on",):
            return
    flush.sql_flush = _deletions
    flush.emit_post_migrate_signal = lambda *args, **options: None


def _deletions(style: Any, on: Any, **options: bool) -> list[str]:
    """In the place of Django's ``sql_flush`` for the command alone: the product empties tables too."""
    tables = set(on.introspection.django_table_names(only_existing=True, include_views=False))
    asked = [
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables - wipe.KEPT
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        full = [name for (name,) in cursor.fetchall()]
    asleep = "SET LOCAL session_replication_role = replica"
    return [asleep, *(f'DELETE FROM "{name}"' for name in full)]


def strike() -> None:
    """Take the test database away again, however it came there."""
    connection.close()
    connection.creation._destroy_test_db(str(connection.settings_dict["NAME"]), verbosity=0)


def _test_database() -> str:
    test: dict[str, Any] = connection.settings_dict["TEST"]
    return str(test["NAME"] or f"test_{connection.settings_dict['NAME']}")
