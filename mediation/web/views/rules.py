"""The table of statutory periods, and each of them as a question that anybody here may ask."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mediation.accounts.models import Role
from mediation.core import clock
from mediation.core.errors import NotFound
from mediation.deadlines.calendar import SHIPPED, read_plans
from mediation.deadlines.store import calendar_in_force, imported_years
from mediation.deadlines.table import GROUPS, PERIODS
from mediation.deadlines.table.norms import NORMS
from mediation.web.access import StaffRequest, signed_in
from mediation.web.derivation import QuestionForm, answer, language, rule_line


@require_safe
@signed_in
def rules(request: StaffRequest) -> HttpResponse:
    """Every period of the law with its article, by field."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    told = {
        "q": q,
        "groups": list(_groups(q.lower())),
        "norms": list(_norms(q.lower())),
        "years": announced_years(),
        "takes_years": Role.SYSTEM_ADMIN in request.actor.roles,
    }
    return render(request, "deadlines/rules.html", told)


def _groups(wanted: str) -> Iterator[dict[str, Any]]:
    for group in GROUPS:
        lines = [rule_line(period) for period in group.periods]
        found = [line for line in lines if _fits(line, wanted)]
        if found:
            yield {"title": group.names.in_language(language()), "rules": found}


def _norms(wanted: str) -> Iterator[dict[str, str]]:
    for norm in NORMS:
        line = {
            "code": norm.code,
            "rule": norm.rule.in_language(language()),
            "basis": norm.basis.said.in_language(language()),
        }
        if _fits(line, wanted):
            yield line


def _fits(line: dict[str, Any], wanted: str) -> bool:
    return any(
        wanted in str(line[name]).lower()
        for name in ("code", "title", "rule", "starts", "basis")
        if name in line
    )


def announced_years() -> list[dict[str, object]]:
    """The announced years, an imported one in the place of a shipped one."""
    plans = {plan.year: plan for place in (SHIPPED, imported_years()) for plan in read_plans(place)}
    return [
        {"year": year, "notices": "、".join(plan.notices), "rest": len(plan.rest_days),
         "work": len(plan.work)}
        for year, plan in sorted(plans.items(), reverse=True)
    ]  # fmt: skip


@require_safe
@signed_in
def rule_page(request: StaffRequest, rule: str) -> HttpResponse:
    """One period: what the law says, and when it ends if it began on a given day."""
    period = PERIODS.get(rule.upper())
    if period is None:
        raise NotFound
    calendar = calendar_in_force()
    asked = "start" in request.GET
    form = QuestionForm(period, request.GET if asked else None, today=clock.today())
    found = form.answer(calendar) if asked else None
    told = {
        "rule": rule_line(period),
        "form": form,
        "found": answer(found, calendar=calendar) if found else None,
    }
    status = 422 if asked and found is None else 200
    return render(request, "deadlines/rule.html", told, status=status)
