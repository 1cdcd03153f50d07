"""How the log looks: to standard error, one line a record, as JSON where programs read it.

Requests are logged by ``mediation.web.middleware.RequestLogMiddleware``, once, when they are answered.
Nothing of the people in a case gets here: no locals beside a traceback, and in JSON, which is kept, of an
exception only what it says about the machine. Whatever else it says may be what somebody typed.
"""

import logging.config
import sys
from types import TracebackType
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import OperationalError
from structlog.typing import Processor

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

SPEAKING = (OSError, OperationalError, ImproperlyConfigured, CommandError)
"""What these say names files, hosts and settings, never what was typed."""

COMMON: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def told(exc_info: ExcInfo) -> list[str]:
    """An exception and its causes: kind and places, the innermost last; what it says only if ``SPEAKING``."""
    lines = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        says = f": {error}" if isinstance(error, SPEAKING) else ""
        lines.append(f"{type(error).__qualname__}{says}")
        lines += _places(error.__traceback__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def _places(step: TracebackType | None) -> list[str]:
    found = []
    while step is not None:
        code = step.tb_frame.f_code
        found.append(f"{code.co_filename}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return found


def configure(wanted: dict[str, Any]) -> None:
    """Set up both libraries alike.

    ``wanted``: ``json`` for programs, else for people at a terminal; ``requests``: every request, else those
    alone that were refused or failed.
    """
    render: list[Processor]
    if wanted["json"]:
        render = [
            structlog.processors.ExceptionRenderer(told),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        plain = structlog.dev.plain_traceback
        render = [structlog.dev.ConsoleRenderer(colors=_is_terminal(), exception_formatter=plain)]
    least = logging.INFO if wanted["requests"] else logging.WARNING
    structlog.configure(
        processors=[*COMMON, *render],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(sys.__stderr__),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(_of_library([*COMMON, structlog.stdlib.add_logger_name], render))


def _is_terminal() -> bool:
    return sys.__stderr__ is not None and sys.__stderr__.isatty()


def _of_library(common: list[Processor], render: list[Processor]) -> dict[str, Any]:
    """The standard library's records, in the same coat."""
    clean = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": common,
        "processors": [clean, *render],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            # Answers are logged once, by the middleware that knows the person and leaves out the query.
            "django.request": {"level": "CRITICAL"},
        },
    }
