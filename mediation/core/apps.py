from django.apps import AppConfig
from django.db.models import Field


class CoreConfig(AppConfig):
    name = "mediation.core"
    label = "core"

    def ready(self) -> None:
        from mediation.core.lookups import FoundFirst

        Field.register_lookup(FoundFirst)
