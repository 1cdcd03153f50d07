"""The page of one case, section by section, in the words of those who read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mediation.accounts.models import Role
from mediation.core.clock import local_day
from mediation.core.errors import Reason
from mediation.deadlines.store import calendar_in_force
from mediation.disputes import policy
from mediation.disputes.enums import Category, Consent, Nature, PartyKind, Stage, Status
from mediation.disputes.masking_view import ShownParty
from mediation.disputes.models import Dispute
from mediation.disputes.selectors import stays
from mediation.supervision.models import Card
from mediation.warning.questions import FURTHER, QUESTIONS
from mediation.web import chronicle, practice_page, track_panel, ways
from mediation.web.clockface import about, face, face_of_moment, faces
from mediation.web.dossier import Dossier
from mediation.web.templatetags import fq
from mediation.web.words import NODE_WORDS
from workflows.chart import chart
from workflows.facts import CaseFacts
from workflows.offers import Offer, offers

MAIN_LINE = (
    Stage.INTAKE, Stage.EARLY_WARNING, Stage.MEDIATION, Stage.RECONSIDERATION, Stage.CLOSURE,
)  # fmt: skip
# People's Mediation Law art. 2; Administrative Reconsideration Law art. 2.
BARRED: dict[str, Stage] = {
    Nature.CIVIL: Stage.RECONSIDERATION,
    Nature.ADMINISTRATIVE: Stage.MEDIATION,
}
# Steps that end or undo something ask to be confirmed by their look.
DANGEROUS = frozenset(
    {"void", "end_mediation", "reopen", "fall_through", "declare_breach", "take_back", "reclassify"}
)
# What is done as often as the step that the procedure expects, or where it expects no single one.
CHOICES: dict[str, tuple[str, ...]] = {
    Status.ASSESSED: ("refer_to_reconsideration", "split", "refer"),
    Status.MEDIATING: ("record_session", "draft_agreement", "schedule_session"),
    Status.MEDIATION_ENDED: ("refer", "send_to_review", "start_mediation_intake"),
    Status.PERFORMING: ("remind", "urge"),
    Status.BREACHED: ("refer", "start_mediation_intake"),
    Status.REFERRED: ("acknowledge_referral", "take_back"),
    Status.CLOSE_REVIEW: ("return_for_correction",),
}
CONSENT_TONE = {Consent.YES: "ok", Consent.NO: "danger", Consent.WITHDRAWN: "danger"}


def context(dossier: Dossier) -> dict[str, Any]:
    """What ``cases/detail.html`` shows."""
    dispute, actor = dossier.dispute, dossier.actor
    knows = policy.may_see_names(actor, dispute)
    calendar = calendar_in_force()
    clocks = faces(dossier.deadlines, now=dossier.now, calendar=calendar)
    offered = [
        _action(offer, dossier.facts)
        for offer in offers(dispute, actor, now=dossier.now, facts=dossier.facts)
    ]
    correctable = any(action["name"] == "add_party" and action["enabled"] for action in offered)
    return {
        "dispute": dispute,
        "dossier": dossier,
        "status_word": Status(dispute.status).label,
        "knows_names": knows,
        "reads_records": policy.may_read_records(actor, dispute),
        "reads_reports": policy.may(actor, "report_escalation", dispute),
        "owes_report": any(not (row.reported_at or row.lapsed_at) for row in dossier.escalations),
        "reads_remarks": policy.may(actor, "comment", dispute),
        "due": face_of_moment(dispute.due_at, now=dossier.now, calendar=calendar)
        if dispute.is_open
        else None,
        "clocks": [one for one in clocks if one.state != "done"],
        "clocks_met": [one for one in clocks if one.state == "done"],
        "risk_words": risk_words(dispute.risk),
        "level": _level(dispute),
        "actions": [action for action in offered if action["yours"]],
        "next": who_acts(dispute),
        "parties": [_party(shown, dispute, correctable=correctable) for shown in dossier.shown],
        "particulars": list(_particulars(dispute)),
        "obligations": [_obligation(row, dossier, calendar) for row in dossier.obligations],
        "meetings": [(row, _present(row.attended, dossier)) for row in dossier.meetings],
        "signatures": list(_signatures(dossier)),
        "alert": dossier.facts.alert,
        "cards": [_with_words(card) for card in dossier.cards],
        "instructions": dossier.instructions,
        "past_alerts": [row for row in dossier.alerts if row.status == "resolved"],
        "asked": [row for row in dossier.approvals if row.state in {"asked", "granted"}],
        "entries": chronicle.entries(
            dossier.events,
            reads_text=knows,
            names={shown.ordinal: shown.name for shown in dossier.shown},
        ),
        "chart": chart(dispute),
        **stage_bar(dossier),
        **track_panel.context(dossier, calendar=calendar),
        **practice_page.context(dossier),
    }


def _with_words(card: Card) -> Card:
    """The card with ``about``: what it presses for, in the language of the page."""
    card.about = about(card)  # type: ignore[attr-defined]  # for the template alone
    return card


# Where the case is -------------------------------------------------------------------------------


def stage_bar(dossier: Dossier) -> dict[str, Any]:
    """Five stages, and the other channels beside them once they were used."""
    spent = stays(dossier.events, now=dossier.now)
    stages = [
        {
            "label": stage.label,
            "state": _stage_state(stage, dossier.dispute, set(spent)),
            "spent": duration(spent[stage].spent) if stage in spent else "",
        }
        for stage in MAIN_LINE
    ]
    branch = None
    if Stage.REFERRAL in spent:
        current = dossier.dispute.stage == Stage.REFERRAL
        branch = {
            "label": _branch_word(dossier),
            "state": "current" if current else "done",
            "spent": duration(spent[Stage.REFERRAL].spent),
        }
    return {"stages": stages, "branch": branch}


def _branch_word(dossier: Dossier) -> str:
    """A divided case was at no other office: it waits for its own parts."""
    been = {event.to_status for event in dossier.events}
    divided = Status.SPLIT in been and Status.REFERRED not in been
    return str(Status.SPLIT.label if divided else Stage.REFERRAL.label)


def _stage_state(stage: Stage, dispute: Dispute, visited: set[Stage]) -> str:
    """A stage that the nature of the case rules out is skipped from the beginning."""
    if stage == dispute.stage:
        return "done" if dispute.status == Status.ARCHIVED else "current"
    if stage in visited and _before(stage, dispute.stage):
        return "done"
    passed = dispute.stage == Stage.CLOSURE
    return "skipped" if passed or stage == BARRED.get(dispute.nature) else "todo"


def _before(stage: Stage, present: Stage) -> bool:
    if present == Stage.REFERRAL:
        return True
    return MAIN_LINE.index(stage) < MAIN_LINE.index(present)


def duration(span: timedelta) -> str:
    """The largest unit alone: “3天”, “5小时”, “12分钟”."""
    minutes = int(span.total_seconds()) // 60
    if minutes >= 24 * 60:
        return ngettext("%(n)d day", "%(n)d days", minutes // 1440) % {"n": minutes // 1440}
    if minutes >= 60:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def _level(dispute: Dispute) -> dict[str, Any]:
    """The colour with its reasons, who stands behind it, and what the rules say if that differs."""
    risk = dispute.risk
    said = risk.get("set") or {}
    stands = said if said.get("colour") == dispute.colour else {}
    words = _("Confirmed by %(who)s") % {"who": stands["by"]} if stands else ""
    return {
        "sentences": risk_reasons(risk),
        "confirmed": words,
        "rule": risk.get("colour") if risk.get("colour") != dispute.colour else "",
        "until": _moment(stands.get("until")),
        "expired": _(", ").join(questions_in_words(risk.get("expired") or [])),
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def questions_in_words(keys: Iterable[str]) -> list[str]:
    """The questions by their words in the reader's language."""
    chinese = (get_language() or "").startswith("zh")
    asked = {question.key: question for question in (*QUESTIONS, *FURTHER)}
    return [asked[key].zh if chinese else asked[key].en for key in keys if key in asked]


