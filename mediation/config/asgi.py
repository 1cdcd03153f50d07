"""The whole server as one ASGI application: pages, sockets, and what runs beside them."""

import os

from mediation.core import sqlite_engine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediation.config.settings")
sqlite_engine.install()

from django.core.wsgi import get_wsgi_application  # noqa: E402 -- the engine is chosen before Django

pages = get_wsgi_application()  # sets Django up; what follows needs its models

from channels.routing import ProtocolTypeRouter  # noqa: E402 -- see above
from django.conf import settings  # noqa: E402 -- see above

from mediation.config.body_limit import BodyLimit  # noqa: E402 -- see above
from mediation.config.bridge import Pages  # noqa: E402 -- see above
from mediation.config.lifespan import Lifespan  # noqa: E402 -- see above
from mediation.realtime.routing import websocket_application  # noqa: E402 -- see above

bridge = Pages(pages, threads=settings.PAGE_THREADS, reports=settings.REPORTS)
application = ProtocolTypeRouter(
    {
        "http": BodyLimit(
            bridge,
            anonymous=settings.BODY_LIMIT_ANONYMOUS,
            signed_in=settings.BODY_LIMIT,
        ),
        "websocket": websocket_application,
        "lifespan": Lifespan(bridge),
    }
)
