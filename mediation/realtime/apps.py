from typing import Any

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "mediation.realtime"
    label = "realtime"

    def ready(self) -> None:
        """Take the calls of whoever commits news or changes rights."""
        from django.contrib.auth.signals import user_logged_out  # the models must be loaded first

        from mediation.accounts import access
        from mediation.core import vitals
        from mediation.notifications import wake
        from mediation.realtime import hub

        wake.on_news(hub.carry_news)
        access.on_access_change(hub.carry_kick)
        access.on_session_end(hub.carry_session_end)
        user_logged_out.connect(_signed_out, dispatch_uid="fengqiao-sockets")
        vitals.probe("bus", hub.bus_health)


def _signed_out(request: Any, **kwargs: Any) -> None:  # noqa: ARG001 -- signature of signals
    """The signal comes before the session row goes; its sockets are closed by their key."""
    from mediation.accounts import access  # see above

    session = getattr(request, "session", None)
    if session is not None and session.session_key:
        access.session_ended(session.session_key)
