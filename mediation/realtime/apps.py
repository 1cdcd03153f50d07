from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "mediation.realtime"
    label = "realtime"
