from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "mediation.jobs"
    label = "jobs"
