from typing import Any

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "mediation.web"
    label = "web"

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in  # the models must be loaded first

        from mediation.web import figures

        figures.register()
        user_logged_in.connect(_signed_in, dispatch_uid="fengqiao-devices")


def _signed_in(request: Any, user: Any, **kwargs: Any) -> None:  # noqa: ARG001 -- signature of signals
    from mediation.accounts import devices  # see above
    from mediation.core import clock

    devices.enter(request, person_id=user.pk, now=clock.now())
