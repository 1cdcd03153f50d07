from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "mediation.web"
    label = "web"
