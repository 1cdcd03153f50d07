from django.apps import AppConfig

from mediation.core import reference


class ApiConfig(AppConfig):
    name = "mediation.api"
    label = "api"

    def ready(self) -> None:
        reference.PAGES["openapi.json"] = _openapi


def _openapi() -> str:
    # Only now: the interface asks for the models, which are not loaded while apps get ready.
    from mediation.api.interface import printed

    return printed()
