from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "mediation.referrals"
    label = "referrals"
