from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "mediation.web"
    label = "web"

    def ready(self) -> None:
        from mediation.web import figures  # the models must be loaded first

        figures.register()
