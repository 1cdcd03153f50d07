"""The standard of the subsidy as a form."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from mediation.disputes.enums import Colour
from workflows.commands.fields import Day, Text


def _money(label: Any, *, required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_digits=10, decimal_places=2, required=required
    )


def _people(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=2, max_value=100_000, required=False)


def _colour(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "–"), *Colour.choices], required=False)


class StandardForm(forms.Form):
    """Amounts by degree and form, and from where a case is hard or major."""

    ordinary_written = _money(pgettext_lazy("filing", "Ordinary, written (yuan)"))
    ordinary_oral = _money(pgettext_lazy("filing", "Ordinary, oral (yuan)"))
    hard_written = _money(pgettext_lazy("filing", "Hard, written (yuan)"))
    hard_oral = _money(pgettext_lazy("filing", "Hard, oral (yuan)"))
    major_written = _money(pgettext_lazy("filing", "Major, written (yuan)"))
    major_oral = _money(pgettext_lazy("filing", "Major, oral (yuan)"))
    hard_people = _people(pgettext_lazy("filing", "Hard from people"))
    hard_amount = _money(pgettext_lazy("filing", "Hard from amount (yuan)"), required=False)
    hard_colour = _colour(pgettext_lazy("filing", "Hard from colour"))
    major_people = _people(pgettext_lazy("filing", "Major from people"))
    major_amount = _money(pgettext_lazy("filing", "Major from amount (yuan)"), required=False)
    major_colour = _colour(pgettext_lazy("filing", "Major from colour"))
    in_force_from = Day(label=pgettext_lazy("filing", "In force from"))
    reason = Text(label=pgettext_lazy("filing", "Reason or document"), min_length=5, max_length=300)

    def __init__(self, *args: Any, current: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": dict(current)})

    def content(self) -> dict[str, Any]:
        """What is stored: money as text, empty fields left out."""
        apart = {"in_force_from", "reason"}
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in self.cleaned_data.items()
            if name not in apart and value not in {None, ""}
        }
