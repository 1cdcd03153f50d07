from django.apps import AppConfig


class ReconsiderationConfig(AppConfig):
    name = "mediation.reconsideration"
    label = "reconsideration"
