from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "mediation.supervision"
    label = "supervision"
