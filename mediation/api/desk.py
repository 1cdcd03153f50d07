"""What waits for the caller: open work, the inbox, alerts."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from mediation.accounts.models import Role
from mediation.api import cursors, filters, show
from mediation.api import desk_schemas as s
from mediation.api.answers import ok, problems
from mediation.api.auth import ApiRequest
from mediation.core import clock, keyset
from mediation.core.clock import day_of
from mediation.core.errors import NotFound
from mediation.disputes.enums import Status
from mediation.notifications import services as inbox
from mediation.notifications.models import Notice
from mediation.warning.models import Alert
from workflows import worklist
from workflows.commands import catalog
from workflows.models import WorkItem
from workflows.worklist import TO_DO

router = Router(tags=["desk"])

LARGEST_NUMBER = 2**63 - 1
Seq = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]


class InboxFilters(Schema):
    after: Seq = Field(0, description="The largest number you have.")
    limit: filters.Limit = 100


@router.get("/work", response={200: s.WorkList, **problems(422)}, summary="My open work")
def list_work(request: ApiRequest, paging: Query[filters.Paging]) -> HttpResponse:
    """Mine by name or deputyship, and what anybody of my role may take; most urgent first."""
    filters.require_known(request, type(paging).model_fields)
    found = worklist.to_do(request.actor, now=clock.now()).select_related("dispute")
    if (below := _below(paging.cursor)) is not None:
        found = found.filter(keyset.beyond(TO_DO, below))
    rows, last = filters.page_of(list(found[: paging.limit + 1]), paging.limit)
    return ok(
        s.WorkList(
            items=[_work(item, request) for item in rows],
            next=cursors.written("work", [_spelt(last)]) if last else None,
        )
    )


def _below(cursor: str) -> keyset.Place | None:
    place = cursors.read("work", cursor)
    return keyset.read(TO_DO, place[0]) if place else None


def _spelt(item: WorkItem) -> str:
    return keyset.spelt(TO_DO, keyset.place_of(item, TO_DO))


def _work(item: WorkItem, request: ApiRequest) -> s.Work:
    dispute = item.dispute
    return s.Work(
        number=dispute.number,
        code=dispute.code,
        title=dispute.title,
        status=Status(dispute.status),
        status_label=str(Status(dispute.status).label),
        colour=show.colour_of(dispute.colour),
        colour_label=show.colour_label(dispute.colour),
        node=item.node,
        label=show.node_label(item.node),
        role=item.role,
        role_label=str(Role(item.role).label),
        is_mine_by_name=item.assignee_id in request.actor.stands_for,
        due_on=day_of(item.due_at) if item.due_at else None,
        is_overdue=show.is_overdue(item.due_at, clock.now()),
        opened_at=item.opened_at,
    )


@router.get("/inbox", response={200: s.Inbox, **problems(422)}, summary="My notices, in order")
def read_inbox(request: ApiRequest, wanted: Query[InboxFilters]) -> HttpResponse:
    filters.require_known(request, type(wanted).model_fields)
    person = request.user.pk
    found = inbox.since(request.actor, wanted.after, now=clock.now(), limit=wanted.limit)
    return ok(
        s.Inbox(
            items=[_notice(notice) for notice in found],
            latest=inbox.latest_seq(person),
            unread=inbox.unread(person),
        )
    )


def _notice(notice: Notice) -> s.Notice:
    dispute = inbox.case_of(notice)
    return s.Notice(
        seq=notice.seq,
        kind=notice.kind,
        label=str(catalog.done_label(notice.kind)),
        number=dispute.number if dispute else None,
        code=dispute.code if dispute else None,
        level=show.colour_of(inbox.level_of(notice)),
        asks=notice.asks,
        created_at=notice.created_at,
        acknowledged_at=notice.acknowledged_at,
    )


@router.post(
    "/inbox/{seq}/ack",
    response={200: s.Acknowledged, **problems(403, 404, 422)},
    summary="Mark a notice as seen",
)
def acknowledge_notice(request: ApiRequest, seq: Seq) -> HttpResponse:
    """Doing it again changes nothing."""
    person = request.user.pk
    if not inbox.acknowledge(person, seq, now=clock.now()):
        raise NotFound
    return ok(s.Acknowledged(seq=seq, unread=inbox.unread(person)))


@router.get(
    "/alerts",
    response={200: s.Alerts, **problems(422)},
    summary="Open alerts that I may see, worst first",
)
def list_alerts(request: ApiRequest, wanted: Query[filters.AlertFilters]) -> HttpResponse:
    filters.require_known(request, type(wanted).model_fields)
    now = clock.now()
    rows, last = filters.page_of(list(filters.alerts(wanted, request.actor, now=now)), wanted.limit)
    return ok(
        s.Alerts(
            items=[_alert(alert) for alert in rows],
            next=cursors.written("alerts", [last.severity, last.pk]) if last else None,
        )
    )


def _alert(alert: Alert) -> s.Alert:
    case = alert.dispute
    by = alert.acknowledge_by
    late = alert.status == Alert.State.RAISED and by is not None and by < clock.now()
    return s.Alert(
        **show.alert_parts(alert),
        id=alert.pk,
        kind=alert.kind,
        kind_label=alert.get_kind_display(),
        area=alert.area_code,
        count=alert.count,
        number=case.number if case else None,
        code=case.code if case else None,
        title=case.title if case else alert.get_kind_display(),
        case_status=Status(case.status) if case else None,
        case_status_label=str(Status(case.status).label) if case else "",
        explanation=show.explanation(alert.reasons),
        is_late=late,
    )
