"""Registering, listing, reading and moving cases."""

from datetime import datetime

from django.http import HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from mediation.api import cursors, filters, shapes, show
from mediation.api import schemas as s
from mediation.api.answers import CHANGE, key_of, ok, problems, takes, written
from mediation.api.auth import ApiRequest
from mediation.api.strict_json import read_object
from mediation.core import clock
from mediation.core.errors import NotFound
from mediation.disputes import policy, services
from mediation.disputes.enums import Status
from mediation.disputes.masking_view import REVEALABLE
from mediation.disputes.models import Dispute, Event
from workflows.commands import catalog
from workflows.commands.spec import Spec
from workflows.engine import Answerer, Command, Outcome, execute

router = Router(tags=["disputes"])

LARGEST_VERSION = 2**31 - 1


class ActionBody(BaseModel):
    """`version` and the fields that `actions` of the case lists for this step."""

    model_config = ConfigDict(extra="allow")

    version: StrictInt = Field(ge=1, le=LARGEST_VERSION, description="The version you looked at.")


class RevealBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    field: StrictStr = Field(json_schema_extra={"enum": list(REVEALABLE)})
    reason: StrictStr = Field(json_schema_extra={"minLength": 5, "maxLength": 200})


@router.post(
    "/disputes",
    response={201: s.Case, **problems(*CHANGE)},
    openapi_extra=takes("NewDispute", with_key=True),
    summary="Register a dispute",
)
def register_dispute(request: ApiRequest) -> HttpResponse:
    """Without a key a repeated request registers twice; `client_id` serves as one."""
    raw = read_object(request)
    data = shapes.fitted(catalog.find("register").form.base_fields, raw)
    key = key_of(request, otherwise=data.get("client_id", ""))
    return _carried_out(request, Command("register", data=data, key=key, door="api"), status=201)


@router.get(
    "/disputes", response={200: s.CaseList, **problems(422)}, summary="List cases, newest first"
)
def list_disputes(request: ApiRequest, wanted: Query[filters.CaseFilters]) -> HttpResponse:
    filters.require_known(request, type(wanted).model_fields)
    now = clock.now()
    rows, last = filters.page_of(list(filters.cases(wanted, request.actor, now=now)), wanted.limit)
    return ok(
        s.CaseList(
            items=[show.row(dispute, now=now) for dispute in rows],
            next=cursors.written("disputes", [last.pk]) if last else None,
        )
    )


@router.get("/disputes/{number}", response={200: s.Case, **problems(404)}, summary="Read a case")
def read_dispute(request: ApiRequest, number: str) -> HttpResponse:
    """By case number or lookup code. `actions` says what can be done now, or why not."""
    now = clock.now()
    dispute = filters.find(number, request.actor, now=now)
    return ok(show.case(dispute, request.actor, now=now))


@router.post(
    "/disputes/{number}/actions/{name}",
    response={200: s.Case, **problems(*CHANGE)},
    openapi_extra=takes("ActionBody", with_key=True),
    summary="Take a step",
)
def take_step(request: ApiRequest, number: str, name: str) -> HttpResponse:
    """The body is flat: `version` beside the fields of the step."""
    spec = _step(name)
    raw = read_object(request)
    version = ActionBody.model_validate(raw).version
    now = clock.now()
    found = filters.find(number, request.actor, now=now)
    fields = {field: value for field, value in raw.items() if field != "version"}
    data = shapes.fitted(spec.form.base_fields, fields)
    command = Command(
        name, dispute=found.pk, version=version, data=data, key=key_of(request), door="api"
    )
    return _carried_out(request, command, status=200)


def _step(name: str) -> Spec:
    """A step of a case that people take: neither registration nor the machine's own."""
    spec = catalog.find(name)
    if spec.hidden or not catalog.statuses(spec):
        raise NotFound
    return spec


def _carried_out(request: ApiRequest, command: Command, *, status: int) -> HttpResponse:
    """One call inward. With a key the very words of the answer are kept beside it."""
    now = clock.now()
    answerer = _answerer(request, now)
    outcome = execute(command, request.actor, now=now, answerer=answerer if command.key else None)
    return written(outcome.answer or answerer(_present(outcome)), status=status)


def _answerer(request: ApiRequest, now: datetime) -> Answerer:
    def answer(dispute: Dispute) -> str:
        if dispute.registered_by_id == request.user.pk:
            dispute.registered_by = request.user  # known already: nobody need be asked
        shown = show.case(dispute, request.actor, now=now, with_fields=False)
        return shown.model_dump_json()

    return answer


def _present(outcome: Outcome) -> Dispute:
    related = Dispute.objects.select_related("grid", "mediator", "registered_by")
    return related.get(number=outcome.number)


@router.get(
    "/disputes/{number}/events",
    response={200: s.Happenings, **problems(404, 422)},
    summary="What happened, in order",
)
def list_events(request: ApiRequest, number: str, paging: Query[filters.Paging]) -> HttpResponse:
    filters.require_known(request, type(paging).model_fields)
    dispute = filters.find(number, request.actor, now=clock.now())
    place = cursors.read("events", paging.cursor) or [0]
    events = Event.objects.filter(dispute=dispute, version__gt=place[0]).order_by("version")
    rows, last = filters.page_of(list(events[: paging.limit + 1]), paging.limit)
    reads = policy.may_read_records(request.actor, dispute)
    return ok(
        s.Happenings(
            items=[_happening(event, reads=reads) for event in rows],
            next=cursors.written("events", [last.version]) if last else None,
        )
    )


def _happening(event: Event, *, reads: bool) -> s.Happening:
    return s.Happening(
        version=event.version,
        command=event.command,
        label=str(catalog.done_label(event.command)),
        who=event.actor_name,
        at=event.at,
        from_status=event.from_status,
        to_status=Status(event.to_status),
        to_status_label=str(Status(event.to_status).label),
        door=event.door,
        payload=event.payload if reads else None,
        digest=event.digest,
    )


@router.post(
    "/disputes/{number}/parties/{ordinal}/reveal",
    response={200: s.Revealed, **problems(400, 403, 404, 413, 415, 422, 429, 503)},
    openapi_extra=takes("RevealBody"),
    summary="Look behind a mask",
)
def reveal_detail(request: ApiRequest, number: str, ordinal: Path[int]) -> HttpResponse:
    """One detail of one party in plain. Who looked, at what and why is recorded before it is told."""
    body = RevealBody.model_validate(read_object(request))
    now = clock.now()
    dispute = filters.find(number, request.actor, now=now)
    value = services.reveal(
        dispute,
        ordinal=ordinal,
        field=body.field,
        reason=body.reason,
        actor=request.actor,
        now=now,
    )
    return ok(s.Revealed(field=body.field, value=value))
