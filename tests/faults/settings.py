"""An installation as it is set up by default, without the minute that compressing the static files takes."""

from mediation.config.settings.base import DATA_DIR, STORAGES
from mediation.config.settings.dev import *  # noqa: F403 -- Django reads one module

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of a directory that is not there
