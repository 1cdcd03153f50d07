"""The way out of a refusal: which step removes the reason that stands against another one."""

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from mediation.core.errors import Reason
from mediation.disputes import policy
from mediation.disputes.models import Dispute
from workflows.commands import catalog
from workflows.facts import CaseFacts

WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "nature_is_civil": ("refer_to_reconsideration", "split", "refer"),
    "nature_is_administrative": ("start_mediation_intake", "split"),
    "mediator_is_named": ("assign_mediator",),
    "mediator_has_no_tie": ("assign_mediator",),
    "parties_are_known": ("add_party",),
    "minors_have_guardians": ("add_party",),
    "nobody_refuses": ("end_mediation",),
    "every_party_consents": ("record_consent",),
    "rights_are_told": ("tell_rights",),
    "period_still_runs": ("end_mediation",),
    "group_is_represented": ("add_participant",),
    "group_agrees_to_settle": ("record_group_consent",),
    "no_oral_agreement_binds": ("make_effective",),
    "parties_have_signed": ("record_signatures",),
    "mediator_has_signed": ("record_signatures",),
    "seal_is_put": ("record_signatures",),
    "agreement_is_effective": ("make_effective", "record_signatures"),
    "confirmation_is_running": ("file_confirmation",),
    "obligations_are_done": ("record_performance",),
    "red_is_lowered_by_two": ("ask_second_person",),
    "leader_agrees_to_reopen": ("ask_second_person",),
    "alert_is_acknowledged": ("acknowledge_alert",),
    "no_red_alert_is_open": ("resolve_alert", "act_on_alert", "acknowledge_alert"),
    "suspicion_is_reported": ("record_receipt", "report_escalation", "assess"),
    "escalations_are_received": ("record_receipt", "report_escalation"),
    "order_is_new": ("receive_order",),
    "order_is_accepted": ("acknowledge_order", "receive_order"),
    "petition_is_handled": ("acknowledge_order", "receive_order"),
    "orders_are_answered": ("answer_order", "acknowledge_order"),
    "referral_is_not_declined": ("take_back",),
    "no_other_channel_is_wished": ("refer",),
    "file_is_complete": ("return_for_correction",),
    "visits_are_done": ("visit",),
    "file_is_lent": ("lend_file",),
    "respondent_owes_nothing": ("rc_perform", "rc_report"),
    "organ_has_received": ("rc_forward",),
    "application_is_in_time": ("rc_refuse",),
    "reply_is_in_or_overdue": ("rc_reply",),
    "opinions_were_heard": ("rc_hear",),
    "petition_is_answered": ("answer_order",),
    "session_is_arranged": ("schedule_session",),
}
"""Guard → the steps that meet it, the likeliest first. What only time or others can meet is not here."""

FIELDS: Final[Mapping[str, str]] = {
    "agents_are_few": "agents",
    "all_agree_to_extension": "all_agree",
    "extension_is_later": "until",
    "amounts_add_up": "amount",
    "both_sides_consent": "both_consent",
    "conditions_are_met": "conditions_met",
    "is_not_about_status": "about_status",
    "is_overdue_or_refused": "refused",
    "lowering_has_reason": "colour_reason",
    "mediator_has_no_conflict": "no_conflict",
    "oral_application_is_recorded": "oral_record",
    "no_other_channel_is_wished": "no_other_channel",
    "package_has_no_offers": "no_offers",
    "police_order_has_consent": "both_consent",
    "parties_are_told_in_writing": "told",
    "referral_is_lawful": "consent_on",
    "remedies_are_told": "remedies",
    "reply_by_is_ahead": "reply_by",
    "representatives_are_chosen": "representatives",
    "simplified_has_its_ground": "simplified_ground",
}
"""Guard → the field of the form on the page that meets it."""

Way = dict[str, Any]


def out(reason: Reason, facts: CaseFacts) -> Way | None:
    """The first of these steps that this person may take in this case now. Needs ``dispute.known``."""
    possible = (name for name in WAYS.get(reason.code, ()) if _is_open(name, facts))
    name = next(possible, None)
    return None if name is None else _way(name, facts.dispute)


def to_field(reason: Reason, form: Any) -> Way | None:
    """The field that was left out, if this form has it: what was typed stays, and one place is amiss."""
    name = FIELDS.get(reason.code, "")
    if name not in form.fields:
        return None
    field = form[name]
    asked = _("Tick: %(label)s") if field.widget_type == "checkbox" else _("Fill in: %(label)s")
    label = asked % {"label": field.label}
    return {"name": name, "label": label, "url": f"#{field.auto_id}"}


def _is_open(name: str, facts: CaseFacts) -> bool:
    spec, dispute = catalog.find(name), facts.dispute
    return (
        policy.may(facts.actor, name, dispute)
        and catalog.is_here(spec, dispute)
        and not catalog.unmet(spec, dispute)
    )


def _way(name: str, dispute: Dispute) -> Way:
    return {
        "name": name,
        "label": catalog.find(name).label,
        "url": reverse("act", args=[dispute.code, name]),
    }
