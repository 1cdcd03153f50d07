"""Choosing a party in a form, and what a form may say about a day. Shared by several rooms of commands."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.disputes.models import Party
from workflows.commands.fields import CommandForm
from workflows.facts import CaseFacts

NO_SUCH_PARTY = _("There is no party number %(number)s.")


def party_choices(parties: Sequence[Party]) -> list[tuple[int, str]]:
    """Parties by number, side and first character: enough to choose, too little to leak."""
    return [(p.ordinal, f"{p.ordinal}. {p.get_side_display()} {p.name[:1]}*") for p in parties]


class PartyChoiceForm(CommandForm):
    """Base of forms that concern one party, chosen by ordinal so that no name is in the payload."""

    party = forms.TypedChoiceField(label=_("Party"), coerce=int)

    def prepare(self) -> None:
        if self.known is not None:
            self.offer("party", party_choices(self.known.parties))

    @property
    def chosen(self) -> Party | None:
        """The party that was chosen, once its field is clean."""
        ordinal = self.cleaned_data.get("party")
        parties = self.known.parties if self.known is not None else []
        return next((p for p in parties if p.ordinal == ordinal), None)


def chosen_party(facts: CaseFacts) -> Party:
    return next(p for p in facts.parties if p.ordinal == facts.data["party"])
