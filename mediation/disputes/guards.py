"""The conditions of the law, each able to say why not. The reader of this file is a lawyer.

A guard reads after "because": ``nature_is_civil``. It sees the dispute and what is ``known``. Guards marked
``needs_data`` judge what was entered and are asked only when something was.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mediation.disputes import particulars
from mediation.disputes.enums import SEVERITY, Colour, Consent, Nature, PartyKind, Status
from mediation.disputes.guard import guard, has_second_person

if TYPE_CHECKING:
    from mediation.disputes.facts import Facts
    from mediation.disputes.models import Dispute

# Nature and channel ----------------------------------------------------------------------------


@guard(
    _("People's mediation is for civil disputes only; this one is not civil."),
    "人民调解法第二条 · People's Mediation Law art. 2",
)
def nature_is_civil(dispute: "Dispute", facts: "Facts") -> bool:
    return dispute.nature == Nature.CIVIL


@guard(
    _("Only a dispute about an administrative act can go to administrative reconsideration."),
    "行政复议法第二条、第十一条、第十二条 · Administrative Reconsideration Law arts. 2, 11, 12",
)
def nature_is_administrative(dispute: "Dispute", facts: "Facts") -> bool:
    return dispute.nature == Nature.ADMINISTRATIVE


@guard(
    _("Only a mixed dispute is split into a civil and an administrative part."),
    "人民调解法第二条；行政复议法第二条 · People's Mediation Law art. 2; Reconsideration Law art. 2",
)
def nature_is_mixed(dispute: "Dispute", facts: "Facts") -> bool:
    return dispute.nature == Nature.MIXED


@guard(
    _("A dispute settled on the spot must be civil."),
    "人民调解法第二条 · People's Mediation Law art. 2",
)
def nature_is_civil_or_open(dispute: "Dispute", facts: "Facts") -> bool:
    return dispute.nature in {Nature.CIVIL, ""}


@guard(
    _("A court or another organ has already accepted this matter; mediation must not take it."),
    "人民调解工作若干规定第二十二条 · MoJ Order 75 art. 22",
)
def is_not_elsewhere(dispute: "Dispute", facts: "Facts") -> bool:
    """A court that delegates what it has accepted does so with papers of its own: another, linked case."""
    if dispute.status == Status.REFERRED and facts.referral is not None:
        return not dispute.elsewhere and facts.referral.status != "accepted"
    return not dispute.elsewhere


@guard(
    _("A red case is never settled on the spot; it needs assessment and a leader."),
    "人民调解法第二十五条 · People's Mediation Law art. 25",
)
def is_not_red(dispute: "Dispute", facts: "Facts") -> bool:
    return dispute.colour != Colour.RED


# Colour ----------------------------------------------------------------------------------------


def _is_lowering(dispute: "Dispute", facts: "Facts") -> bool:
    asked = SEVERITY[facts.data["colour"]]
    return asked < max(SEVERITY[facts.data["rule_colour"]], SEVERITY[dispute.colour])


def _clears_up(dispute: "Dispute", facts: "Facts") -> bool:
    """Whoever only answers what was open, and follows the rules, lowers nothing that anybody has said.

    The colour before was the rules' own, given because the questions about danger were unanswered.
    """
    risk, now = dispute.risk, facts.data.get("answers") or {}
    said = {key: one for key, one in (risk.get("answers") or {}).items() if one != "unknown"}
    return (
        dispute.colour == risk.get("colour") != Colour.RED
        and not risk.get("set")
        and facts.data["colour"] == facts.data["rule_colour"]
        and all(now.get(key) == one for key, one in said.items())
    )


@guard(
    _(
        "A colour below the computed one, or below the present one, needs a reason of 10 characters."
    ),
    needs_data=True,
)
def lowering_has_reason(dispute: "Dispute", facts: "Facts") -> bool:
    if not _is_lowering(dispute, facts) or _clears_up(dispute, facts):
        return True
    return len(facts.data.get("colour_reason", "")) >= 10


@guard(
    _("Lowering a red case needs the consent of a second person. Ask for it first."),
    needs_data=True,
)
def red_is_lowered_by_two(dispute: "Dispute", facts: "Facts") -> bool:
    was_red = Colour.RED in {dispute.colour, facts.data["rule_colour"]}
    if not was_red or not _is_lowering(dispute, facts):
        return True
    return has_second_person(facts, "lower_red")


# Consent and people ----------------------------------------------------------------------------


@guard(_("No mediator is named yet."), "人民调解法第十九条 · People's Mediation Law art. 19")
def mediator_is_named(dispute: "Dispute", facts: "Facts") -> bool:
    return dispute.mediator_id is not None


@guard(
    _("The parties are not known yet. Name at least two sides."),
    "人民调解法第十七条 · People's Mediation Law art. 17",
)
def parties_are_known(dispute: "Dispute", facts: "Facts") -> bool:
    known = [party for party in facts.parties if party.kind != PartyKind.UNKNOWN]
    return len({party.side for party in known if party.is_necessary}) >= 2


@guard(
    _("A party has refused mediation or withdrawn: mediation must not start or go on."),
    "人民调解法第十七条 · People's Mediation Law art. 17",
)
def nobody_refuses(dispute: "Dispute", facts: "Facts") -> bool:
    return not any(
        party.consent in {Consent.NO, Consent.WITHDRAWN}
        for party in facts.parties
        if party.is_necessary
    )


@guard(
    _("Not every party has agreed to mediation yet. Record each party's answer first."),
    "人民调解法第十七条 · People's Mediation Law art. 17",
)
def every_party_consents(dispute: "Dispute", facts: "Facts") -> bool:
    return all(party.consent == Consent.YES for party in facts.parties if party.is_necessary)


@guard(
    _("Not every party has been told the rights and duties in mediation yet."),
    "人民调解法第二十三条；人民调解工作若干规定第三十条 · "
    "People's Mediation Law art. 23; MoJ Order 75 art. 30",
)
def rights_are_told(dispute: "Dispute", facts: "Facts") -> bool:
    return all(party.rights_told_on for party in facts.parties if party.is_necessary)


@guard(
    _("A party under 18 needs a guardian who acts for him."),
    "民法典第十九条、第二十条、第二十三条；第十八条第二款 · Civil Code arts. 19, 20, 23; 18(2)",
)
def minors_have_guardians(dispute: "Dispute", facts: "Facts") -> bool:
    asked = [party for party in facts.parties if party.is_necessary]
    return all(party.guardian for party in asked if party.needs_guardian(facts.today))


@guard(
    _("The mediator must declare that there is no ground for recusal."),
    "SF/T 0083-2020 · National standard of people's mediation work",
    needs_data=True,
)
def mediator_has_no_conflict(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("no_conflict"))


@guard(
    _("Both sides must agree to the settlement on the spot."),
    "人民调解法第十七条 · People's Mediation Law art. 17",
    needs_data=True,
)
def both_sides_agree_on_spot(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("both_consent"))


# Mediation -------------------------------------------------------------------------------------


@guard(
    _("All parties must agree to the extension in writing."),
    "SF/T 0083-2020 · National standard of people's mediation work",
    needs_data=True,
)
def all_agree_to_extension(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("all_agree"))


@guard(
    _(
        "The mediation period had already run out; the parties can only extend it before its last day ends."
    ),
    "SF/T 0083-2020 · National standard of people's mediation work",
    needs_data=True,
)
def period_still_runs(dispute: "Dispute", facts: "Facts") -> bool:
    """The day of the agreement counts; what was agreed in time may be written down later."""
    return dispute.mediation_due is not None and facts.data["agreed_on"] <= dispute.mediation_due


@guard(
    _("The new last day must be later than the present one."),
    "SF/T 0083-2020 · National standard of people's mediation work",
    needs_data=True,
)
def extension_is_later(dispute: "Dispute", facts: "Facts") -> bool:
    return dispute.mediation_due is None or facts.data["until"] > dispute.mediation_due


@guard(
    _(
        "Marriage, parentage, adoption and other status relations cannot be decided by agreement; "
        "leave them out."
    ),
    "民诉法解释第三百五十五条 · SPC Interpretation of the Civil Procedure Law art. 355",
    needs_data=True,
)
def is_not_about_status(dispute: "Dispute", facts: "Facts") -> bool:
    return not facts.data.get("about_status")


@guard(
    _("The amounts of the obligations do not add up to the total of the agreement."),
    "人民调解法第二十九条 · People's Mediation Law art. 29",
    needs_data=True,
)
def amounts_add_up(dispute: "Dispute", facts: "Facts") -> bool:
    total = facts.data.get("amount")
    parts = [row.get("amount") for row in facts.data.get("obligations", ())]
    return total is None or sum(part or 0 for part in parts) == total


@guard(
    _(
        "An oral agreement is in effect from the day it was reached: nobody withdraws from it any more. "
        "Record its effect."
    ),
    "人民调解法第三十条、第三十一条 · People's Mediation Law arts. 30, 31",
)
def no_oral_agreement_binds(dispute: "Dispute", facts: "Facts") -> bool:
    if dispute.status != Status.AGREED:
        return True
    return facts.agreement is None or not facts.agreement.is_oral


@guard(
    _("Every party must sign before the agreement takes effect."),
    "人民调解法第二十九条 · People's Mediation Law art. 29",
)
def parties_have_signed(dispute: "Dispute", facts: "Facts") -> bool:
    agreement = facts.agreement
    if agreement is None or agreement.is_oral:
        return agreement is not None
    signed = agreement.signed_ordinals()
    return all(party.ordinal in signed for party in facts.parties if party.is_necessary)


@guard(
    _("The mediator must sign before the agreement takes effect."),
    "人民调解法第二十九条 · People's Mediation Law art. 29",
)
def mediator_has_signed(dispute: "Dispute", facts: "Facts") -> bool:
    agreement = facts.agreement
    return agreement is not None and (agreement.is_oral or agreement.mediator_signed_on is not None)


@guard(
    _("The seal of the people's mediation committee is missing."),
    "人民调解法第二十九条 · People's Mediation Law art. 29",
)
def seal_is_put(dispute: "Dispute", facts: "Facts") -> bool:
    agreement = facts.agreement
    return agreement is not None and (agreement.is_oral or agreement.sealed_on is not None)


@guard(
    _("Not every obligation is proved or confirmed by both sides yet."),
    "人民调解法第三十一条 · People's Mediation Law art. 31",
)
def obligations_are_done(dispute: "Dispute", facts: "Facts") -> bool:
    return all(obligation.is_done for obligation in facts.obligations)


@guard(
    _(
        "Needed: an overdue and urged obligation, a recorded refusal, a dispute about the content, or a "
        "refused confirmation."
    ),
    "人民调解法第三十一条、第三十二条、第三十三条 · People's Mediation Law arts. 31, 32, 33",
    needs_data=True,
)
def is_overdue_or_refused(dispute: "Dispute", facts: "Facts") -> bool:
    if facts.data.get("refused") or facts.data.get("contested"):
        return True
    overdue = any(obligation.is_overdue(facts.today) for obligation in facts.obligations)
    return (overdue and facts.urgings > 0) or facts.court_refused


@guard(
    _("Tell the parties at least one lawful remedy that stays open to them."),
    "人民调解法第二十六条 · People's Mediation Law art. 26",
    needs_data=True,
)
def remedies_are_told(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("remedies"))


# Closing ---------------------------------------------------------------------------------------


@guard(
    _("Whoever mediated the case cannot review its closing."),
    "人民调解法第五条 · People's Mediation Law art. 5",
)
def reviewer_is_not_mediator(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.actor.person_id not in facts.mediators


@guard(
    _("The file is not complete: a mediated case needs the rights notice and a mediation record."),
    "人民调解法第二十七条 · People's Mediation Law art. 27",
    detail=particulars.missing_papers,
)
def file_is_complete(dispute: "Dispute", facts: "Facts") -> bool:
    return dispute.accepted_on is None or not facts.missing_papers


@guard(
    _("A red alert of this case is still open; it needs an outcome first."),
    "人民调解法第二十五条 · People's Mediation Law art. 25",
)
def no_red_alert_is_open(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.open_red_alerts == 0


@guard(
    _("A statutory report of this case is not made yet, or still lacks its receipt."),
    "未成年人保护法第十一条；反家庭暴力法第十四条 · "
    "Protection of Minors Law art. 11; Anti-Domestic Violence Law art. 14",
)
def escalations_are_received(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.pending_escalations == 0


@guard(
    _(
        "What the law wants reported on suspicion is no false report before it is reported and received, or "
        "its facts are put right."
    ),
    "未成年人保护法第十一条；反家庭暴力法第十四条 · "
    "Protection of Minors Law art. 11; Anti-Domestic Violence Law art. 14",
    needs_data=True,
)
def suspicion_is_reported(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.data.get("result") != "FALSE_ALARM" or facts.pending_escalations == 0


@guard(
    _("A reconsideration clock of this case is still running unattended."),
    "行政复议法第二十条 · Administrative Reconsideration Law art. 20",
)
def no_clock_is_unattended(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.reconsideration is None or facts.reconsideration.has_ended


@guard(
    _(
        "The file shows no such result: a written or an oral agreement performed, a confirmation, or a "
        "reconsideration."
    ),
    "人民调解统计报表 · Statistics of people's mediation",
    needs_data=True,
)
def result_fits_the_facts(dispute: "Dispute", facts: "Facts") -> bool:
    agreement: Any = facts.agreement
    result = facts.data["result"]
    if result in {"AGREED_PERFORMED", "ORAL_PERFORMED"}:
        in_effect = agreement is not None and agreement.effective_on is not None
        fits = in_effect and agreement.is_oral == (result == "ORAL_PERFORMED")
        return fits and all(obligation.is_done for obligation in facts.obligations)
    if result == "AGREED_CONFIRMED":
        return agreement is not None and agreement.is_confirmed
    if result == "REFERRED_RC":  # what a split case comes to, its parts show
        return facts.reconsideration is not None or dispute.status_before_review == Status.SPLIT
    return True


@guard(
    _("Follow-up visits are still due: one for every case, two for a red one."),
    "人民调解工作若干规定第三十七条 · MoJ Order 75 art. 37",
)
def visits_are_done(dispute: "Dispute", facts: "Facts") -> bool:
    return dispute.visits_left == 0


@guard(_("Reopening needs the consent of a leader. Ask for it first."))
def leader_agrees_to_reopen(dispute: "Dispute", facts: "Facts") -> bool:
    return has_second_person(facts, "reopen")


# Facts recorded beside the main line --------------------------------------------------------------


@guard(_("This case has no open alert."))
def alert_is_open(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.alert is not None


@guard(_("The alert has been acknowledged already."))
def alert_is_unacknowledged(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.alert is None or facts.alert.status == "raised"


@guard(_("Acknowledge the alert first."))
def alert_is_acknowledged(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.alert is None or facts.alert.status != "raised"


@guard(
    _("There is no agreement in effect."),
    "人民调解法第二十九条、第三十条、第三十三条 · People's Mediation Law arts. 29, 30, 33",
)
def agreement_is_effective(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.agreement is not None and facts.agreement.effective_on is not None


@guard(
    _("Both parties must apply jointly within 30 days of effect; that time had run out."),
    "人民调解法第三十三条 · People's Mediation Law art. 33",
    needs_data=True,
)
def confirmation_window_is_open(dispute: "Dispute", facts: "Facts") -> bool:
    """The day on which the court was asked counts, not the day on which it is written down."""
    return facts.confirmation_due is None or facts.data["filed_on"] <= facts.confirmation_due


@guard(
    _("An application for confirmation is already running or decided."),
    "人民调解法第三十三条；民事诉讼法第二百零六条 · "
    "People's Mediation Law art. 33; Civil Procedure Law art. 206",
)
def no_confirmation_is_running(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.confirmation is None or facts.confirmation.may_be_filed_again


@guard(
    _("No application for judicial confirmation is running."),
    "民事诉讼法第二百零六条 · Civil Procedure Law art. 206",
)
def confirmation_is_running(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.confirmation is not None and facts.confirmation.is_running


@guard(
    _("There is no obligation to record."), "人民调解法第三十一条 · People's Mediation Law art. 31"
)
def has_obligations(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.obligations)


@guard(
    _("No statutory report is waiting for its receipt."),
    "人民调解法第二十五条；未成年人保护法第十一条 · "
    "People's Mediation Law art. 25; Protection of Minors Law art. 11",
)
def report_awaits_receipt(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.pending_escalations > 0


@guard(_("Nobody has asked for a second person's consent."))
def second_person_is_asked(dispute: "Dispute", facts: "Facts") -> bool:
    return any(approval.state == "asked" for approval in facts.approvals)


@guard(_("The second person must be somebody else."))
def second_person_is_another(dispute: "Dispute", facts: "Facts") -> bool:
    asked = [a for a in facts.approvals if a.state == "asked"]
    return not asked or any(a.asked_by_id != facts.actor.person_id for a in asked)


@guard(_("There is nothing left to visit for."))
def visits_are_due(dispute: "Dispute", facts: "Facts") -> bool:
    return dispute.visits_left > 0
