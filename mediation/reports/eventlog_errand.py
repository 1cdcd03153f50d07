"""The event log as an errand: asked for on the page of waits, made in the background."""

import zipfile
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mediation.accounts.actor import Actor
from mediation.areas.models import Area
from mediation.areas.selectors import within
from mediation.core.clock import local_day
from mediation.core.errors import NotFound
from mediation.disputes import policy
from mediation.disputes.models import Dispute, Event
from mediation.errands.kinds import Product, Work, errand
from mediation.reports import eventlog
from mediation.reports.figures import roots

KIND: Final = "event_log"


def may_take(wanted: dict[str, Any], actor: Actor, now: datetime) -> bool:  # noqa: ARG001
    """Whoever answers for the area."""
    area = str(wanted.get("area", ""))
    return any(area.startswith(root) for root in roots(actor))


def _cases(wanted: dict[str, Any], actor: Actor, now: datetime) -> QuerySet[Dispute]:
    return policy.visible_to(actor, now=now).filter(within(str(wanted["area"]), field="area_code"))


def rows(wanted: dict[str, Any], actor: Actor, now: datetime) -> int:
    """How many events it tells of."""
    cases = _cases(wanted, actor, now).order_by().values("pk")
    return Event.objects.filter(dispute__in=cases).count()


@errand(KIND, label=_("Event log"), may_take=may_take, rows=rows)
def make(work: Work) -> Product:
    """The cases of the area that the actor may see, in one ZIP."""
    code = str(work.wanted["area"])
    area = Area.objects.filter(code=code).values_list("name", flat=True).first()
    if area is None:
        raise NotFound
    cases = _cases(work.wanted, work.actor, work.now)
    total = rows(work.wanted, work.actor, work.now)
    work.step(0, total)
    paths = eventlog.write_all(work.scratch, cases, seen=lambda count: work.step(count, total))
    target = work.scratch / "log.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)
            path.unlink()
    work.step(total, total)
    return Product(target, f"{area}-{local_day(work.now)}-log.zip", "application/zip")
