"""Clusters: what came closer together than chance explains, against what is normal there."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mediation.core import clock, errors
from mediation.warning.detect.watch import LEAST_HISTORY
from mediation.warning.models import Cluster
from mediation.web.access import StaffRequest, require_role, signed_in
from workflows import cluster_selectors as selectors

HIGH, WIDE, STEP = 120, 900, 10


@require_safe
@signed_in
def clusters(request: StaffRequest) -> HttpResponse:
    """The open clusters, worst first, and the communities side by side."""
    require_role(request.actor, *selectors.READERS)
    now = clock.now()
    told = {
        "rows": selectors.open_clusters(request.actor, now=now),
        "tiles": selectors.tiles(request.actor, now=now),
        "young": selectors.too_young(request.actor, now=now),
        "weeks": LEAST_HISTORY // 7,
        "here": request.get_full_path(),
    }
    page = "clusters/_list.html" if "HX-Request" in request.headers else "clusters/clusters.html"
    return render(request, page, told)


@require_safe
@signed_in
def cluster(request: StaffRequest, cluster: int) -> HttpResponse:
    """One cluster: expected, observed, how rare, its cases, and ninety days against what is normal."""
    require_role(request.actor, *selectors.READERS)
    now = clock.now()
    rows = selectors.visible(request.actor)
    found: Cluster | None = rows.filter(pk=cluster).first() if cluster < 2**63 else None
    if found is None:
        raise errors.NotFound
    cases, total = selectors.cases_of(found, request.actor, now=now)
    told = {
        "cluster": found,
        "place": selectors.names_of([found.area_code])[found.area_code],
        "kind": found.kind,
        "cases": cases,
        "total": total,
        "hidden": total - len(cases),
        "times": found.observed / found.expected if found.expected else None,
        "strip": _drawn(selectors.strip(found, now=now)),
        "here": request.get_full_path(),
    }
    return render(request, "clusters/cluster.html", told)


def _drawn(strip: selectors.Strip) -> dict[str, Any]:
    """Bars and the line of what is normal, in the units of the drawing."""
    top = max([*strip.counts, strip.expected or 0, 1])
    scale = (HIGH - 10) / top
    bars = [
        {
            "x": n * STEP,
            "y": round(HIGH - count * scale, 1),
            "height": round(count * scale, 1),
            "day": day,
            "count": count,
            "high": strip.expected is not None and count > 2 * strip.expected and count >= 3,
        }
        for n, (day, count) in enumerate(zip(strip.days, strip.counts, strict=True))
    ]
    line = round(HIGH - strip.expected * scale, 1) if strip.expected is not None else None
    return {
        "bars": bars,
        "line": line,
        "expected": strip.expected,
        "top": top,
        # A table is read in weeks; the last day of each is enough.
        "weeks": bars[::-7][::-1],
        "first": strip.days[0],
        "last": strip.days[-1],
    }
