"""The conditions of the other lawful channels: referral, reconsideration, split. See ``guards``."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mediation.disputes.guard import guard

if TYPE_CHECKING:
    from mediation.disputes.facts import Facts
    from mediation.disputes.models import Dispute


@guard(
    _("A referral needs the party's consent or a statutory duty to refer."),
    "个人信息保护法第二十三条 · Personal Information Protection Law art. 23",
    needs_data=True,
)
def referral_is_lawful(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.data.get("ground") == "duty" or bool(facts.data.get("consent_on"))


@guard(
    _("Leave offers and concessions made in mediation out of the package."),
    "特邀调解规定第二十二条 · SPC Rules on Invited Mediation art. 22",
    needs_data=True,
)
def package_has_no_offers(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("no_offers"))


@guard(
    _("The reply-by date must not lie in the past."),
    needs_data=True,
)
def reply_by_is_ahead(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data["reply_by"] >= facts.today)


@guard(
    _("The receiver has accepted the matter; it cannot be taken back as declined."),
    "信访工作条例第二十三条 · Petition Work Regulations art. 23",
)
def referral_was_declined_or_open(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.referral is None or facts.referral.status in {"sent", "declined"}


@guard(
    _("The reconsideration has not ended yet."),
    "行政复议法第七十五条 · Administrative Reconsideration Law art. 75",
)
def reconsideration_has_ended(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.reconsideration is not None and facts.reconsideration.has_ended


@guard(
    _("A suit is still possible; the case is wound up when its fifteen days are over."),
    "行政诉讼法第四十五条；行政复议法第三十四条 · "
    "Administrative Litigation Law art. 45; Reconsideration Law art. 34",
)
def suit_window_is_over(dispute: "Dispute", facts: "Facts") -> bool:
    track = facts.reconsideration
    return track is None or not track.may_still_be_sued(facts.today)


@guard(
    _(
        "The office is the respondent and still owes performance or the report on the opinion letter."
    ),
    "行政复议法第七十六条、第七十七条 · Administrative Reconsideration Law arts. 76, 77",
)
def respondent_owes_nothing(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.reconsideration is None or not facts.reconsideration.owes


@guard(_("Not every part of the split dispute is closed yet."))
def children_are_closed(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.open_children == 0


@guard(
    _("It is not noted that the parties wish no other channel. If they do, refer the case."),
    "人民调解法第三条、第二十六条 · People's Mediation Law arts. 3, 26",
    needs_data=True,
)
def no_other_channel_is_wished(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("no_other_channel"))


@guard(_("The receiver has answered already."))
def referral_is_unanswered(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.referral is not None and facts.referral.status == "sent"


@guard(_("The receiver has declined; take the case back instead."))
def referral_is_not_declined(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.referral is None or facts.referral.status != "declined"


# What other organs hand over ---------------------------------------------------------------------


@guard(
    _("The police hand over a case for mediation only when both sides consent."),
    "治安管理处罚法第九条；人民调解法第十七条、第十八条 · "
    "Public Security Administration Punishments Law art. 9; People's Mediation Law arts. 17, 18",
    needs_data=True,
)
def police_order_has_consent(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.data.get("kind") != "police" or bool(facts.data.get("both_consent"))


@guard(_("No order of another organ waits for a confirmation."))
def order_is_new(dispute: "Dispute", facts: "Facts") -> bool:
    return any(order.status == "received" for order in facts.orders)


@guard(
    _("Confirm the receipt of the order first; then it can be answered."),
    "特邀调解规定第二十六条 · SPC Rules on Invited Mediation art. 26",
)
def order_is_accepted(dispute: "Dispute", facts: "Facts") -> bool:
    return any(order.status in {"accepted", "answered"} for order in facts.orders)


@guard(
    _("The organ that handed this case over still waits for its answer."),
    "特邀调解规定第二十六条；信访工作条例第二十三条；治安管理处罚法第九条 · "
    "SPC Rules on Invited Mediation art. 26; Petition Work Regulations art. 23; "
    "Public Security Administration Punishments Law art. 9",
)
def orders_are_answered(dispute: "Dispute", facts: "Facts") -> bool:
    return not any(order.is_open for order in facts.orders)


@guard(
    _("An answer that tells of an agreement needs an agreement in effect."),
    "人民调解法第二十九条、第三十条 · People's Mediation Law arts. 29, 30",
    needs_data=True,
)
def answer_fits_the_agreement(dispute: "Dispute", facts: "Facts") -> bool:
    if facts.data.get("result") not in {"agreed", "performed"}:
        return True
    agreement = facts.agreement
    return agreement is not None and agreement.effective_on is not None


@guard(
    _("The case is not before a court."),
    "特邀调解规定第十九条 · SPC Rules on Invited Mediation art. 19",
)
def referred_to_a_court(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.referral is not None and facts.referral.target == "court"


def _petition(facts: "Facts", *statuses: str) -> bool:
    return any(one.kind == "petition" and one.status in statuses for one in facts.orders)


@guard(
    _("Only a petition that the office has accepted and not answered yet is handled."),
    "信访工作条例第三十四条 · Petition Work Regulations art. 34",
)
def petition_is_handled(dispute: "Dispute", facts: "Facts") -> bool:
    return _petition(facts, "accepted")


@guard(
    _("The petitioner must be told why the term is extended."),
    "信访工作条例第三十四条 · Petition Work Regulations art. 34",
    needs_data=True,
)
def petitioner_is_told(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.data.get("told"))


@guard(
    _("Review follows the written reply to a petition; there is none yet."),
    "信访工作条例第三十五条 · Petition Work Regulations art. 35",
)
def petition_is_answered(dispute: "Dispute", facts: "Facts") -> bool:
    return _petition(facts, "answered")
