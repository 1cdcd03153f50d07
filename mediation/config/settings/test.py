"""The suite: fixed keys, cheap password hashing, no ticker; everything else as in production."""

import tempfile
from pathlib import Path

from mediation.config import databases, env
from mediation.config.settings.base import *  # noqa: F403 -- Django reads one module

DATA_DIR = Path(env.text("DATA_DIR") or tempfile.mkdtemp(prefix="fengqiao-test-"))
DATABASES = {"default": databases.from_environment(DATA_DIR)}  # two runs must not share a file
SECRET_KEY = "only-for-tests-" + "x" * 40
FIELD_KEYS = "only-for-tests-" + "y" * 40
SEAL_KEYS = "only-for-tests-" + "z" * 40
SEAL_DIR = DATA_DIR / "seals"
SEAL_DIR.mkdir(parents=True, exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PASSWORD_DAYS = 0  # the suite travels in time
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
TICKER = False
ALLOW_DEMO_IDS = True
SESSIONS_KEPT = 3
SESSION_IDLE_SECONDS = 0  # statements are counted; what looks at it sets it
FAULTS = env.text("FAULTS")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a directory that is not there

# Counters of tries per worker: a cleared Redis cache would empty the bus of the neighbour's tests too.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
