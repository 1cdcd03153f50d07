"""Production: no default for any secret, everything over TLS."""

from mediation.config import env
from mediation.config.settings.base import *  # noqa: F403 -- Django reads one module
from mediation.config.settings.base import DATA_DIR, DEMO, LOGGING

SECRET_KEY = env.kept_secret("SECRET_KEY", keep_in=None)
FIELD_KEYS = env.kept_secret("FIELD_KEYS", keep_in=None)
# A lost seal key loses no data; a start-up must not fail for want of it.
SEAL_KEYS = env.kept_secret("SEAL_KEYS", keep_in=DATA_DIR)
LOGGING |= {"json": env.flag("LOG_JSON", default=True)}
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^api/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
SECOND_FACTOR = env.flag("SECOND_FACTOR", default=not DEMO)
