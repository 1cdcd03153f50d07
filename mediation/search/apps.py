from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "mediation.search"
    label = "search"
