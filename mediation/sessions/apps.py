from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "mediation.sessions"
    label = "mediation_sessions"
