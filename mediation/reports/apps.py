from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    name = "mediation.reports"
    label = "reports"

    def ready(self) -> None:
        from mediation.reports import summary, waits_sql  # the models must be loaded first

        post_migrate.connect(summary.set_up, sender=self, dispatch_uid="fengqiao-summaries")
        post_migrate.connect(waits_sql.set_up, sender=self, dispatch_uid="fengqiao-waits")
