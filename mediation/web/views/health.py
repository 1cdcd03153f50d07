"""For the operator's machines: does the process live, can it work, what does it count."""

import time
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mediation.core import clock, vitals
from mediation.core.db import write
from mediation.core.errors import Busy
from mediation.core.vitals import Health
from workflows import ticker

BEAT_SECONDS: Final = 60.0
REMEMBER_SECONDS: Final = 1.0


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- the same for everybody
    """The process answers. Asks nothing else of anybody."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- the same for everybody
    """Whether work can be done here: 503 when not. What is merely slower counts as degraded."""
    if vitals.leaving.is_set():
        return JsonResponse({"status": "leaving", "checks": {}}, status=503)
    found = report()
    verdict = worst(found.values())
    status = 503 if verdict == Health.FAILED else 200
    return JsonResponse({"status": verdict, "checks": found}, status=status)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in the Prometheus text format, for this machine only."""
    if not _asked_from_here(request):
        return HttpResponseNotFound()
    body = "\n".join(vitals.exposition()) + "\n"
    return HttpResponse(body, content_type="text/plain; version=0.0.4; charset=utf-8")


def _asked_from_here(request: HttpRequest) -> bool:
    """A proxy on this machine speaks from a local address too, but says for whom."""
    local = request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}
    return local and not {"X-Forwarded-For", "Forwarded"} & set(request.headers)


class _Memory:
    """The last report: anybody may ask, and asking takes the writer's place for a moment."""

    at = float("-inf")
    report: dict[str, Health] = {}
    tables_fit = False


def report() -> dict[str, Health]:
    """Every part with its state; remembered for a second."""
    now = time.monotonic()
    if now - _Memory.at > REMEMBER_SECONDS:
        checks: dict[str, vitals.Probe] = {
            "database": database,
            "migrations": migrations,
            "ticker": heartbeat,
            **vitals.probes(),
        }
        found = {name: _ask(check) for name, check in checks.items()}
        _Memory.report = {name: health for name, health in found.items() if health is not None}
        _Memory.at = now
    return _Memory.report


def _ask(check: vitals.Probe) -> Health | None:
    try:
        return check()
    except (DatabaseError, Busy, OSError):
        return Health.FAILED


def database() -> Health:
    """A row is really written, and taken back: a full disk or a read-only file shows here."""
    with write(), transaction.atomic():
        Session.objects.create(
            session_key=get_random_string(32), session_data="", expire_date=clock.now()
        )
        transaction.set_rollback(True)
    return Health.OK


def migrations() -> Health:
    """A process that runs newer code than the tables know must not get work."""
    if not _Memory.tables_fit:
        executor = MigrationExecutor(connection)
        # Tables only ever move forward, and the code of a process never does: asked until it fits.
        _Memory.tables_fit = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Health.OK if _Memory.tables_fit else Health.FAILED


def heartbeat() -> Health:
    """The ticker of this process, when it runs one."""
    if not settings.TICKER:
        return Health.OK
    beat = ticker.last_beat()
    return Health.OK if beat and time.time() - beat < BEAT_SECONDS else Health.FAILED


def worst(found: Any) -> Health:
    order = [Health.OK, Health.DEGRADED, Health.FAILED]
    return max(found, key=order.index, default=Health.OK)
