"""What a step can know before anybody types: parties, places, days and texts that were entered once."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict

from mediation.agreements import services as agreements
from mediation.areas.models import Area
from mediation.disputes import policy
from mediation.disputes.enums import (
    Consent,
    EndReason,
    PartyKind,
    ResultCode,
    Side,
    Source,
    Status,
)
from mediation.disputes.masking_view import shown_parties, shown_party
from mediation.reconsideration.law import ActKind, SimplifiedGround
from mediation.referrals.models import COURT_KINDS, OrderKind
from mediation.sessions import scheduling
from mediation.sessions.models import Assignment
from mediation.warning.models import Escalation
from workflows.facts import CaseFacts

# What a link on the case page may choose beforehand.
BY_ADDRESS = (
    "appointment", "given_by", "kind", "meeting", "note", "obligation", "ordinal", "participant",
    "party", "receiver", "replaces", "sides", "what", "who",
)  # fmt: skip
DISTRICT = 6

Known = dict[str, Any]


def known(name: str, facts: CaseFacts) -> Known:
    """Initial values of the step called ``name``."""
    reader = READERS.get(name)
    return reader(facts) if reader else {}


def from_address(query: QueryDict, fields: Mapping[str, Any]) -> Known:
    """What the address chooses, of the fields that the form has."""
    return {
        name: query.get(name)
        for name in BY_ADDRESS
        if name in fields and len(query.get(name, "")) in range(1, 20)
    }


def of_party(facts: CaseFacts, ordinal: str) -> Known:
    """What the reader sees of the party that he corrects; what is masked he may leave empty."""
    party = next((one for one in facts.parties if str(one.ordinal) == ordinal), None)
    if party is None:
        return {}
    shown = shown_party(party, facts.actor, facts.dispute)
    plain = {"name": shown.name, "guardian": shown.guardian}
    knows = policy.may_see_names(facts.actor, facts.dispute)
    if not knows or party.is_minor:
        plain["name"] = ""
    if not knows:
        plain["guardian"] = ""
    return plain | {
        "replaces": ordinal,
        "side": party.side,
        "kind": party.kind,
        "relation": party.relation,
        "no_id_reason": party.no_id_reason,
        "is_minor": party.is_minor,
        "lives_on_own_work": party.lives_on_own_work,
        "ethnicity": party.ethnicity,
        "occupation": party.occupation,
        "representative": party.representative,
        "is_affected_only": not party.is_necessary,
    }


def _asked(facts: CaseFacts) -> list[int]:
    return [party.ordinal for party in facts.parties if party.is_necessary]


def _consent(facts: CaseFacts) -> Known:
    open_ones = [
        p.ordinal for p in facts.parties if p.is_necessary and p.consent == Consent.UNASKED
    ]
    return {"party": open_ones[0], "rights_told": True, "receipt": "signed"} if open_ones else {}


def _intake(_facts: CaseFacts) -> Known:
    """The committee names the mediator unless the parties chose one (art. 19)."""
    return {"chosen_by": Assignment.ChosenBy.COMMITTEE}


def _acceptance(facts: CaseFacts) -> Known:
    """Who has declared in this case that nothing ties him to a party need not tick it again."""
    said = Assignment.objects.filter(
        dispute=facts.dispute, mediator=facts.dispute.mediator_id, until__isnull=True
    )
    known: Known = {"no_conflict": said.filter(no_conflict_declared_at__isnull=False).exists()}
    entrusted = [order.kind for order in facts.orders if order.kind in COURT_KINDS]
    return known | ({"channel": entrusted[0]} if entrusted else {})


def _rights(facts: CaseFacts) -> Known:
    waiting = [p.ordinal for p in facts.parties if p.is_necessary and not p.rights_told_on]
    return {"told_on": facts.today} | ({"party": waiting[0]} if waiting else {})


def _meeting(facts: CaseFacts) -> Known:
    begun = [a for a in scheduling.planned(facts.dispute.pk) if a.starts_at <= facts.now]
    arranged = begun[0] if begun else None
    return {
        "kind": "session",
        "held_at": arranged.starts_at if arranged else facts.now,
        "ended_at": facts.now if arranged else None,
        "next_at": None,
        "place": arranged.place if arranged else facts.dispute.place,
        "method": arranged.method if arranged else "face",
        "subject": facts.dispute.title,
        "attended": arranged.parties if arranged else _asked(facts),
        "appointment": arranged.pk if arranged else None,
        "recorder": facts.actor.name,
    }


def _schedule(facts: CaseFacts) -> Known:
    return {
        "starts_at": None,
        "place": facts.dispute.place,
        "parties": _asked(facts),
        "method": "face",
    }


def _agreement(facts: CaseFacts) -> Known:
    """The newest version, or what the registration says."""
    if body := agreements.latest_body(facts.dispute):
        return dict(body)
    owes = [p.ordinal for p in facts.parties if p.side == Side.RESPONDENT and p.is_necessary]
    owed = [p.ordinal for p in facts.parties if p.side == Side.APPLICANT and p.is_necessary]
    return {
        "form": "written",
        "main_facts": facts.dispute.facts,
        "issues": facts.dispute.claim,
        "place": facts.dispute.place,
        "agreed_on": facts.today,
        "copies": len(_asked(facts)) + 1,
        "obligations": [
            {
                "debtor": owes[0] if owes else None,
                "creditor": owed[0] if owed else None,
                "amount": facts.dispute.amount,
            }
        ],
    }


def _signatures(facts: CaseFacts) -> Known:
    """One row for each party whose signature is still missing; most sign on the day they agree."""
    agreement = facts.agreement
    if agreement is None:
        return {}
    signed = agreement.signed_ordinals()
    day = agreement.agreed_on
    return {
        "parties": [{"party": n, "signed_on": day} for n in _asked(facts) if n not in signed],
        "mediator_signed_on": agreement.mediator_signed_on or day,
        "sealed_on": agreement.sealed_on or day,
    }


def _open_obligation(facts: CaseFacts) -> Known:
    waiting = [o.ordinal for o in facts.obligations if not o.is_done]
    known: Known = {"sides": ["debtor", "creditor"], "reminded_on": facts.today}
    return known | ({"obligation": waiting[0]} if waiting else {})


def _ruling(facts: CaseFacts) -> Known:
    """The court rules under the number that it docketed."""
    filed = facts.confirmation
    return {"ruling_number": filed.court_number if filed is not None else ""}


def _filing(facts: CaseFacts) -> Known:
    """The basic court of the district (Civil Procedure Law art. 205)."""
    district = Area.objects.filter(code=facts.dispute.area_code[:DISTRICT]).first()
    court = f"{district.name}人民法院" if district else ""
    return {"court": court, "applicants": _asked(facts)}


def _visit(facts: CaseFacts) -> Known:
    done = bool(facts.obligations) and all(o.is_done for o in facts.obligations)
    return {
        "asked": _asked(facts),
        "channel": "in_person",
        "performed": "all" if done else "",
        "later_suit": "none",
    }


def _participant(facts: CaseFacts) -> Known:
    return {"agreed_on": facts.today, "represented": max(2, facts.dispute.people_count)}


def _package(facts: CaseFacts) -> Known:
    """What was registered, never what was offered in mediation (art. 26)."""
    return {"summary": "\n".join(filter(None, (facts.dispute.facts, facts.dispute.claim)))}


def _report(facts: CaseFacts) -> Known:
    """To whom the law wants it reported first; the case says already what there is to tell."""
    owed = Escalation.objects.filter(
        dispute=facts.dispute, reported_at__isnull=True, lapsed_at__isnull=True
    )
    first = owed.order_by("due_at", "pk").first()
    known: Known = {"content": facts.dispute.facts[:500]}
    return known | ({"receiver": first.receiver} if first is not None else {})


def _halves(facts: CaseFacts) -> Known:
    """Both parts begin as the whole: what belongs to the other one is struck out."""
    return {"civil_facts": facts.dispute.facts, "administrative_facts": facts.dispute.facts}


def _review(facts: CaseFacts) -> Known:
    ended = facts.dispute.events.filter(command="end_mediation").order_by("-pk").first()
    withdrew = ended is not None and ended.payload.get("reason") == EndReason.WITHDRAWN
    return {"result": ResultCode.WITHDRAWN if withdrew else ResultCode.FAILED} if ended else {}


def _order(facts: CaseFacts) -> Known:
    """Registrations name their source; who sent the paper is mostly the same."""
    sender = SENDERS.get(facts.dispute.source, "")
    return {"kind": sender, "received_on": facts.today} if sender else {"received_on": facts.today}


def _answer(facts: CaseFacts) -> Known:
    """What came of the case, as the sender wants to hear it."""
    dispute = facts.dispute
    number = {"agreement_number": dispute.file_number, "performed_on": dispute.performed_on}
    if dispute.performed_on:
        return number | {"result": "performed"}
    if dispute.effective_on:
        return number | {"result": "agreed"}
    return {"result": "failed"} if dispute.status == Status.MEDIATION_ENDED else {}


def _rc_acceptance(facts: CaseFacts) -> Known:
    track = facts.reconsideration
    return {"simplified_ground": SIMPLIFIED.get(track.act_kind, "") if track is not None else ""}


def _act(facts: CaseFacts) -> Known:
    """The organ that acted is mostly registered as the other side already."""
    shown = shown_parties(facts.parties, facts.actor, facts.dispute)
    organs = [
        one.name
        for one, party in zip(shown, facts.parties, strict=True)
        if party.side == Side.RESPONDENT and party.kind == PartyKind.LEGAL
    ]
    return {"organ": organs[0]} if len(organs) == 1 else {}


SENDERS: Mapping[str, str] = {
    Source.HOTLINE: OrderKind.HOTLINE,
    Source.POLICE: OrderKind.POLICE,
    Source.COURT: OrderKind.COURT_PRE,
    Source.PROCURATOR: OrderKind.PROCURATORATE,
    Source.PETITION: OrderKind.PETITION,
    Source.DEPARTMENT: OrderKind.DEPARTMENT,
}
SIMPLIFIED: Mapping[str, str] = {
    ActKind.SPOT_PENALTY: SimplifiedGround.SPOT,
    ActKind.DISCLOSURE: SimplifiedGround.DISCLOSURE,
}
"""Acts that may be reviewed in the simplified procedure by what they are (art. 53)."""

READERS: Mapping[str, Callable[[CaseFacts], Known]] = {
    "start_mediation_intake": _intake,
    "record_consent": _consent,
    "accept": _acceptance,
    "tell_rights": _rights,
    "begin_session": _meeting,
    "record_session": _meeting,
    "schedule_session": _schedule,
    "draft_agreement": _agreement,
    "reach_agreement": _agreement,
    "record_signatures": _signatures,
    "record_performance": _open_obligation,
    "remind": _open_obligation,
    "urge": _open_obligation,
    "file_confirmation": _filing,
    "record_ruling": _ruling,
    "add_participant": _participant,
    "refer": _package,
    "report_escalation": _report,
    "split": _halves,
    "send_to_review": _review,
    "receive_order": _order,
    "answer_order": _answer,
    "rc_accept": _rc_acceptance,
    "refer_to_reconsideration": _act,
    "visit": _visit,
}
