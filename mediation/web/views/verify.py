"""The page behind the QR picture on every paper: whether it is genuine, and for us the way to its slot."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from mediation.core import clock
from mediation.disputes import policy
from mediation.documents import services
from mediation.documents.kinds import KINDS
from mediation.documents.models import Document
from mediation.web import papers
from mediation.web.codes import read_code
from mediation.web.limits import require_few

LARGEST = 1024 * 1024


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Who cannot scan the picture types the code that stands beside it."""
    if typed := request.GET.get("code", "").strip():
        return redirect("verify", read_code(typed) or slugify(typed)[:20] or "-")
    return render(request, "documents/verify.html", {})


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Number, date, organisation, and whether what lies on the table is what we issued."""
    require_few(request, "verify", limit=60, seconds=60)
    typed = read_code(code)
    rows = Document.objects.select_related("dispute", "dispute__grid")
    document = rows.filter(code=typed).first() if typed else None
    told: dict[str, Any] = {"code": code[:20], "paper": None}
    if document is not None:
        told |= {"paper": papers.checked(document), "slot": _slot(request, document)}
        if request.method == "POST":
            told["matches"] = _matches(request, document)
            told |= {"answered": True, "typed": request.POST.get("fingerprint", "")[:20]}
    return render(request, "documents/verify.html", told, status=200 if document else 404)


def _matches(request: HttpRequest, document: Document) -> bool:
    """By the fingerprint as printed, or by the file itself."""
    file = request.FILES.get("file")
    if file is not None and (file.size or 0) <= LARGEST:
        return hashlib.sha256(file.read()).hexdigest() == document.pdf_sha256
    typed = "".join(request.POST.get("fingerprint", "").split()).lower()
    return len(typed) == 12 and document.fingerprint.startswith(typed)


def _slot(request: HttpRequest, document: Document) -> str:
    """Where a signed page of this paper is put: for those who may read it in the case."""
    actor = getattr(request, "actor", None)
    dispute = document.dispute
    if actor is None or document.kind not in KINDS:
        return ""
    if not policy.may_view(actor, dispute, now=clock.now()):
        return ""
    if not services.may_read(actor, dispute):
        return ""
    slug = f"{document.kind}-{document.about}" if document.about else document.kind
    return f"{reverse('paper', args=[dispute.code, slug])}#signed"
