"""``migrate`` as Django does it, with two cautions: a backup before, and never backwards in time."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import connection

from mediation.core import clock
from mediation.disputes.models import Dispute
from mediation.jobs import schema
from mediation.jobs.backup import make
from mediation.jobs.backup.database import Unable


class Command(DjangoCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--without-backup", action="store_true", help="You have made one by yourself."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if newer := schema.newer_than_code():
            raise CommandError(newer)
        changes = not (options["plan"] or options["check_unapplied"])
        if changes and not options["without_backup"] and self._has_something_to_lose():
            self._back_up()
        super().handle(*args, **options)

    def _has_something_to_lose(self) -> bool:
        """Cases are here, and tables are about to change."""
        known = Dispute._meta.db_table in connection.introspection.table_names()
        return known and schema.is_behind() and Dispute.objects.values("pk").exists()

    def _back_up(self) -> None:
        try:
            path, _manifest = make.make(None, now=clock.now(), why="before-migration")
        except (Unable, OSError) as error:
            raise CommandError(
                f"No backup could be made, so nothing was migrated. {error} "
                "With a backup of your own: migrate --without-backup."
            ) from None
        self.stdout.write(f"Backup before the migration: {path}")
