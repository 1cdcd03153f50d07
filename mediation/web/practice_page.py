"""What a case page tells of the practice: answers, people, appointments, notes of one side, returns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from mediation.disputes import policy
from mediation.disputes.enums import Consent, ContactChannel, Status
from mediation.disputes.models import Dispute, Party
from mediation.sessions.models.consent import GivenBy
from mediation.sessions.models.mediators import TieKind
from mediation.web.dossier import Dossier
from mediation.web.templatetags import fq

GROUP, LARGE_GROUP = 5, 10
SHOWN = 5
# How long a settled matter may come back and still be the same quarrel.
RETURN_WINDOW = timedelta(days=730)


def context(dossier: Dossier) -> dict[str, Any]:
    dispute, actor = dossier.dispute, dossier.actor
    return {
        "answers": list(_answers(dossier)),
        "people": [_participant(row, dossier) for row in dossier.participants],
        "group_words": group_words(dispute),
        "declarations": list(_declarations(dossier)),
        "wishes": [_wish(row, dossier) for row in dossier.wishes],
        "appointments": [_appointment(row, dossier) for row in dossier.appointments],
        "notes": [_note(row, dossier) for row in dossier.notes],
        "reads_notes": policy.may_read_caucus(actor, dispute),
        "window": _window(dossier),
        "returns": returns(dossier),
        "rebound": any(visit.outcome == "rebound" for visit in dossier.visits),
    }


def group_words(dispute: Dispute) -> str:
    """What the number of people means for representation."""
    if dispute.people_count >= LARGE_GROUP:
        return _(
            "At least 10 people: the side may elect 2 to 5 representatives "
            "(Civil Procedure Law art. 56; labour: Mediation and Arbitration Law art. 7)."
        )
    if dispute.people_count >= GROUP:
        return _("At least 5 people: the side may name up to 5 representatives.")
    return ""


# Answers -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of one party as it was recorded, oldest first."""

    ordinal: int
    on: date
    words: str
    how: str
    who: str


def _answers(dossier: Dossier) -> Iterator[Answer]:
    """Read from the journal, which forgets nothing."""
    for event in dossier.events:
        if event.command == "record_consent":
            said = event.payload
            yield Answer(
                ordinal=said["party"],
                on=date.fromisoformat(said["answered_on"]),
                words=str(Consent(said["consent"]).label),
                how=str(ContactChannel(said["channel"]).label),
                who=str(GivenBy(said.get("given_by") or GivenBy.SELF).label),
            )


# People ------------------------------------------------------------------------------------------


def _name_of(dossier: Dossier, party_id: int | None) -> str:
    for party, shown in zip(dossier.parties, dossier.shown, strict=True):
        if party.pk == party_id:
            return shown.name or str(shown.side.label)
    return ""


def _named(dossier: Dossier, ordinal: Any) -> str:
    for shown in dossier.shown:
        if str(shown.ordinal) == str(ordinal):
            return shown.name or str(shown.side.label)
    return str(ordinal)


def _participant(row: Any, dossier: Dossier) -> dict[str, Any]:
    knows = policy.may_see_names(dossier.actor, dossier.dispute)
    told = [
        (_("Acts for"), _name_of(dossier, row.party_id)),
        (_("Relation or organisation"), row.relation if knows else ""),
        (_("Authority"), row.get_authority_display()),
        (_("Letter of authority of"), fq.day(row.authority_on)),
        (_("Represented people"), row.represented),
        (_("Those represented agree to the settlement"), fq.day(row.settlement_agreed_on)),
        (_("Left on"), fq.day(row.left_on)),
    ]
    return {
        "name": row.name if knows else f"{row.name[:1]}*",
        "kind": row.get_kind_display(),
        "facts": [(label, value) for label, value in told if value],
        "agreed": [_named(dossier, ordinal) for ordinal in row.consents],
        "is_invited": row.kind == "invited",
    }


def _declarations(dossier: Dossier) -> Iterator[dict[str, Any]]:
    for event in dossier.events:
        if event.command == "declare_ties":
            ties = event.payload.get("ties") or []
            yield {
                "who": event.actor_name,
                "on": event.at,
                "ties": [
                    f"{_named(dossier, tie['party'])}：{TieKind(tie['kind']).label}" for tie in ties
                ],
            }


def _wish(row: Any, dossier: Dossier) -> dict[str, Any]:
    return {
        "who": _name_of(dossier, row.party_id),
        "what": row.get_wish_display(),
        "mediator": row.mediator.name if row.mediator else "",
        "on": row.wished_on,
        "met": row.met_at,
    }


# Sessions ----------------------------------------------------------------------------------------


def _appointment(row: Any, dossier: Dossier) -> dict[str, Any]:
    told = [
        {
            "who": _named(dossier, ordinal),
            "on": date.fromisoformat(row.told[str(ordinal)]["on"]),
            "answer": ANSWERS.get(row.told[str(ordinal)].get("answer", ""), ""),
        }
        if str(ordinal) in row.told
        else {"who": _named(dossier, ordinal), "on": None, "answer": ""}
        for ordinal in row.parties
    ]
    return {"row": row, "told": told, "is_planned": row.state == "planned"}


ANSWERS = {"yes": "将到场", "no": "不能到场"}


def _note(row: Any, dossier: Dossier) -> dict[str, Any]:
    """The text is opened only for who may read it; the others learn that there is one."""
    may = policy.may_read_caucus(dossier.actor, dossier.dispute) or (
        row.released_on is not None and policy.may_read_records(dossier.actor, dossier.dispute)
    )
    return {
        "ordinal": row.ordinal,
        "of": _name_of(dossier, row.party_id),
        "at": row.noted_at,
        "by": row.noted_by.name if row.noted_by else "",
        "released_on": row.released_on,
        "scope": row.released_scope if may else "",
        "text": row.text if may else "",
        "release_url": reverse("act", args=[dossier.dispute.code, "release_note"])
        + f"?note={row.ordinal}",
    }


# Confirmation, returns ---------------------------------------------------------------------------


def _window(dossier: Dossier) -> date | None:
    """The last day of the joint application, while it is open and nobody has applied."""
    if dossier.dispute.status != Status.PERFORMING or dossier.confirmation is not None:
        return None
    due = dossier.facts.confirmation_due
    return due if due is not None and dossier.facts.today <= due else None


def returns(dossier: Dossier) -> list[dict[str, Any]]:
    """Other cases with the same person or at the same place, the newest first. One query."""
    dispute = dossier.dispute
    ids = [p.id_index for p in dossier.parties if p.id_index]
    phones = [p.phone_index for p in dossier.parties if p.phone_index]
    same = Q(place=dispute.place, area_code__startswith=dispute.area_code[:9])
    if ids or phones:
        parties = Party.objects.filter(Q(id_index__in=ids) | Q(phone_index__in=phones))
        same |= Q(pk__in=parties.values("dispute_id"))
    since = dispute.registered_at - RETURN_WINDOW
    rows = (
        policy.visible_to(dossier.actor, now=dossier.now)
        .filter(same, registered_at__gte=since)
        .exclude(Q(pk=dispute.pk) | Q(status=Status.VOIDED) | Q(parent=dispute))
        .only("number", "code", "title", "status", "place", "registered_at", "colour")
        .order_by("-pk")[:SHOWN]
    )
    return [
        {
            "row": row,
            "status": Status(row.status).label,
            "why": _("same place") if row.place == dispute.place else _("same person"),
            "later": row.registered_at > dispute.registered_at,
        }
        for row in rows
    ]
