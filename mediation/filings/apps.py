from django.apps import AppConfig


class FilingsConfig(AppConfig):
    name = "mediation.filings"
    label = "filings"
