"""Conditions of the early warning: who stands behind a colour, who has taken charge."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mediation.disputes.guard import guard

if TYPE_CHECKING:
    from mediation.disputes.facts import Facts
    from mediation.disputes.models import Dispute


@guard(_("A person has confirmed this colour already."))
def colour_awaits_confirmation(dispute: "Dispute", facts: "Facts") -> bool:
    return (dispute.risk.get("set") or {}).get("colour") != dispute.colour


@guard(_("A leader has taken charge of this case already."))
def nobody_is_in_charge(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.charge is None


@guard(_("No leader has taken charge of this case."))
def somebody_is_in_charge(dispute: "Dispute", facts: "Facts") -> bool:
    return facts.charge is not None
