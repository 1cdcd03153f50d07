from django.apps import AppConfig


class ErrandsConfig(AppConfig):
    name = "mediation.errands"
    label = "errands"
