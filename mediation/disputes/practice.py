"""Further conditions of the law, of what a mediator does from day to day. Read on from ``guards``."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mediation.disputes.enums import Category
from mediation.disputes.guard import guard

if TYPE_CHECKING:
    from mediation.disputes.facts import Facts
    from mediation.disputes.models import Dispute

# People ------------------------------------------------------------------------------------------


@guard(
    _("The mediator has declared a tie with a party and must not mediate the case. Name another."),
    "SF/T 0083-2020；人民调解法第十五条 · "
    "National standard of people's mediation work; People's Mediation Law art. 15",
)
def mediator_has_no_tie(dispute: "Dispute", facts: "Facts") -> bool:
    return dispute.mediator_id is None or not facts.ties_of(dispute.mediator_id)


@guard(
    _(
        "This mediator has declared a tie with a party, in this case or an earlier one. "
        "Choose another one."
    ),
    "SF/T 0083-2020；人民调解法第十五条 · "
    "National standard of people's mediation work; People's Mediation Law art. 15",
    needs_data=True,
)
def chosen_has_no_tie(dispute: "Dispute", facts: "Facts") -> bool:
    return not facts.ties_of(facts.data["mediator"])


@guard(
    _("Every party must agree before somebody is invited to take part."),
    "人民调解法第二十条 · People's Mediation Law art. 20",
    needs_data=True,
)
def invited_with_consent(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.data["kind"] != "invited" or bool(facts.data.get("all_agree"))


@guard(
    _(
        "A side elects representatives only when it is a group: "
        "at least 5 people, in labour disputes at least 10."
    ),
    "民事诉讼法第五十六条；劳动争议调解仲裁法第七条 · "
    "Civil Procedure Law art. 56; Labour Dispute Mediation and Arbitration Law art. 7",
    needs_data=True,
)
def group_is_large_enough(dispute: "Dispute", facts: "Facts") -> bool:
    if facts.data["kind"] != "rep":
        return True
    needed = LARGE_GROUP if dispute.category == Category.LABOUR else GROUP
    return max(facts.data.get("represented") or 0, dispute.people_count) >= needed


@guard(
    _("A group has at most 5 representatives."),
    "民诉法解释第七十八条；信访工作条例第二十条 · "
    "SPC Interpretation of the Civil Procedure Law art. 78; Petition Work Regulations art. 20",
    needs_data=True,
)
def representatives_are_few(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.data["kind"] != "rep" or _acting(facts, "rep") < MOST_REPRESENTATIVES


@guard(
    _("A party has at most two agents."),
    "民事诉讼法第六十一条 · Civil Procedure Law art. 61",
    needs_data=True,
)
def agents_are_few(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.data["kind"] != "agent" or _acting(facts, "agent") < MOST_AGENTS


def _acting(facts: "Facts", kind: str) -> int:
    """How many of this kind act already for the party that was chosen."""
    by_key = {party.pk: party.ordinal for party in facts.parties}
    return sum(
        p.kind == kind and by_key.get(p.party_id) == facts.data.get("party")
        for p in facts.participants
    )


GROUP, LARGE_GROUP = 5, 10
MOST_REPRESENTATIVES, MOST_AGENTS = 5, 2


@guard(_("Nobody beside the parties takes part in this case."))
def somebody_takes_part(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.participants)


@guard(
    _("No representative of a group is on record."),
    "民事诉讼法第五十六条 · Civil Procedure Law art. 56",
)
def group_is_represented(dispute: "Dispute", facts: "Facts") -> bool:
    return any(p.kind == "rep" for p in facts.participants)


@guard(
    _(
        "Representatives cannot settle alone: those whom they represent must agree first. "
        "Record their consent."
    ),
    "民事诉讼法第五十六条 · Civil Procedure Law art. 56",
)
def group_agrees_to_settle(dispute: "Dispute", facts: "Facts") -> bool:
    return all(p.settlement_agreed_on for p in facts.participants if p.kind == "rep")


# Agreement ---------------------------------------------------------------------------------------


@guard(
    _(
        "The text contains what no agreement may contain: gambling or usurious debts, "
        "giving up the right to sue or to report a crime, or limits of personal freedom."
    ),
    "人民调解法第三条；民法典第一百五十三条 · People's Mediation Law art. 3; Civil Code art. 153",
    needs_data=True,
)
def content_is_lawful(dispute: "Dispute", facts: "Facts") -> bool:
    return not facts.data.get("forbidden")


@guard(
    _(
        "Papers about marriage, adoption, inheritance and other personal relations "
        "cannot be signed on the screen; let them be signed on paper."
    ),
    "电子签名法第三条 · Electronic Signature Law art. 3",
    needs_data=True,
)
def screen_may_sign(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.data.get("what") != "agreement" or dispute.category != Category.FAMILY


# Confirmation ------------------------------------------------------------------------------------


@guard(
    _(
        "The court does not confirm agreements about personal status, "
        "or about whose a property or an intellectual property right is."
    ),
    "民诉法解释第三百五十五条 · SPC Interpretation of the Civil Procedure Law art. 355",
    needs_data=True,
)
def matter_is_confirmable(dispute: "Dispute", facts: "Facts") -> bool:
    return not facts.data.get("about_title")


@guard(
    _("The court has not docketed the application, or has decided it already."),
    "民事诉讼法第二百零五条、第二百零六条 · Civil Procedure Law arts. 205, 206",
)
def confirmation_awaits_docket(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.confirmation is not None and facts.confirmation.status == "filed"


# The bound file ----------------------------------------------------------------------------------


@guard(_("No file of this case is lent out."))
def file_is_lent(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.is_lent


# Sessions ----------------------------------------------------------------------------------------


@guard(_("No session is arranged."))
def session_is_arranged(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.has_appointment


@guard(
    _("A case with violence, a minor or a seal is not mediated in public."),
    "人民调解工作若干规定第二十九条；人民调解法第十五条 · "
    "MoJ Order 75 art. 29; People's Mediation Law art. 15",
    needs_data=True,
)
def privacy_is_kept(dispute: "Dispute", facts: "Facts") -> bool:
    return not (facts.data.get("is_public") and dispute.is_sensitive)


@guard(_("There is no confidential note that could be released."))
def note_is_kept(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.has_kept_note


@guard(
    _("A confidential note may be told only with the consent of the party whose note it is."),
    "人民调解法第十五条；特邀调解规定第二十二条 · "
    "People's Mediation Law art. 15; SPC Rules on Invited Mediation art. 22",
    needs_data=True,
)
def owner_releases_note(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("agrees"))


@guard(
    _("No confirmation by the court is in force."),
    "司法确认程序若干规定第十条 · SPC Provisions on Judicial Confirmation art. 10",
)
def agreement_is_confirmed(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.confirmation is not None and facts.confirmation.status == "confirmed"
