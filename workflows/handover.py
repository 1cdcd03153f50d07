"""What stays behind when somebody stops serving, who goes on with it, and what keeps an area open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from mediation.accounts.models import Duty, Role
from mediation.accounts.selectors import open_on, stand_ins, unfinished
from mediation.areas.models import Area, ancestor_codes
from mediation.areas.selectors import within
from mediation.core.errors import Reason
from mediation.disputes.enums import DONE
from mediation.disputes.models import Dispute
from workflows.models import WorkItem


@dataclass(frozen=True, slots=True)
class Left:
    """The open work of one duty.

    ``named``: cases of a mediator, which wait for another to be named; ``shared``: anybody of his role
    may go on with it. ``others`` serve in the same role there; ``namers`` may name another mediator.
    """

    duty: Duty
    named: int
    shared: int
    others: Sequence[str]
    namers: Sequence[str]

    @property
    def is_orphaned(self) -> bool:
        return bool(self.shared) and not self.others


def left_behind(duties: Sequence[Duty], *, today: date) -> list[Left]:
    """What the person of these duties leaves if they end. Three queries, however many duties."""
    if not duties:
        return []
    counts = _counts(duties)
    others = stand_ins(duties, today=today)
    namers = _namers(duties, today) if any(counts[duty.pk][0] for duty in duties) else {}
    return [
        Left(duty, *counts[duty.pk], others[duty.pk], namers.get(duty.pk, ())) for duty in duties
    ]


def open_work(person_id: int) -> int:
    """Cases whose next step bears this name."""
    return WorkItem.objects.filter(assignee_id=person_id).count()


def _counts(duties: Sequence[Duty]) -> dict[int, tuple[int, int]]:
    """Duty key → work under his name, and work of his role under nobody's. One query."""
    asked, anywhere = {}, Q(pk__in=[])
    for duty in duties:
        mine, shared = _named(duty), _work_of(duty) & Q(assignee__isnull=True)
        if duty.role != Role.MEDIATOR:
            mine, shared = mine & Q(pk__in=[]), shared | mine
        asked[f"named_{duty.pk}"] = Count("pk", filter=mine)
        asked[f"shared_{duty.pk}"] = Count("pk", filter=shared)
        anywhere |= mine | shared
    found = WorkItem.objects.filter(anywhere).aggregate(**asked)
    return {duty.pk: (found[f"named_{duty.pk}"], found[f"shared_{duty.pk}"]) for duty in duties}


def _work_of(duty: Duty) -> Q:
    return Q(role=duty.role) & within(duty.area.code)


def _named(duty: Duty) -> Q:
    return _work_of(duty) & Q(assignee_id=duty.person_id)


def release(duties: Sequence[Duty]) -> None:
    """Let everybody of the role see what bore the name of whoever leaves.

    Not the mediator's: his cases wait for another to be named, because the parties choose him
    (People's Mediation Law art. 19).
    """
    leaving = Q(pk__in=[])
    for duty in duties:
        if duty.role != Role.MEDIATOR:
            leaving |= _named(duty)
    WorkItem.objects.filter(leaving).update(assignee=None)


def _namers(duties: Sequence[Duty], today: date) -> dict[int, list[str]]:
    """Duty key → the centre staff who may give its cases to another mediator."""
    above = {code for duty in duties for code in ancestor_codes(duty.area.code)}
    rows = (
        Duty.objects.filter(open_on(today), role=Role.CENTRE_STAFF, area__code__in=above)
        .filter(person__is_active=True)
        .order_by("-area__level", "person__username")
        .values_list("area__code", "person__name")
    )
    centre = list(rows)
    return {
        duty.pk: [name for code, name in centre if duty.area.code.startswith(code)]
        for duty in duties
    }


def hindrances(area: Area, *, today: date) -> list[Reason]:
    """Why an area cannot be closed yet: its open cases, and people who still serve there."""
    # A closed case keeps its grid while a follow-up visit or the archive is still to come.
    unsettled = ~Q(status__in=DONE) | Q(work__isnull=False)
    cases = Dispute.objects.filter(within(area.code)).filter(unsettled).count()
    duties = Duty.objects.filter(
        unfinished(today), within(area.code, field="area__code"), person__is_active=True
    ).count()
    reasons = []
    if cases:
        sentence = _("%(n)d cases are still open here. They must be closed first.") % {"n": cases}
        reasons.append(Reason("open_cases", sentence))
    if duties:
        sentence = _("%(n)d duties still run here. Please end them first.") % {"n": duties}
        reasons.append(Reason("open_duties", sentence))
    return reasons
