"""Settings by ``FENGQIAO_ENV``: ``dev`` (default), ``test`` or ``prod``."""

import os

from django.core.exceptions import ImproperlyConfigured

_kind = os.environ.get("FENGQIAO_ENV", "dev")
if _kind == "dev":
    from mediation.config.settings.dev import *  # noqa: F403 -- Django reads one module
elif _kind == "test":
    from mediation.config.settings.test import *  # noqa: F403 -- Django reads one module
elif _kind == "prod":
    from mediation.config.settings.prod import *  # noqa: F403 -- Django reads one module
else:
    raise ImproperlyConfigured(f"FENGQIAO_ENV must be dev, test or prod, not {_kind!r}.")
