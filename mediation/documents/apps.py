from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "mediation.documents"
    label = "documents"

    def ready(self) -> None:
        from mediation.documents import checks, dossier  # noqa: F401 -- register checks and errands
