from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "mediation.uploads"
    label = "uploads"
