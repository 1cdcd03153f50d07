"""My work: what to do now, what waits for others, what I have done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mediation.accounts.models import Role
from mediation.core import clock, keyset
from mediation.core.clock import day_of
from mediation.disputes.enums import DONE, STAGE_OF, Colour, Stage, Status
from mediation.disputes.models import Dispute, Event
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.templatetags.fq import moment
from mediation.web.walk import Walk
from mediation.web.words import label_of, node_word
from workflows import worklist
from workflows.commands import catalog

PAGE_SIZE = 50
TABS = {
    "todo": gettext_lazy("To do"),
    "waiting": gettext_lazy("With others"),
    "done": gettext_lazy("Done by me"),
}
WORKERS = (
    Role.GRID_WORKER,
    Role.MEDIATOR,
    Role.CENTRE_STAFF,
    Role.JUSTICE_STAFF,
    Role.RECONSIDERATION_CLERK,
)
CASE_FIELDS = (
    "number", "code", "title", "colour", "severity", "status", "due_at", "place", "registered_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One case in a list, as ``components/_cards.html`` shows it."""

    url: str
    number: str
    title: str
    colour: str
    stage: str | Promise
    meta: Sequence[Any]
    due: date | None = None
    left: int | None = None
    unit: str = "days"
    next: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for. Anything it cannot mean is left out."""

    stage: str = ""
    colour: str = ""
    overdue: bool = False

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        stage, colour = query.get("stage", ""), query.get("colour", "")
        return cls(
            stage=stage if stage in Stage.values else "",
            colour=colour if colour in Colour.values else "",
            overdue=query.get("overdue") == "1",
        )

    def narrow(self, *, now: datetime, path: str = "") -> Q:
        """The filters over cases that lie at ``path`` of the queried rows."""
        wanted = Q()
        if self.stage:
            statuses = [status for status, stage in STAGE_OF.items() if stage == self.stage]
            wanted &= Q(**{f"{path}status__in": statuses})
        if self.colour:
            wanted &= Q(**{f"{path}colour": self.colour})
        if self.overdue:
            wanted &= Q(**{f"{path}due_at__lte": now})
        return wanted

    @property
    def any(self) -> bool:
        return bool(self.stage or self.colour or self.overdue)


@require_safe
@signed_in
def work(request: StaffRequest) -> HttpResponse:
    """One of three lists, filtered by the address so that a filtered list can be kept and sent."""
    require_role(request.actor, *WORKERS)
    now = clock.now()
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "todo"
    filters = Filters.read(request.GET)
    lister, order = LISTS[tab]
    walk = Walk(order, request.GET, size=PAGE_SIZE)
    told = {
        "tab": tab,
        "tabs": list(TABS.items()),
        "cards": lister(request, filters, now, walk),
        "filters": filters,
        "stages": Stage,
        "colours": Colour,
        "may_register": bool(request.actor.roles & {Role.GRID_WORKER, Role.CENTRE_STAFF}),
        "previous": walk.previous,
        "next": walk.next,
        "here": request.get_full_path(),
    }
    return render(request, "work/work.html", told)


def _todo(request: StaffRequest, filters: Filters, now: datetime, walk: Walk) -> list[Card]:
    items = worklist.to_do(request.actor, now=now).filter(filters.narrow(now=now, path="dispute__"))
    rows = items.select_related("dispute").only(
        "node", "severity", "due_at", "dispute_id", *(f"dispute__{name}" for name in CASE_FIELDS)
    )
    return [_card(item.dispute, now, next_step=node_word(item.node)) for item in walk.page(rows)]


def _waiting(request: StaffRequest, filters: Filters, now: datetime, walk: Walk) -> list[Card]:
    """With whom a case is stands on its card: the role that has its open work."""
    cases = worklist.waiting(request.actor, now=now).filter(filters.narrow(now=now))
    rows = cases.select_related("work").only(*CASE_FIELDS, "work__node", "work__role")
    return [_card(case, now, meta=_with_whom(case)) for case in walk.page(rows)]


def _with_whom(case: Dispute) -> list[Any]:
    item = getattr(case, "work", None)
    if item is None:
        return []
    return [label_of(Role, item.role), node_word(item.node)]


def _done(request: StaffRequest, filters: Filters, now: datetime, walk: Walk) -> list[Card]:
    steps = worklist.done_by(request.actor, now=now)
    rows = steps.filter(filters.narrow(now=now, path="dispute__")).select_related("dispute")
    fields = (f"dispute__{name}" for name in CASE_FIELDS)
    shown = walk.page(rows.only("command", "at", "dispute_id", *fields))
    return [_card(step.dispute, now, meta=_my_step(step)) for step in shown]


def _my_step(step: Event) -> list[Any]:
    return [catalog.done_label(step.command), moment(step.at)]


Lister = Callable[[StaffRequest, Filters, datetime, Walk], list[Card]]
LISTS: dict[str, tuple[Lister, keyset.Order]] = {
    "todo": (_todo, worklist.TO_DO),
    "waiting": (_waiting, worklist.WAITING),
    "done": (_done, worklist.DONE_BY),
}


def _card(
    case: Dispute, now: datetime, *, next_step: str | Promise = "", meta: Sequence[Any] = ()
) -> Card:
    due = day_of(case.due_at) if case.due_at and case.status not in DONE else None
    return Card(
        url=f"/disputes/{case.code}/",
        number=case.number,
        title=case.title,
        colour=case.colour,
        stage=label_of(Status, case.status),
        meta=[case.place, *meta],
        due=due,
        left=(due - clock.local_day(now)).days if due else None,
        next=next_step,
    )
