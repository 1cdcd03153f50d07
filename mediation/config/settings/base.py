"""What every installation shares. Reads the environment; touches no network."""

import logging
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from mediation.config import databases, env

BASE_DIR: Path = env.BASE_DIR
DATA_DIR: Path = env.directory("DATA_DIR", BASE_DIR / "var")

DEBUG = False
DEMO = env.flag("DEMO")
# Where the seals over the records lie: better another disk or host than that of the database.
SEAL_DIR: Path = env.directory("SEAL_DIR", DATA_DIR / "seals")
PORT = env.number("PORT", 8000)
SERVER_PROCESSES = env.number("SERVER_PROCESSES", 1)
# Between the order to end and the end: the proxy notices and sends nobody here any more.
FAREWELL_SECONDS = env.number("FAREWELL_SECONDS", 5 if SERVER_PROCESSES > 1 else 0)
TICKER = env.flag("TICKER", default=True)
TICK_SECONDS = env.number("TICK_SECONDS", 3)
# Pages are served by threads that each keep a database connection.
PAGE_THREADS = env.number("PAGE_THREADS", 8)
# What can wait: refused first when the house is full.
REPORTS = ("/leader/", "/waits/", "/filings/", "/brief/", "/roster/export/", "/search/")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")

# To standard error; as JSON in production, in lines for people else.
LOGGING_CONFIG = "mediation.config.logs.configure"
# A demonstration leaves on the screen what to try; its terminal tells of what was refused or failed.
LOGGING = {"json": env.flag("LOG_JSON"), "requests": env.flag("LOG_REQUESTS", default=not DEMO)}
# One line a request, when it is answered.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG

# Whoever offers a changed version names the address of its source; else /source/ hands it out.
SOURCE_URL = env.text("SOURCE_URL")

