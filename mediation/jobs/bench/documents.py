"""``bench documents``: every kind of paper printed warm, and a file of sixty pages bound."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pikepdf
from django.db import connection
from django.test.utils import override_settings

from mediation.core import clock
from mediation.disputes.models import Dispute
from mediation.documents import dossier, make, services
from mediation.documents.casefile import CaseFile
from mediation.documents.kinds import papers_of
from mediation.jobs.seed import stage

SEED, DISPUTES, ROUNDS, PAGES = 7, 60, 5, 60


def run() -> dict[str, Any]:
    """Milliseconds of wall clock; the machine's load is in them."""
    today = clock.local_day(clock.now() - timedelta(hours=9))
    with override_settings(DEMO=True):  # invented people have invented numbers
        stage.play_small(seed=SEED, today=today, disputes=DISPUTES, progress=lambda *_: None)
    printed = _kinds()
    pdf = [cost for row in printed.values() for cost in row["pdf_ms"]]
    docx = [cost for row in printed.values() for cost in row["docx_ms"]]
    return {
        "database": connection.vendor,
        "kinds": len(printed),
        "pdf_ms_median": round(statistics.median(pdf), 1),
        "pdf_ms_worst_kind": round(
            max(statistics.median(r["pdf_ms"]) for r in printed.values()), 1
        ),
        "docx_ms_median": round(statistics.median(docx), 1),
        "docx_ms_worst_kind": round(
            max(statistics.median(r["docx_ms"]) for r in printed.values()), 1
        ),
        "same_bytes": all(row["same_bytes"] for row in printed.values()),
        **_volume(),
    }


def _kinds() -> dict[str, dict[str, Any]]:
    """One case per kind; the first print of each warms the press and is not counted."""
    found: dict[str, dict[str, Any]] = {}
    for dispute in Dispute.objects.order_by("-version"):
        file = CaseFile(dispute, now=clock.now())
        for kind, about, _need in papers_of(file):
            if kind.id not in found:
                paper = make.paper(file, kind, about)
                first = make.pdf(paper), make.docx(paper)
                found[kind.id] = {
                    "pdf_ms": [_timed(partial(make.pdf, paper)) for _ in range(ROUNDS)],
                    "docx_ms": [_timed(partial(make.docx, paper)) for _ in range(ROUNDS)],
                    "same_bytes": first == (make.pdf(paper), make.docx(paper)),
                }
    return found


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _volume() -> dict[str, Any]:
    """The longest file of the play, its parts repeated until sixty pages lie in it."""
    dispute = Dispute.objects.filter(status="archived").order_by("-version").first()
    file = CaseFile(dispute, now=clock.now()) if dispute else None
    if file is None:
        return {}
    lying = list(dossier.parts(file))
    pages = 0
    many: list[dossier.Part] = []
    while pages < PAGES:
        for part in lying:
            if part.read is not None:
                many.append(part)
                pages += services.page_count(part.read())
    began = time.perf_counter()
    bound = dossier.whole_pdf(file, step=lambda *_: None, lying=many)
    spent = (time.perf_counter() - began) * 1000
    return {
        "volume_pages": services.page_count(bound),
        "volume_ms": round(spent, 1),
        "volume_kb": len(bound) // 1024,
        "pikepdf": pikepdf.__version__,
    }
