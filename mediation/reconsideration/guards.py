"""What the Administrative Reconsideration Law demands of each step. The reader of this file is a lawyer.

Like ``disputes.guards``; the track is ``facts.reconsideration``. Guards that judge what was entered are
asked only when something was.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mediation.deadlines import clocks
from mediation.disputes.guard import guard
from mediation.reconsideration import terms
from mediation.reconsideration.law import (
    CONCERNS_DUTY,
    LAPSING,
    THROUGH_ITS_ORGAN,
    ActKind,
    Decision,
    FiledBy,
    GivenUp,
    Suspension,
    Termination,
)

if TYPE_CHECKING:
    from mediation.disputes.facts import Facts
    from mediation.disputes.models import Dispute

MANY_PEOPLE = 5


def article(chinese: str, english: str) -> str:
    return f"行政复议法{chinese} · Administrative Reconsideration Law {english}"


def within(day: date | None, last: date | None) -> bool:
    return day is None or last is None or day <= last


# Applying ----------------------------------------------------------------------------------------


@guard(
    _("An oral application must be recorded on the spot and confirmed by the applicant."),
    article("第二十二条", "art. 22"),
    needs_data=True,
)
def oral_application_is_recorded(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.data.get("filed_by") != FiledBy.ORAL or bool(facts.data.get("oral_record"))


@guard(
    _("More than five applicants choose one to five representatives."),
    "行政复议法第十五条；行政复议法实施条例第八条 · "
    "Administrative Reconsideration Law art. 15; Implementing Regulation art. 8",
    needs_data=True,
)
def representatives_are_chosen(dispute: "Dispute", facts: "Facts") -> bool:
    if (facts.data.get("applicants") or 1) <= MANY_PEOPLE:
        return True
    return 1 <= (facts.data.get("representatives") or 0) <= MANY_PEOPLE


@guard(
    _(
        "Only a penalty, imposed on the spot or on electronic monitoring, is applied against through the "
        "organ that imposed it."
    ),
    article("第三十二条第一款", "art. 32(1)"),
    needs_data=True,
)
def acting_organ_may_receive(dispute: "Dispute", facts: "Facts") -> bool:
    track = facts.reconsideration
    if track is None or not facts.data.get("via_acting_organ"):
        return True
    return track.act_kind in THROUGH_ITS_ORGAN


@guard(
    _("Against this act reconsideration comes before a suit: no court takes it without."),
    article("第二十三条第一款", "art. 23(1)"),
    needs_data=True,
)
def suit_needs_no_reconsideration(dispute: "Dispute", facts: "Facts") -> bool:
    track = facts.reconsideration
    return track is None or facts.data.get("reason") != GivenUp.COURT or not track.is_first


@guard(
    _("A court has accepted a suit about this act; reconsideration is excluded."),
    article("第二十九条第二款", "art. 29(2)"),
)
def no_court_has_accepted(dispute: "Dispute", facts: "Facts") -> bool:
    return not dispute.elsewhere


@guard(
    _("The application has not reached the reconsideration organ yet; record first when it does."),
    article("第三十二条", "art. 32"),
)
def organ_has_received(dispute: "Dispute", facts: "Facts") -> bool:
    track = facts.reconsideration
    return track is None or track.received_on is not None


@guard(
    _("The organ has received the application already."),
    article("第三十二条", "art. 32"),
)
def waits_for_forwarding(dispute: "Dispute", facts: "Facts") -> bool:
    track = facts.reconsideration
    return track is None or track.received_on is None


# Acceptance --------------------------------------------------------------------------------------


@guard(
    _("The application came after the last day for applying; it can only be refused."),
    article("第二十条、第二十一条、第三十条", "arts. 20, 21, 30"),
)
def application_is_in_time(dispute: "Dispute", facts: "Facts") -> bool:
    track = facts.reconsideration
    return track is None or track.filed_on is None or track.filed_on <= track.apply_by


@guard(
    _("All seven conditions of acceptance must be met."),
    article("第三十条第一款", "art. 30(1)"),
    needs_data=True,
)
def conditions_are_met(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("conditions_met"))


@guard(
    _("The five working days of the review are over: the application is deemed accepted."),
    article("第三十条第三款", "art. 30(3)"),
    needs_data=True,
)
def review_of_application_runs(dispute: "Dispute", facts: "Facts") -> bool:
    return within(facts.data.get("on"), terms.acceptance_due(facts.reconsideration))


@guard(
    _("The simplified procedure needs clear facts, a small dispute and one of its five grounds."),
    article("第五十三条", "art. 53"),
    needs_data=True,
)
def simplified_has_its_ground(dispute: "Dispute", facts: "Facts") -> bool:
    if facts.data.get("procedure") != "simplified":
        return True
    return bool(facts.data.get("simplified_ground"))


@guard(
    _("Everything to be corrected must be asked for at once: it has been asked for before."),
    article("第三十一条第一款", "art. 31(1)"),
)
def correction_was_not_asked(dispute: "Dispute", facts: "Facts") -> bool:
    track = facts.reconsideration
    return track is None or track.correction_asked_on is None


@guard(
    _("The time for correction is still running."),
    article("第三十一条第二款", "art. 31(2)"),
)
def correction_time_is_over(dispute: "Dispute", facts: "Facts") -> bool:
    due = terms.correction_due(facts.reconsideration) if facts.reconsideration else None
    return due is None or facts.today > due


@guard(
    _("With a proper reason the time for correction is extended; there is no abandonment."),
    article("第三十一条第二款", "art. 31(2)"),
    needs_data=True,
)
def no_proper_reason(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("no_proper_reason"))


# Review ------------------------------------------------------------------------------------------


@guard(
    _(
        "The respondent may still reply; without his reply nothing is decided before his time is over."
    ),
    article("第四十八条、第五十四条、第七十条", "arts. 48, 54, 70"),
)
def reply_is_in_or_overdue(dispute: "Dispute", facts: "Facts") -> bool:
    track: Any = facts.reconsideration
    if track is None or track.replied_on is not None:
        return True
    due = terms.reply_due(track, facts.standstills)
    return due is not None and (facts.data.get("on") or facts.today) > due


@guard(
    _("The notice of the hearing must reach the parties five working days before it."),
    article("第五十一条第一款", "art. 51(1)"),
    needs_data=True,
)
def hearing_is_told_in_time(dispute: "Dispute", facts: "Facts") -> bool:
    day, told = facts.data.get("hearing_on"), facts.data.get("on")
    return day is None or told is None or told <= clocks.last_day("R15", day).due


@guard(
    _("A hearing has one host, at least two hearing members and a recorder."),
    article("第五十条第三款", "art. 50(3)"),
    needs_data=True,
)
def hearing_is_staffed(dispute: "Dispute", facts: "Facts") -> bool:
    data = facts.data
    return bool(data.get("host") and data.get("recorder")) and (data.get("members") or 0) >= 2


@guard(
    _("The head of the respondent attends the hearing, or gives the reason and sends a delegate."),
    article("第五十一条第三款", "art. 51(3)"),
    needs_data=True,
)
def head_attends_or_delegates(dispute: "Dispute", facts: "Facts") -> bool:
    if facts.data.get("manner") != "hearing":
        return True
    return bool(facts.data.get("head_attended") or facts.data.get("absence"))


@guard(_("The case is not in the simplified procedure."), article("第五十五条", "art. 55"))
def is_simplified(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.reconsideration is None or facts.reconsideration.is_simplified


@guard(
    _("Mediation or settlement suspends the case only when both sides consent."),
    article("第三十九条第一款第六项", "art. 39(1)(6)"),
    needs_data=True,
)
def both_sides_consent(dispute: "Dispute", facts: "Facts") -> bool:
    ground = facts.data.get("ground", Suspension.S6)
    return ground != Suspension.S6 or bool(facts.data.get("both_consent"))


@guard(
    _("Suspension and resumption are told to the parties in writing."),
    article("第三十九条第二款", "art. 39(2)"),
    needs_data=True,
)
def parties_are_told_in_writing(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("told"))


@guard(
    _("The term of the decision has run out; what is over cannot stand still or be extended."),
    article("第六十二条", "art. 62"),
    needs_data=True,
)
def term_still_runs(dispute: "Dispute", facts: "Facts") -> bool:
    day = facts.data.get("since") or facts.data.get("on")
    return within(day, terms.review_due(facts.reconsideration, facts.standstills))


@guard(
    _("The cause of the suspension must be gone."),
    article("第三十九条第二款", "art. 39(2)"),
    needs_data=True,
)
def cause_is_gone(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("cause_gone"))


def _standing(facts: "Facts") -> Any:
    return next((row for row in facts.standstills if row.until is None), None)


@guard(
    _("Only a document that is under review is passed on, once."),
    article("第五十六条至第五十八条", "arts. 56 to 58"),
)
def document_waits(dispute: "Dispute", facts: "Facts") -> bool:
    row = _standing(facts)
    return row is not None and row.ground == Suspension.S9 and row.passed_on is None


@guard(
    _("Only who was told of the document, or received it, answers on it, once."),
    article("第五十八条、第六十条", "arts. 58, 60"),
)
def document_was_passed_on(dispute: "Dispute", facts: "Facts") -> bool:
    row = _standing(facts)
    return row is not None and row.passed_on is not None and row.answered_on is None


@guard(
    _("The simplified procedure knows no extension; change to the ordinary procedure first."),
    article("第六十二条第二款、第五十五条", "arts. 62(2), 55"),
)
def only_ordinary_is_extended(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.reconsideration is None or not facts.reconsideration.is_simplified


@guard(
    _("The term has been extended before; the law knows one extension of up to thirty days."),
    article("第六十二条第一款", "art. 62(1)"),
)
def was_not_extended(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.reconsideration is None or not facts.reconsideration.extended_days


@guard(
    _("The head of the reconsideration institution must approve this."),
    article("第五十五条、第六十二条第一款", "arts. 55, 62(1)"),
    needs_data=True,
)
def head_approves(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("approved_by"))


# Results -----------------------------------------------------------------------------------------


@guard(
    _(
        "In the ordinary procedure the parties are heard before the decision, unless they prevent it."
    ),
    article("第四十九条", "art. 49"),
    needs_data=True,
)
def opinions_were_heard(dispute: "Dispute", facts: "Facts") -> bool:
    track = facts.reconsideration
    if track is None or track.is_simplified or track.heard_on is not None:
        return True
    return bool(facts.data.get("unheard_reason"))


def _replied_in_time(facts: "Facts") -> bool:
    """A reply after its last day counts as none: art. 70 asks for one as arts. 48 and 54 want it."""
    track: Any = facts.reconsideration
    if track.replied_on is None:
        return False
    return within(track.replied_on, terms.reply_due(track, facts.standstills))


@guard(
    _("Without a reply and evidence in time the act counts as unproved: only a decision for a missing "
      "reply fits, unless a third party gave evidence."),
    article("第七十条", "art. 70"),
    needs_data=True,
)  # fmt: skip
def missing_reply_has_its_consequence(dispute: "Dispute", facts: "Facts") -> bool:
    if facts.reconsideration is None or _replied_in_time(facts):
        return True
    if facts.data.get("third_party_evidence"):
        return facts.data.get("decision") != Decision.NO_REPLY
    return facts.data.get("decision") == Decision.NO_REPLY


@guard(
    _("The respondent has replied in time; this decision is for a missing reply."),
    article("第七十条", "art. 70"),
    needs_data=True,
)
def no_reply_is_not_claimed(dispute: "Dispute", facts: "Facts") -> bool:
    if facts.reconsideration is None or facts.data.get("decision") != Decision.NO_REPLY:
        return True
    return not _replied_in_time(facts)


@guard(
    _("A request is dismissed only where a failure of duty was complained about."),
    article("第六十九条", "art. 69"),
    needs_data=True,
)
def dismissal_fits_the_act(dispute: "Dispute", facts: "Facts") -> bool:
    if facts.data.get("decision") != Decision.DISMISS or facts.reconsideration is None:
        return True
    return facts.reconsideration.act_kind in CONCERNS_DUTY


@guard(
    _("This result is for administrative agreements."),
    article("第七十一条", "art. 71"),
    needs_data=True,
)
def agreement_result_fits_the_act(dispute: "Dispute", facts: "Facts") -> bool:
    if facts.data.get("decision") != Decision.CONTRACT or facts.reconsideration is None:
        return True
    return bool(facts.reconsideration.act_kind == ActKind.CONTRACT)


@guard(
    _("A change must not put the applicant in a worse position, unless a third party asks for it."),
    article("第六十三条第二款", "art. 63(2)"),
    needs_data=True,
)
def applicant_is_not_worse_off(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.data.get("decision") != Decision.CHANGE or bool(facts.data.get("not_worse"))


@guard(
    _("The mediation agreement needs the signatures of both sides and the seal of the organ."),
    article("第七十三条", "art. 73"),
    needs_data=True,
)
def agreement_is_signed_and_sealed(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("signed_on") and facts.data.get("sealed_on"))


@guard(
    _(
        "A settlement must be lawful, of free will, and approved before the application is withdrawn."
    ),
    article("第七十四条", "art. 74"),
    needs_data=True,
)
def settlement_is_approved(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("approved"))


@guard(
    _(
        "This needs a suspension by death, lost capacity or an ended organisation that has lasted sixty days."
    ),
    article("第四十一条第五项", "art. 41(5)"),
    needs_data=True,
)
def unresolved_for_sixty_days(dispute: "Dispute", facts: "Facts") -> bool:
    if facts.data.get("ground") != Termination.T5:
        return True
    standing = next((row for row in facts.standstills if row.until is None), None)
    if standing is None or standing.ground not in LAPSING:
        return False
    return facts.today > terms.last("R24", standing.since).due


@guard(
    _("This ground of termination needs the detention or the like of a person as the act."),
    article("第四十一条第四项", "art. 41(4)"),
    needs_data=True,
)
def criminal_ground_fits_the_act(dispute: "Dispute", facts: "Facts") -> bool:
    if facts.data.get("ground") != Termination.T4 or facts.reconsideration is None:
        return True
    return facts.reconsideration.act_kind in {ActKind.COERCION, ActKind.PENALTY}


# Afterwards --------------------------------------------------------------------------------------


@guard(
    _("No opinion letter of this case waits for a report."),
    article("第七十六条", "art. 76"),
)
def report_is_due(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.reconsideration is not None and facts.reconsideration.must_report


@guard(
    _("The opinion letter is on record already."),
    article("第七十六条", "art. 76"),
)
def opinion_is_new(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.reconsideration is None or facts.reconsideration.opinion_on is None


@guard(
    _("The time for a suit is over, or the term of the decision still runs."),
    "行政复议法第三十四条；行政诉讼法第四十五条 · "
    "Administrative Reconsideration Law art. 34; Administrative Litigation Law art. 45",
    needs_data=True,
)
def suit_is_open(dispute: "Dispute", facts: "Facts") -> bool:
    """On the day on which the court was asked, whenever that is written down."""
    track: Any = facts.reconsideration
    day = facts.data.get("on") or facts.today
    if track is None or track.may_still_be_sued(day):
        return True
    due = terms.review_due(track, facts.standstills) if track.is_running else None
    return due is not None and due < day <= terms.last("R27", due).due
