"""The one box for programs. A body, not an address: what is looked for may be somebody's name or number."""

from typing import Any

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field, StrictStr

from mediation.accounts.models import Role
from mediation.api import filters, show
from mediation.api.answers import ok, problems, takes
from mediation.api.auth import ApiRequest
from mediation.api.schemas import Moment
from mediation.api.strict_json import read_object
from mediation.core import clock
from mediation.core.errors import Forbidden
from mediation.disputes.enums import Colour, Status
from mediation.disputes.policy import NOT_YOURS
from mediation.search import highlight, questions, selectors, services

router = Router(tags=["search"])
SEARCHERS = frozenset(Role) - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
COLUMNS = ("pk", "number", "code", "title", "facts", "place", "status", "colour", "registered_at")


class SearchBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    q: StrictStr = Field(
        min_length=1,
        max_length=80,
        description="Case number, lookup code, name, place, words; a phone or ID number exactly.",
    )
    limit: int = Field(20, ge=1, le=100)
    before: int | None = Field(None, ge=1, le=2**62, description="`next` of the page before.")


class SearchHit(BaseModel):
    number: str
    code: str
    title: str
    place: str
    snippet: str
    status: Status
    status_label: str
    colour: Colour | None
    registered_at: Moment


class SearchAnswer(BaseModel):
    """``recorded``: the question named one person, and was written down."""

    items: list[SearchHit]
    count: int = Field(description="At most 1001: nobody counts further.")
    next: int | None
    recorded: bool


@router.post(
    "/search",
    response={200: SearchAnswer, **problems(400, 403, 413, 415, 422)},
    openapi_extra=takes("SearchBody"),
    summary="Find cases by number, name, place or words",
)
def search_cases(request: ApiRequest) -> HttpResponse:
    """Only what the caller may see, newest first. Look-ups by phone or ID number are recorded."""
    body = SearchBody.model_validate(read_object(request))
    if not request.actor.roles & SEARCHERS:
        raise Forbidden(NOT_YOURS)
    now = clock.now()
    asked = questions.understand(body.q)
    cases = selectors.found(asked, request.actor, now=now)
    count = selectors.capped_count(cases)
    services.record(asked, request.actor, found=count, door="api", now=now)
    if body.before is not None:
        cases = cases.filter(pk__lt=body.before)
    rows = list(selectors.newest(cases, hits=count).values(*COLUMNS)[: body.limit + 1])
    shown, last = filters.page_of(rows, body.limit)
    return ok(
        SearchAnswer(
            items=[_hit(row, "" if asked.is_personal else asked.text) for row in shown],
            count=count,
            next=last["pk"] if last else None,
            recorded=asked.is_personal,
        )
    )


def _hit(row: dict[str, Any], words: str) -> SearchHit:
    facts = highlight.snippet(str(row["facts"]), words)
    return SearchHit(
        number=row["number"],
        code=row["code"],
        title=row["title"],
        place=row["place"],
        snippet="".join(part.text for part in facts),
        status=Status(str(row["status"])),
        status_label=str(Status(str(row["status"])).label),
        colour=show.colour_of(str(row["colour"])),
        registered_at=row["registered_at"],
    )