def risk_reasons(risk: dict[str, Any]) -> list[dict[str, Any]]:
    """Every rule that spoke, as one sentence each in the reader's language."""
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    return [one | {"text": one.get(language, "")} for one in risk.get("reasons") or []]


def risk_words(risk: dict[str, Any]) -> str:
    """The stored explanation in the language of the page."""
    return fq.spoken(risk.get("explain", {}))


# Who acts ----------------------------------------------------------------------------------------


def who_acts(dispute: Dispute) -> dict[str, Any] | None:
    """The open work: what is to be done, by which role, and by whom if it bears a name."""
    item = getattr(dispute, "work", None)
    if item is None:
        return None
    return {
        "step": NODE_WORDS.get(item.node, item.node),
        "role": Role(item.role).label,
        "role_icon": fq.roleicon(item.role),
        "name": item.assignee.name if item.assignee else "",
        "since": item.opened_at,
    }


def _action(offer: Offer, facts: CaseFacts) -> dict[str, Any]:
    return {
        "name": offer.name,
        "label": offer.label,
        "enabled": offer.enabled,
        "yours": offer.yours,
        "primary": offer.primary,
        "danger": offer.name in DANGEROUS,
        "reasons": [refusal(reason, facts) for reason in offer.reasons] if offer.yours else [],
        "url": reverse("act", args=[facts.dispute.code, offer.name]),
    }