INSTALLED_APPS = [
    "mediation.core",
    "mediation.areas",
    "mediation.accounts",
    "mediation.deadlines",
    "mediation.supervision",
    "mediation.disputes",
    "mediation.search",
    "mediation.screening",
    "mediation.uploads",
    "mediation.sessions",
    "mediation.agreements",
    "mediation.referrals",
    "mediation.reconsideration",
    "mediation.notifications",
    "mediation.oversight",
    "mediation.errands",
    "mediation.documents",
    "mediation.warning",
    "mediation.briefing",
    "mediation.reports",
    "mediation.filings",
    "workflows",
    "mediation.realtime",
    "mediation.api",
    "mediation.web",
    "mediation.jobs",
    "viewflow",
    "viewflow.workflow",
    "channels",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_filters",
    "csp",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # the form renderer below finds Django's own widgets through it
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mediation.web.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "mediation.web.middleware.MethodMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mediation.web.middleware.LanguageMiddleware",
    "mediation.web.middleware.SecureInterfaceMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mediation.web.middleware.IdleMiddleware",
    "mediation.accounts.middleware.ActorMiddleware",
    "mediation.web.middleware.RequestLogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mediation.web.middleware.PrivacyMiddleware",
    "mediation.web.middleware.FirstPasswordMiddleware",
    "mediation.web.second_factor.SecondFactorMiddleware",
    "mediation.web.middleware.ReadingPointMiddleware",
    "mediation.web.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "mediation.config.urls"
ASGI_APPLICATION = "mediation.config.asgi.application"
WSGI_APPLICATION = "mediation.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "mediation.web.context.frame",
            ],
            "builtins": ["mediation.web.templatetags.fq"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": databases.from_environment(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # a reading request must not open a write transaction (SQLite IMMEDIATE)

REDIS_URL = env.text("REDIS_URL")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": env.text("REDIS_PREFIX", "fengqiao")},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
CACHES = {
    "default": {"BACKEND": "mediation.core.cache.SharedOrOwn", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Accounts -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# gov: several kinds of characters, as GB/T 22239-2019 asks; asvs: length alone, as ASVS 5.0 asks.
PASSWORD_PROFILE = env.choice("PASSWORD_PROFILE", ("gov", "asvs"))
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": {"gov": 10, "asvs": 12}[PASSWORD_PROFILE]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "mediation.accounts.passwords.HabitsValidator"},
    {"NAME": "mediation.accounts.passwords.PlaceWordsValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
if PASSWORD_PROFILE == "gov":  # noqa: S105 -- the name of a profile, no password
    AUTH_PASSWORD_VALIDATORS += [
        {"NAME": "mediation.accounts.passwords.KindsValidator"},
        {"NAME": "mediation.accounts.passwords.FormerValidator"},
    ]
# After so many days a new one is asked for before anything else. 0: never, as ASVS 6.2.10 wants.
PASSWORD_DAYS = 0 if DEMO else {"gov": 90, "asvs": 0}[PASSWORD_PROFILE]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
# Five wrong passwords for an account from one address, ten from one address for any.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/900s/key"}
ACCOUNT_ADAPTER = "mediation.web.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "mediation.web.adapter.LoginForm",
    "change_password": "mediation.web.adapter.ChangePasswordForm",
}
MFA_ADAPTER = "mediation.web.second_factor.Adapter"
MFA_TOTP_ISSUER = "Fengqiao"
MFA_TOTP_TOLERANCE = 1  # the clock of a phone may be half a minute off
# Leaders and administrators may not go on without one. A demonstration must stay one tap.
SECOND_FACTOR = env.flag("SECOND_FACTOR")
# Single sign-on with the provider of the government, off unless it is named. It lets in whoever has an
# account here, found by one claim; it makes none.
OIDC_ISSUER = env.secure_address("OIDC_ISSUER")
OIDC_CLAIM = env.text("OIDC_CLAIM", "preferred_username")
OIDC_NAME = env.text("OIDC_NAME", "统一身份认证")
SOCIALACCOUNT_ADAPTER = "mediation.web.single_sign_on.Adapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "office",
                "name": OIDC_NAME,
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_CLIENT_SECRET"),
                # The identity token alone is believed: it is signed, and for us.
                "settings": {"server_url": OIDC_ISSUER, "fetch_userinfo": False},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
# GB/T 22239-2019, 8.1.4.1 b asks for a limit without naming it; in a demonstration people look on for long.
SESSION_IDLE_SECONDS = 60 * env.number("SESSION_IDLE_MINUTES", 0 if DEMO else 30)
# Two desks and a phone; in a demonstration many visitors sign in as the same person.
SESSIONS_KEPT = 0 if DEMO else 3
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "mediation.web.views.errors.csrf_failure"

# Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "mediation.core.assets.NeededFilesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mediation.core.static_names.HashedFiles"},
}
# Only names with a hash are ever linked to; maps for debuggers are served as they are, if at all.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "jpg", "webp", "woff", "woff2", "gz", "br")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
BODY_LIMIT_ANONYMOUS = 1 * 1024 * 1024
BODY_LIMIT = 25 * 1024 * 1024
# A ClamAV daemon: unix:/run/clamav/clamd.ctl or host:port. Without its verdict no file is taken, unless
# CLAMD_REQUIRED=0: then it is kept and marked as not scanned.
CLAMD = env.socket("CLAMD")
CLAMD_REQUIRED = env.flag("CLAMD_REQUIRED", default=True)

# Papers ---------------------------------------------------------------------------------------
PDF_ENGINE = env.text("FQ_PDF_ENGINE", "typst")
FONT_DIR = Path(env.text("FQ_FONT_DIR")) if env.text("FQ_FONT_DIR") else None
# Printed as a QR picture on every page of a paper: where anybody can check it.
PUBLIC_URL = env.text("PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")

# Privacy and safety ---------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": [],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF, "blob:"],
        # A form that ends at the provider is a form to the provider.
        "form-action": [SELF, *([OIDC_ISSUER] if OIDC_ISSUER else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
# FIELD_KEYS stands with SECRET_KEY in the settings of each kind of installation.
FIELD_CIPHER = env.text("FIELD_CIPHER", "aes-256-gcm")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []

# Duplicates and false reports keep names for so long; bound files go by their own class.
VOIDED_KEPT_YEARS = env.number("VOIDED_KEPT_YEARS", 3)

TRUSTED_PROXIES = env.names("TRUSTED_PROXIES")
NINJA_NUM_PROXIES = len(TRUSTED_PROXIES)
