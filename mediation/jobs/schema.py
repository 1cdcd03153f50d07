"""Does the database fit the code that is about to work on it?"""

from collections.abc import Collection, Iterable
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

NEWER = (
    "The database was migrated by a newer version of Fengqiao ({name}); this one would damage it. "
    "Start the newer version, or restore a backup from before the upgrade."
)


def newer_than_code() -> str:
    """Why this code must not touch the database; empty when it may."""
    unknown = unknown_to_code(MigrationRecorder(connection).applied_migrations())
    return NEWER.format(name=unknown[0]) if unknown else ""


def unknown_to_code(applied: Iterable[Any]) -> list[str]:
    """Migrations of our own rooms that this code has never heard of."""
    known: Collection[Any] = MigrationLoader(None).disk_migrations or {}
    ours = {
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith(("mediation.", "workflows"))
    }
    return sorted(
        f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in known
    )


def is_behind() -> bool:
    """Whether migrations wait to be carried out."""
    from django.db.migrations.executor import MigrationExecutor  # loads every migration: only here

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