def refusal(reason: Reason, facts: CaseFacts) -> dict[str, Any]:
    """Why a step is not possible, and the step that clears the way, if this person may take it."""
    return {"words": reason_words(reason), "way": ways.out(reason, facts)}


def reason_words(reason: Any) -> str:
    """The sentence, and the article that it comes from in the language of the page."""
    if not reason.source:
        return str(reason.sentence)
    source = source_words(reason.source)
    return _("%(sentence)s (%(source)s)") % {"sentence": reason.sentence, "source": source}


def source_words(source: str) -> str:
    """An article written as “Chinese · English”, in the language of the page."""
    chinese, _dot, english = source.partition(" · ")
    return chinese if (get_language() or "zh").startswith("zh") else english or chinese


# People ------------------------------------------------------------------------------------------


def party_name(shown: ShownParty) -> str:
    """“1. 李四”; a party not known yet by his side."""
    return f"{shown.ordinal}. {shown.name or shown.side.label}"


def _party(shown: ShownParty, dispute: Dispute, *, correctable: bool) -> dict[str, Any]:
    unknown = shown.kind == PartyKind.UNKNOWN
    told = [
        (_("Relation"), shown.relation),
        (_("Guardian"), shown.guardian),
        (_("Why no ID number"), shown.no_id_reason),
        (_("Rights told on"), fq.day(shown.rights_told_on)),
    ]
    return {
        "ordinal": shown.ordinal,
        "name": _("Not known yet") if unknown else shown.name,
        "role": shown.side.label,
        "phone": shown.phone,
        "id_number": shown.id_number,
        "address": shown.address,
        "marks": list(_marks(shown)),
        "consent": shown.consent.label if shown.is_necessary else "",
        "consent_on": shown.consent_on,
        "consent_tone": CONSENT_TONE.get(shown.consent, "plain"),
        "facts": [(label, value) for label, value in told if value],
        "correct_url": f"{reverse('act', args=[dispute.code, 'add_party'])}?replaces={shown.ordinal}"
        if correctable
        else "",
        "reveal_url": reverse("reveal", args=[dispute.code, shown.ordinal])
        if shown.revealable
        else "",
    }


def _marks(shown: ShownParty) -> Iterator[str]:
    if shown.is_minor:
        yield _("Minor")
    if shown.kind == PartyKind.LEGAL:
        yield _("Organisation")
    if not shown.is_necessary:
        yield _("Affected only")


# What is recorded --------------------------------------------------------------------------------


