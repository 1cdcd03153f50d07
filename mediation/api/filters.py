"""What lists can be narrowed by, and the queries behind them: one statement for a page each."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from mediation.accounts.actor import Actor
from mediation.api import cursors
from mediation.areas.selectors import within
from mediation.core import errors
from mediation.core.clock import end_of
from mediation.disputes import numbers, policy
from mediation.disputes.enums import Category, Colour, Stage, Status
from mediation.disputes.models import Dispute
from mediation.disputes.selectors import CaseFilter, condition
from mediation.oversight.services import note_look
from mediation.warning.models import Alert
from workflows import alerting

M = TypeVar("M", bound=Model)
OpenState = Annotated[str, Field(pattern="^(raised|acknowledged|acting)$")]

Cursor = Annotated[str, Field(max_length=200, description="`next` of the page before.")]
Limit = Annotated[int, Field(ge=1, le=100)]
Day = Annotated[date, Field(ge=date(1949, 1, 1), le=date(2099, 12, 31))]
AreaCode = Annotated[
    str, Field(pattern="^[0-9]{0,15}$", description="Code of an area at any level.")
]


class Paging(Schema):
    cursor: Cursor = ""
    limit: Limit = 50


class CaseFilters(Paging):
    status: list[Status] = Field([], description="May be repeated.")
    stage: list[Stage] = Field([], description="May be repeated.")
    colour: list[Colour] = Field([], description="May be repeated.")
    category: list[Category] = Field([], description="May be repeated.")
    area: AreaCode = ""
    mediator: str = Field("", pattern="^(me)?$", description="`me`: cases that I mediate.")
    overdue: bool = Field(default=False, description="Open cases with a deadline that has run out.")
    q: str = Field("", max_length=60, description="As in the search of the pages: number, code, ….")
    registered_from: Day | None = None
    registered_to: Day | None = Field(None, description="This day included.")


class AlertFilters(Paging):
    status: list[OpenState] = Field([], description="`raised`, `acknowledged`, `acting`.")
    colour: list[Colour] = []
    area: AreaCode = ""
    late: bool | None = Field(None, description="Not acknowledged in time.")


def require_known(request: HttpRequest, allowed: Iterable[str]) -> None:
    """A misspelt filter must not pass as no filter: it would answer with too much."""
    if unknown := sorted(set(request.GET) - set(allowed)):
        raise errors.Malformed({name[:60]: [_("There is no such filter.")] for name in unknown})


def page_of(rows: list[M], limit: int) -> tuple[list[M], M | None]:
    """``rows`` were asked for with one more than ``limit``: the page, and its last row if more follow."""
    return rows[:limit], rows[limit - 1] if len(rows) > limit else None


# Cases ---------------------------------------------------------------------------------------------


def cases(filters: CaseFilters, actor: Actor, *, now: datetime) -> QuerySet[Dispute]:
    """Newest first, behind the cursor, one more than the page holds."""
    rows = policy.visible_to(actor, now=now).filter(_case_conditions(filters, actor, now))
    if (place := cursors.read("disputes", filters.cursor)) is not None:
        rows = rows.filter(pk__lt=place[0])
    keys = rows.order_by("-pk").values("pk")[: filters.limit + 1]
    return (
        Dispute.objects.filter(pk__found_first=keys)
        .select_related("grid", "mediator")
        .defer("facts", "claim", "risk", "chain")
        .order_by("-pk")
    )


def _case_conditions(filters: CaseFilters, actor: Actor, now: datetime) -> Q:
    shared = CaseFilter(
        status=tuple(filters.status),
        stage=tuple(filters.stage),
        colour=tuple(filters.colour),
        category=tuple(filters.category),
        area=filters.area,
        mediator=filters.mediator,
        overdue=filters.overdue,
        q=readable(filters.q),
    )
    return condition(shared, actor, now=now) & _registered(filters)


def _registered(filters: CaseFilters) -> Q:
    wanted = Q()
    if filters.registered_from:
        wanted &= Q(registered_at__gte=end_of(filters.registered_from - timedelta(days=1)))
    if filters.registered_to:
        wanted &= Q(registered_at__lt=end_of(filters.registered_to))
    return wanted


def readable(text: str) -> str:
    """Text from an address, which PostgreSQL would refuse with a NUL in it."""
    return text.replace("\x00", "").strip()


# One case -------------------------------------------------------------------------------------------


def find(ref: str, actor: Actor, *, now: datetime) -> Dispute:
    """The case of this number or lookup code. Raises ``NotFound``, also for one that is out of view.

    That somebody opened a sensitive case is put on record, whatever he asks of it.
    """
    named = Q(number=readable(ref)) | Q(code=numbers.normalise_code(readable(ref)))
    found = (
        policy.visible_to(actor, now=now)
        .filter(named)
        .select_related("grid", "mediator", "registered_by")
        .first()
    )
    if found is None:
        raise errors.NotFound
    note_look(found, actor, now=now)
    return found


# Alerts ----------------------------------------------------------------------------------------------


def alerts(filters: AlertFilters, actor: Actor, *, now: datetime) -> QuerySet[Alert]:
    """Open alerts within view, of cases and areas: the most severe first, of equal ones the oldest."""
    rows = alerting.visible(actor, now=now).filter(
        _alert_conditions(filters, now), folded_into__isnull=True
    )
    if (place := cursors.read("alerts", filters.cursor, parts=2)) is not None:
        rows = rows.filter(_behind(*place))
    return (
        rows.exclude(status=Alert.State.RESOLVED)
        .select_related("dispute", "owner")
        .order_by("-severity", "pk")[: filters.limit + 1]
    )


def _behind(severity: int, pk: int) -> Q:
    return Q(severity__lt=severity) | Q(severity=severity, pk__gt=pk)


def _alert_conditions(filters: AlertFilters, now: datetime) -> Q:
    wanted = Q()
    if filters.status:
        wanted &= Q(status__in=filters.status)
    if filters.colour:
        wanted &= Q(colour__in=filters.colour)
    if filters.area:
        wanted &= within(filters.area)
    if filters.late is not None:
        late = Q(status=Alert.State.RAISED, acknowledge_by__lt=now)
        wanted &= late if filters.late else ~late
    return wanted
