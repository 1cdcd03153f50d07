from django.apps import AppConfig


class BriefingConfig(AppConfig):
    name = "mediation.briefing"
    label = "briefing"
