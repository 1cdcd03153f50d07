"""The desk of the auditor: who looked at what, what a second person owes, whether the records hold."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mediation.accounts import policy
from mediation.accounts.actor import Actor
from mediation.accounts.models import AccessChange, Change, Role
from mediation.core import clock
from mediation.core.errors import Text
from mediation.documents.kinds import KINDS as KINDS_OF_PAPER
from mediation.errands.models import Errand
from mediation.oversight import sightings
from mediation.oversight.models import RetentionRun, UrgentAccess
from mediation.oversight.sightings import KINDS, Question, Sighting
from mediation.web.access import StaffRequest, require_role, signed_in
from workflows import nightly, seals
from workflows.commands import catalog

SHOWN: Final = 100
FEW: Final = 10
SPANS: Final = (1, 7, 30)
BY_DEFAULT: Final = tuple(kind for kind in KINDS if kind != "act")
"""What people do on cases is the bulk, and stands on the cases; it is shown when asked for."""


DETAILS: Final = {
    "name": _("Name"),
    "id_number": _("ID number"),
    "phone": _("Phone"),
    "address": _("Address"),
}
OPENED: Final = {
    "paper": _("on the page"),
    "preview": _("draft on the page"),
    "pdf": "PDF",
    "docx": "Word",
    "file": _("file of the case"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. Anything it cannot mean is left out."""

    kind: str
    person: str
    case: str
    days: int

    @classmethod
    def read(cls, query: QueryDict) -> "Asked":
        kind, days = query.get("kind", ""), query.get("days", "")
        return cls(
            kind=kind if kind in KINDS else "",
            person=_plain(query.get("person", "")),
            case=_plain(query.get("case", "")),
            days=int(days) if days in {str(span) for span in SPANS} else 7,
        )


def _plain(typed: str) -> str:
    """PostgreSQL takes no NUL in a parameter; nothing that cannot be printed is a name or a number."""
    return typed.strip()[:150] if typed.isprintable() else ""


@require_safe
@signed_in
def audit(request: StaffRequest) -> HttpResponse:
    """Everything of the auditor's own area, the newest first."""
    require_role(request.actor, Role.AUDITOR)
    now = clock.now()
    asked, areas = Asked.read(request.GET), tuple(policy.scope(request.actor, (Role.AUDITOR,)))
    question = Question(
        now - timedelta(days=asked.days), now + timedelta(minutes=1), asked.case, asked.person,
        areas, latest=SHOWN,
    )  # fmt: skip
    kinds = (asked.kind,) if asked.kind else BY_DEFAULT
    lines = list(islice(sightings.answer(question, kinds=kinds), SHOWN))
    here = policy.areas_within(areas, field="dispute__area_code")
    urgent = UrgentAccess.objects.filter(here).select_related("person", "reviewed_by", "dispute")
    told = {
        "asked": asked,
        "lines": [(line, KINDS[line.kind], in_words(line)) for line in lines],
        "busiest": Counter((line.name, line.username) for line in lines).most_common(3),
        "kinds": KINDS.items(),
        "spans": SPANS,
        "records": _records(now),
        "urgent": urgent.order_by("reviewed_at", "-pk")[:FEW],
        "exports": _exports(areas),
        "signed_in": _signed_in(request.actor, now),
    }
    return render(request, "audit/audit.html", told)


def in_words(line: Sighting) -> Text:
    """The particulars of a sighting as people say them; the records keep codes."""
    first, _space, rest = line.detail.partition(" ")
    match line.kind:
        case "act":
            return catalog.done_label(line.detail)
        case "reveal":
            return DETAILS.get(line.detail, line.detail)
        case "paper" if first in OPENED:
            kind = KINDS_OF_PAPER.get(rest.partition("-")[0])
            return f"{kind.title if kind else rest} · {OPENED[first]}"
        case "urgent" if line.detail:
            return UrgentAccess.Finding(line.detail).label
        case "access" if first in Change.values:
            return f"{Change(first).label} {rest}".strip()
    return line.detail


def _records(now: Any) -> dict[str, Any]:
    """Whether the records are sealed, how late, and what the night's proof has found."""
    last, lag = seals.latest(seals.file()), seals.lag(now)
    return {
        "seal": last,
        "late": lag > seals.LATE,
        "lag": int(lag.total_seconds()),
        "proof": nightly.latest(),
        "retention": RetentionRun.objects.order_by("-day").first(),
    }


def _exports(areas: tuple[str, ...]) -> list[Errand]:
    rows = Errand.objects.filter(policy.areas_within(areas, field="area_code"), rows__gt=0)
    return list(rows.select_related("person", "decided_by").order_by("-pk")[:FEW])


def _signed_in(actor: Actor, now: Any) -> dict[str, Any]:
    """Who is signed in now, and whom the security administrator has signed out of late."""
    reach = policy.people_in_reach(actor)
    living = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows = UserSession.objects.filter(user__in=reach, session_key__in=living)
    ended = AccessChange.objects.filter(what=Change.SESSIONS_ENDED, person__in=reach)
    return {
        "count": rows.values("user_id").distinct().count(),
        "latest": list(rows.select_related("user").order_by("-created_at", "-pk")[:FEW]),
        "ended": list(ended.select_related("person").order_by("-pk")[:3]),
    }
