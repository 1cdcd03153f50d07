from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "mediation.areas"
    label = "areas"
