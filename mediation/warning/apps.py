from django.apps import AppConfig


class WarningConfig(AppConfig):
    name = "mediation.warning"
    label = "warning"
