"""``rotate_keys``: seal every personal detail anew with the highest key of ``FIELD_KEYS``.

Row by row in small transactions: it can be stopped and started again at any time, beside people at work.
"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model

from mediation.core.crypto import SealedText, Unreadable, is_current
from mediation.core.db import write

BATCH = 200


class Command(BaseCommand):
    help = "Seal all personal details with the newest key. When it is through, older keys can go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        done: dict[str, int] = {}
        for model, fields in sealed_models():
            try:
                done[model._meta.label] = sum(_rotate(model, fields, dry=options["dry_run"]))
            except Unreadable as error:
                raise CommandError(f"{error} Nothing further was changed.") from None
        if options["json"]:
            self.stdout.write(json.dumps({"dry_run": options["dry_run"], "resealed": done}))
            return
        verb = "wait for" if options["dry_run"] else "were sealed with"
        for label, count in done.items():
            self.stdout.write(f"{label}: {count} rows {verb} the newest key.")


def sealed_models() -> Iterator[tuple[type[Model], dict[str, SealedText]]]:
    """Every model that keeps something sealed, and what."""
    for model in apps.get_models():
        fields = {
            name: field for name, field in vars(model).items() if isinstance(field, SealedText)
        }
        if fields:
            yield model, fields


def _rotate(model: type[Model], fields: dict[str, SealedText], *, dry: bool) -> Iterator[int]:
    """Walk by key; each batch is locked, sealed and committed."""
    latest = 0
    while True:
        with write():
            rows = model._default_manager.filter(pk__gt=latest).order_by("pk")
            batch = list((rows if dry else rows.select_for_update(of=("self",)))[:BATCH])
            if not batch:
                return
            latest = batch[-1].pk
            stale = [row for row in batch if _is_stale(row, fields)]
            if not dry:
                for row in stale:
                    _reseal(row, fields)
        yield len(stale)


def _is_stale(row: Model, fields: dict[str, SealedText]) -> bool:
    return any(not is_current(bytes(getattr(row, field.column))) for field in fields.values())


def _reseal(row: Model, fields: dict[str, SealedText]) -> None:
    """Open with the old key, seal with the new one. Indexes are keyed too and follow."""
    changed = []
    for name, field in fields.items():
        setattr(row, name, getattr(row, name))
        changed += [field.column, *([field.index] if field.index else [])]
    changed += _follow(row)
    row.save(update_fields=changed)


def _follow(row: Model) -> list[str]:
    """Indexes over a part of a detail, which the row itself knows how to make."""
    renew = getattr(row, "renew_indexes", None)
    return list(renew()) if renew else []
