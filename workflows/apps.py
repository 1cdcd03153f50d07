from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WorkflowsConfig(AppConfig):
    name = "workflows"

    def ready(self) -> None:
        from mediation.disputes import triggers  # the models must be loaded first
        from workflows import checks  # noqa: F401 -- registers the system checks

        post_migrate.connect(triggers.install, sender=self, dispatch_uid="fengqiao-triggers")
