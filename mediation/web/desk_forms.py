"""The three steps that have a page of their own make: the session, the agreement, the signature."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from mediation.agreements import services as agreements
from mediation.agreements import wording
from mediation.agreements.models import AgreementVersion
from mediation.core.money import BadAmount, in_words, parse_amount
from mediation.disputes.masking_view import shown_parties
from mediation.disputes.models import Dispute
from mediation.sessions.models import Draft, Signature
from mediation.web import sheets
from mediation.web.templatetags import fq
from workflows.commands import catalog
from workflows.commands.sessions import SPEAKERS
from workflows.facts import CaseFacts

SESSION = frozenset({"begin_session", "record_session"})
AGREEMENT = frozenset({"draft_agreement", "reach_agreement"})
TEMPLATES = (
    dict.fromkeys(SESSION, "cases/_session.html")
    | dict.fromkeys(AGREEMENT, "cases/_paper.html")
    | {"sign_on_screen": "cases/_pad.html"}
)
ALONE = AGREEMENT | {"sign_on_screen"}
"""Pages without the case beside them: one holds it already, the other is shown to a party."""
PHRASES = (
    "现在告知各方当事人在调解中的权利和义务。",
    "各方对上述告知是否听清，是否申请调解员回避？",
    "听清了，不申请回避。",
    "请申请人陈述事实和请求。",
    "请被申请人答辩。",
    "调解员向双方讲解相关法律规定。",
    "双方就下列事项达成一致：",
    "以上笔录经宣读，各方确认无误。",
)
OTHER = {"draft_agreement": "reach_agreement", "reach_agreement": "draft_agreement"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """``key`` as turns keep it; ``short`` on the button, ``label`` in the list."""

    key: str
    short: str
    label: str


def extras(name: str, facts: CaseFacts, form: Any) -> dict[str, Any]:
    """What the page of this step shows besides its fields."""
    if name in SESSION:
        return _session(name, facts, form)
    if name in AGREEMENT:
        return _agreement(name, facts, form)
    if name == "add_party":
        return {"corrects": _corrected(facts, form)}
    return {"signer": _signer(facts, form)} if name == "sign_on_screen" else {}


def _corrected(facts: CaseFacts, form: Any) -> str:
    """Whose entry is put right; nothing where a new party is added."""
    chosen = str(form["replaces"].value() or "")
    shown = shown_parties(facts.parties, facts.actor, facts.dispute)
    names = {str(one.ordinal): f"{one.ordinal}. {one.name} · {one.side.label}" for one in shown}
    return names.get(chosen, "")


def _signer(facts: CaseFacts, form: Any) -> str:
    """“调解协议 · 彭测安”: who signs what, when the link to the pad has said so."""
    what, who = form["what"].value(), form["who"].value()
    papers = dict(Signature.What.choices)
    if form.is_bound or what not in papers or (what == "meeting" and not form["meeting"].value()):
        return ""
    if who == "party":
        shown = shown_parties(facts.parties, facts.actor, facts.dispute)
        names = {str(one.ordinal): one.name for one in shown}
        person = names.get(str(form["ordinal"].value()), "")
    else:
        person = str(dict(Signature.Who.choices).get(who, ""))
    return f"{papers[what]} · {person}" if person else ""


# The session -------------------------------------------------------------------------------------


def _session(name: str, facts: CaseFacts, form: Any) -> dict[str, Any]:
    turns = form["turns"].value()
    draft = form.draft_at if hasattr(form, "draft_at") else None
    return {
        "save_url": reverse("draft", args=[facts.dispute.code, name]),
        "draft_at": draft,
        "whole_text": form["record"].value() or form["record"].errors,
        "turns": turns if isinstance(turns, list) and turns else [{}],
        "speakers": speakers(facts),
        "phrases": PHRASES,
        "has_others": bool(form.fields["others"].choices),
        "has_appointments": len(form.fields["appointment"].choices) > 1,
    }


def speakers(facts: CaseFacts) -> list[Speaker]:
    shown = shown_parties(facts.parties, facts.actor, facts.dispute)
    parties = [
        Speaker(
            f"p{one.ordinal}", one.name or str(one.side.label), f"{one.name} · {one.side.label}"
        )
        for one in shown
        if one.is_necessary
    ]
    return [*parties, *(Speaker(key, str(label), str(label)) for key, label in SPEAKERS.items())]


def draft_of(dispute: Dispute, person_id: int | None, name: str) -> tuple[dict[str, Any], Any]:
    """What this person was writing, and since when; nothing when nothing is kept."""
    kept = Draft.objects.filter(dispute=dispute, person_id=person_id or 0, kind=name).first()
    return (dict(json.loads(kept.data)), kept.saved_at) if kept else ({}, None)


def keep_draft(
    dispute: Dispute, person_id: int, name: str, data: Mapping[str, Any], now: Any
) -> None:
    """Keep what somebody is writing, sealed. His own, and no fact of the case."""
    draft = Draft.objects.filter(dispute=dispute, person_id=person_id, kind=name).first()
    draft = draft or Draft(dispute=dispute, person_id=person_id, kind=name)
    draft.data, draft.saved_at = json.dumps(dict(data), ensure_ascii=False), now
    draft.save()


def drop_draft(dispute: Dispute, person_id: int | None, name: str) -> None:
    if name in SESSION:
        Draft.objects.filter(dispute=dispute, person_id=person_id or 0, kind=name).delete()


# The agreement -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Check:
    ok: bool
    words: str


def _agreement(name: str, facts: CaseFacts, form: Any) -> dict[str, Any]:
    values = {field: form[field].value() for field in agreements.BODY}
    other = catalog.find(OTHER[name])
    count = AgreementVersion.objects.filter(dispute=facts.dispute).count()
    return {
        "paper": reading(values, facts),
        "preview_url": reverse("preview", args=[facts.dispute.code, name])
        if sheets.may_look(facts.actor, facts.dispute)
        else "",
        "whole_text": form.is_bound or values["content"],
        "checks": checks(values, facts) if count or form.is_bound else [],
        "versions": count,
        "versions_url": reverse("versions", args=[facts.dispute.code]),
        "other": {
            "url": reverse("act", args=[facts.dispute.code, other.name]),
            "label": _("Save the draft") if other.name == "draft_agreement" else other.label,
        },
    }


def reading(values: Mapping[str, Any], facts: CaseFacts) -> dict[str, Any]:
    """The agreement as the paper will read, from whatever is typed so far."""
    shown = shown_parties(facts.parties, facts.actor, facts.dispute)
    names = {one.ordinal: one.name for one in shown}
    clauses = [row.get("text", "") for row in _rows(values.get("clauses"))]
    lines = [f"{agreements.ordinal_word(n)}、{text}" for n, text in enumerate(clauses, 1) if text]
    owed = [_owed(row, names, values) for row in _rows(values.get("obligations"))]
    total = _amount(values.get("amount"))
    return {
        "parties": [
            {"side": str(one.side.label), "name": one.name} for one in shown if one.is_necessary
        ],
        "facts": "\n".join(
            str(values.get(part) or "") for part in ("main_facts", "issues", "responsibilities")
        ).strip(),
        "lines": lines or [line for line in str(values.get("content") or "").split("\n") if line],
        "owed": owed,
        "total": total,
        "total_words": in_words(total) if total is not None else "",
        "copies": values.get("copies") or len([one for one in shown if one.is_necessary]) + 1,
    }


def _rows(value: Any) -> list[Mapping[str, Any]]:
    rows = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, Mapping)]


def _owed(row: Mapping[str, Any], names: Mapping[int, str], values: Mapping[str, Any]) -> str:
    """What is typed so far, as the clause that it will be."""
    typed = dict(row) | {
        "due_on": _day(row.get("due_on")),
        "amount": _amount(row.get("amount")),
        "debtor": _number(row.get("debtor")),
        "creditor": _number(row.get("creditor")),
    }
    return wording.clause(typed, names, manner=str(values.get("manner") or ""))


def _number(value: Any) -> int:
    return int(value) if str(value or "").isdecimal() else 0


def _amount(value: Any) -> Decimal | None:
    try:
        return parse_amount(str(value)) if str(value or "").strip() else None
    except BadAmount:
        return None


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return parse_date(str(value or ""))
    except ValueError:
        return None


def checks(values: Mapping[str, Any], facts: CaseFacts) -> list[Check]:
    """What the law wants of the text, ticked or open. Nothing is judged that the guards do not judge."""
    owed = _rows(values.get("obligations"))
    return [
        _content_check(values),
        _sum_check(values, owed),
        Check(
            all(_day(row.get("due_on")) for row in owed),
            _("Every obligation has its day"),
        ),
        *_people_checks(facts),
        *_word_checks(wording.texts(_as_texts(values))),
    ]


def _as_texts(values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(values) | {n: _rows(values.get(n)) for n in ("clauses", "obligations")}


def _content_check(values: Mapping[str, Any]) -> Check:
    clauses, owed = _rows(values.get("clauses")), _rows(values.get("obligations"))
    written = any(row.get("text") for row in clauses) or any(row.get("content") for row in owed)
    return Check(
        bool(written or values.get("content")), _("What was agreed is written down (art. 29)")
    )


def _sum_check(values: Mapping[str, Any], owed: Sequence[Mapping[str, Any]]) -> Check:
    total = _amount(values.get("amount"))
    parts = sum((_amount(row.get("amount")) or Decimal(0) for row in owed), Decimal(0))
    if total is None:
        return Check(
            ok=True,
            words=_("No total is named; the parts come to %(sum)s") % {"sum": fq.money(parts)},
        )
    words = _("The parts come to %(sum)s, the total is %(total)s")
    return Check(parts == total, words % {"sum": fq.money(parts), "total": fq.money(total)})


def _people_checks(facts: CaseFacts) -> Iterable[Check]:
    asked = [p for p in facts.parties if p.is_necessary]
    numbered = all(p.id_number or p.no_id_reason for p in asked)
    yield Check(numbered, _("Every party has an ID number, or a reason why not"))
    if young := [p for p in asked if p.needs_guardian(facts.today)]:
        guarded = all(p.guardian for p in young)
        yield Check(guarded, _("The guardian acts for a party under 18"))


def _word_checks(texts: Iterable[str]) -> Iterable[Check]:
    lines = list(texts)
    bad, doubtful = wording.forbidden(lines), wording.doubtful(lines)
    if bad:
        yield Check(ok=False, words=_("Must not be agreed: %(words)s") % {"words": "、".join(bad)})
    if doubtful:
        yield Check(
            ok=False,
            words=_("Look again whether this may be agreed: %(words)s")
            % {"words": "、".join(doubtful)},
        )
    if not bad and not doubtful:
        yield Check(ok=True, words=_("Nothing forbidden was found"))
