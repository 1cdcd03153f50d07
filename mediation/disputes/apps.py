from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "mediation.disputes"
    label = "disputes"
