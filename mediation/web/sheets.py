"""The real paper beside the form: what is typed, printed as it would be, page by page."""

import base64
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from mediation.accounts.actor import Actor
from mediation.agreements import wording
from mediation.agreements.models import Agreement
from mediation.disputes.models import Dispute
from mediation.documents import make, press, services
from workflows.commands import catalog
from workflows.facts import CaseFacts

MOST_PAGES: Final = 12
PPI: Final = 96
ONE_SITTING: Final = timedelta(minutes=30)


def may_look(actor: Actor, dispute: Dispute) -> bool:
    """Whoever may read the paper, where it can be printed."""
    return press.missing() is None and services.may_read(actor, dispute)


def pages(facts: CaseFacts, data: Mapping[str, Any]) -> list[str]:
    """The pages as pictures inside the answer: no address, nothing stored. Raises ``press.NoPdf``."""
    shown = make.imagined(facts.dispute, written(facts, data), now=facts.now)
    services.note_look_once(
        facts.dispute, f"preview {shown.kind.id}", facts.actor, now=facts.now, within=ONE_SITTING
    )
    pictures = make.images(shown, ppi=PPI)[:MOST_PAGES]
    return [f"data:image/png;base64,{base64.b64encode(one).decode()}" for one in pictures]


def written(facts: CaseFacts, data: Mapping[str, Any]) -> dict[str, Any]:
    """Whatever of the input can be read; what is half typed yet is empty."""
    spec = catalog.find("draft_agreement")
    form = catalog.form_for(spec, data, dispute=facts.dispute, facts=facts)
    form.is_valid()
    read: dict[str, Any] = {
        name: form.cleaned_data.get(name) or EMPTY.get(name) for name in form.fields
    }
    if read["form"] not in Agreement.Form.values:
        read["form"] = Agreement.Form.WRITTEN
    read["clauses"] = [row for row in read["clauses"] if row.get("text")]
    if not read["clauses"] and not read["content"]:
        names = {party.ordinal: party.name for party in facts.parties}
        read["clauses"] = [
            {"text": wording.clause(row, names, manner=read["manner"])}
            for row in read["obligations"]
            if row.get("content")
        ]
    return read


EMPTY: Mapping[str, Any] = {
    "form": "written", "main_facts": "", "issues": "", "responsibilities": "", "content": "",
    "clauses": [], "manner": "", "place": "", "obligations": [],
}  # fmt: skip
