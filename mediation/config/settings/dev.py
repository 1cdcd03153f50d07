"""The embedded default: one process, SQLite, secrets made once and kept in the data directory."""

from mediation.config import env
from mediation.config.settings.base import *  # noqa: F403 -- Django reads one module
from mediation.config.settings.base import DATA_DIR

SECRET_KEY = env.kept_secret("SECRET_KEY", keep_in=DATA_DIR)
FIELD_KEYS = env.kept_secret("FIELD_KEYS", keep_in=DATA_DIR)
SEAL_KEYS = env.kept_secret("SEAL_KEYS", keep_in=DATA_DIR)
DEBUG = env.flag("DEBUG")
