from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    name = "mediation.reports"
    label = "reports"

    def ready(self) -> None:
        from mediation.reports import (  # the models must be loaded first
            eventlog_errand,  # noqa: F401 -- registers its errand
            summary,
            waits_sql,
        )

        post_migrate.connect(summary.set_up, sender=self, dispatch_uid="fengqiao-summaries")
        post_migrate.connect(waits_sql.set_up, sender=self, dispatch_uid="fengqiao-waits")