def _particulars(dispute: Dispute) -> Iterator[tuple[str, Any]]:
    community = dispute.grid.parent.name if dispute.grid.parent else ""
    yield _("Kind of dispute"), dispute.get_category_display()
    yield _("Nature"), dispute.get_nature_display() or _("Not decided yet")
    yield _("Place"), dispute.place
    yield _("Grid"), f"{community} {dispute.grid.name}".strip()
    yield _("Source"), dispute.get_source_display()
    yield _("Happened at"), fq.full(dispute.occurred_at)
    yield _("Registered at"), fq.full(dispute.registered_at)
    if dispute.registered_by:
        yield _("Registered by"), dispute.registered_by.name
    count = dispute.people_count
    yield _("People involved"), ngettext("%(n)d person", "%(n)d people", count) % {"n": count}
    yield from _money_and_result(dispute)
    if dispute.mediator:
        yield _("Mediator"), dispute.mediator.name


def _money_and_result(dispute: Dispute) -> Iterator[tuple[str, Any]]:
    if dispute.amount is not None:
        yield _("Amount in dispute"), fq.money(dispute.amount)
    if dispute.accepted_on:
        yield _("Accepted on"), fq.day(dispute.accepted_on)
    if dispute.result:
        yield _("Result"), dispute.get_result_display()
    if dispute.file_number:
        yield _("File number"), dispute.file_number
        yield _("Retention"), dispute.get_retention_display()
    if dispute.reopened:
        yield _("Times reopened"), dispute.reopened


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation as a line: who owes, what, how much, until when, and whether it is done."""

    ordinal: int
    debtor: str
    creditor: str
    content: str
    how: str
    paid: Any
    reminded_on: Any
    amount: Any
    due_on: date
    due: Any
    done_on: Any
    proof: str
    both_confirm: bool
    urged: int
    urged_on: Any


def _obligation(row: Any, dossier: Dossier, calendar: Any) -> Duty:
    today = local_day(dossier.now)
    return Duty(
        ordinal=row.ordinal,
        debtor=_debtor(row.debtor_id, dossier),
        creditor=_debtor(row.creditor_id, dossier),
        how="，".join(part for part in (row.manner, row.place) if part),
        paid=row.paid if not row.is_done else None,
        reminded_on=row.reminded_on,
        content=row.content,
        amount=row.amount,
        due_on=row.due_on,
        due=None if row.is_done else face(row.due_on, today=today, calendar=calendar),
        done_on=row.done_on,
        proof=row.proof,
        both_confirm=row.both_confirm,
        urged=row.urged,
        urged_on=row.urged_on,
    )


def _debtor(party_id: int | None, dossier: Dossier) -> str:
    for party, shown in zip(dossier.parties, dossier.shown, strict=True):
        if party.pk == party_id:
            return party_name(shown)
    return ""


def _signatures(dossier: Dossier) -> Iterator[dict[str, Any]]:
    """Who has signed and who has not, the mediator and the committee last."""
    agreement = dossier.agreement
    if agreement is None:
        return
    for shown in dossier.shown:
        if shown.is_necessary:
            signed = agreement.signatures.get(str(shown.ordinal))
            yield {
                "who": party_name(shown),
                "on": date.fromisoformat(signed) if signed else None,
                "url": _pad(dossier, f"who=party&ordinal={shown.ordinal}"),
            }
    yield {
        "who": _("Mediator"),
        "on": agreement.mediator_signed_on,
        "url": _pad(dossier, "who=mediator"),
    }
    yield {"who": _("Seal of the committee"), "on": agreement.sealed_on}


def _pad(dossier: Dossier, who: str) -> str:
    """Where somebody signs the agreement on the screen; nowhere when the law wants paper."""
    dispute = dossier.dispute
    may = policy.may(dossier.actor, "sign_on_screen", dispute)
    if not may or dispute.status != Status.AGREED or dispute.category == Category.FAMILY:
        return ""
    return reverse("act", args=[dispute.code, "sign_on_screen"]) + f"?what=agreement&{who}"


def _present(ordinals: list[int], dossier: Dossier) -> str:
    names = {shown.ordinal: shown.name or shown.side.label for shown in dossier.shown}
    return "、".join(str(names.get(number, number)) for number in ordinals)
