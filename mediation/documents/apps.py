from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "mediation.documents"
    label = "documents"

    def ready(self) -> None:
        from mediation.documents import (
            checks,  # noqa: F401 -- registers system checks
            dossier,  # noqa: F401 -- registers its errands
            sightings,  # noqa: F401 -- registers who opened papers
        )
