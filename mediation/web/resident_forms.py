"""The short questions that residents answer, in plain words."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mediation.core.text import ascii_digits
from mediation.disputes.enums import Category
from workflows.commands.fields import Money, Name, Phone, Text, Tick


class StepForm(forms.Form):
    """One page of the application."""

    def typed(self) -> dict[str, Any]:
        """The cleaned answers as text, to be carried on and shown again."""
        return {
            name: "" if value is None else str(value) for name, value in self.cleaned_data.items()
        }


class WhatForm(StepForm):
    # Nothing is chosen beforehand: the first kind of the list would be everybody's.
    category = forms.ChoiceField(
        label=_("What is it about?"), choices=[("", _("Please choose")), *Category.choices]
    )
    facts = Text(
        label=_("What happened?"),
        min_length=10,
        max_length=2000,
        multiline=True,
        help_text=_("Who, what, since when. At least 10 characters."),
    )
    place = Text(label=_("Where?"), max_length=120, help_text=_("Street and number, or a place."))


class WhoForm(StepForm):
    name = Name(
        label=_("Name of the other side"),
        required=False,
        help_text=_("A person or an organisation. Leave it empty if you do not know."),
    )
    relation = Text(
        label=_("How do you know each other?"),
        max_length=60,
        required=False,
        help_text=_("For instance: neighbour, employer, relative."),
    )
    phone = Phone(label=_("Phone of the other side"), required=False)


class WantForm(StepForm):
    claim = Text(label=_("What do you want?"), max_length=1000, multiline=True)
    amount = Money(
        label=_("Amount in dispute"), required=False, help_text=_("Only if it is about money.")
    )


class ContactForm(StepForm):
    name = Name(label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = Phone(
        label=_("Your phone"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("We call you on it. Its last four digits open your case."),
    )
    consent = Tick(
        label=_("I have read this and agree that my details are used for handling this matter."),
    )


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    title: str | Promise
    form: type[StepForm]


STEPS = (
    Step("what", _("The matter"), WhatForm),
    Step("who", _("The other side"), WhoForm),
    Step("want", _("What you want"), WantForm),
    Step("contact", _("How to reach you"), ContactForm),
)


class WordForm(forms.Form):
    """What a party adds to his matter."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    remark = Text(
        label=_("Something to add?"),
        min_length=2,
        max_length=500,
        multiline=True,
        help_text=_(
            "What is new, or when you are best reached. Papers and pictures you bring to the talk."
        ),
    )


LONGEST = 20
"""Characters of a code or a phone, however they are spaced."""


class FollowForm(forms.Form):
    """The code of the slip and the last four digits of the phone that was given."""

    code = forms.CharField(
        label=_("Lookup code"),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "class": "fq-code",
                "spellcheck": "false",
            }
        ),
        help_text=_("Eight characters, as on the slip."),
    )
    tail = forms.CharField(
        label=_("Last four digits of your phone"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_tail(self) -> str:
        """Four digits, or the whole number where more is asked for."""
        return "".join(c for c in ascii_digits(self.cleaned_data["tail"]) if c.isdigit())
