from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "mediation.oversight"
    label = "oversight"
