"""Pages alone, for a server that keeps sockets in another process."""

import os

from mediation.core import sqlite_engine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediation.config.settings")
sqlite_engine.install()

from django.core.wsgi import get_wsgi_application  # noqa: E402 -- the engine is chosen before Django

application = get_wsgi_application()
