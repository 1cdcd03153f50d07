from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "mediation.screening"
    label = "screening"
