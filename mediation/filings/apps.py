from django.apps import AppConfig


class FilingsConfig(AppConfig):
    name = "mediation.filings"
    label = "filings"

    def ready(self) -> None:
        from mediation.filings import exports  # noqa: F401 -- registers its errand
