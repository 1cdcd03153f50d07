"""Forms about accounts and duties. What they collect is judged once more where it is written."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mediation.accounts.administration import DeputyWish
from mediation.accounts.models import Person, Role
from mediation.areas.models import Area
from mediation.web.area_forms import Reasoned, WithReason, find_area
from workflows.commands.fields import Day, Name, Phone, Text

USERNAME = RegexValidator(
    r"\A[a-z][a-z0-9._-]{1,29}\Z",
    _("2 to 30 small letters, digits, dots or hyphens, beginning with a letter."),
)
NOW, LATER = "now", "later"


class AccountForm(Reasoned):
    """How somebody is called and reached."""

    name = Name(label=_("Name"), max_length=25, help_text=_("The real name; no shared accounts."))
    post = Text(label=_("Post"), max_length=60, required=False)
    phone = Phone(label=_("Office phone"), max_length=20, required=False)


class NewAccountForm(AccountForm):
    username = Text(
        label=_("User name"),
        max_length=30,
        validators=[USERNAME],
        help_text=_("For signing in. Cannot be changed later."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    field_order = ["username", "name", "post", "phone", "reason"]

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if Person.objects.filter(username=username).exists():
            raise forms.ValidationError(_("Somebody already has this user name."))
        return username


class DeputyFields(forms.Form):
    """Who stands in, and when. ``people`` are those whom the giver may see."""

    deputy = Text(
        label=_("Deputy"),
        max_length=60,
        required=False,
        help_text=_("User name or full name."),
        widget=forms.TextInput(attrs={"list": "people-list", "autocomplete": "off"}),
    )
    deputy_since = Day(label=_("Deputy from"), required=False)
    deputy_until = Day(
        label=_("Deputy until"),
        required=False,
        help_text=_("Without days the deputy stands in as long as the duty runs."),
    )
    people: QuerySet[Person]

    def clean_deputy(self) -> Person | None:
        typed = self.cleaned_data["deputy"]
        return find_person(typed, self.people) if typed else None

    @property
    def wish(self) -> DeputyWish | None:
        cleaned = self.cleaned_data
        if cleaned["deputy"] is None:
            return None
        return DeputyWish(cleaned["deputy"], cleaned["deputy_since"], cleaned["deputy_until"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        dated = cleaned.get("deputy_since") or cleaned.get("deputy_until")
        if dated and not cleaned.get("deputy") and "deputy" not in self.errors:
            self.add_error("deputy", _("Whose days are these? Please name the deputy."))
        return cleaned


class DutyForm(DeputyFields, Reasoned):
    """A new duty: role, area, days, clearance and deputy."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Please choose")), *Role.choices])
    area = Text(
        label=_("Area"),
        max_length=80,
        help_text=_("Code or name, for example 430902006901 or 汽车路社区."),
        widget=forms.TextInput(attrs={"list": "area-list", "autocomplete": "off"}),
    )
    since = Day(label=_("From"))
    until = Day(
        label=_("Until"), required=False, help_text=_("The last day. Empty: until it is ended.")
    )
    cleared = forms.BooleanField(
        label=_("May handle sensitive cases"),
        required=False,
        help_text=_("Minors, violence and sealed cases need this besides role and area."),
    )
    field_order = [
        "role", "area", "since", "until", "cleared", "deputy", "deputy_since", "deputy_until",
        "reason",
    ]  # fmt: skip

    def __init__(
        self, data: Any = None, *, codes: list[str], people: QuerySet[Person], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.codes, self.people = codes, people

    def clean_area(self) -> Area:
        return find_area(self.cleaned_data["area"], self.codes)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("A duty cannot end before it begins."))
        return cleaned


class DeputyForm(DeputyFields, Reasoned):
    field_order = ["deputy", "deputy_since", "deputy_until", "reason"]

    def __init__(self, data: Any = None, *, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.people = people


class EndDutyForm(WithReason):
    """At once, or at the end of a day to come."""

    when = forms.ChoiceField(
        label=_("When does it end?"),
        choices=[(NOW, _("At once")), (LATER, _("At the end of this day:"))],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    until = Day(label=_("Last day"), required=False)
    field_order = ["when", "until", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        later = cleaned.get("when") == LATER
        if later and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Please give the last day."))
        cleaned["last_day"] = cleaned.get("until") if later else None
        return cleaned


def find_person(typed: str, people: QuerySet[Person]) -> Person:
    """Who was meant by a user name or by a name that only one has. Raises ``ValidationError``."""
    active = people.filter(is_active=True)
    found = list(active.filter(username=typed.split(" ", maxsplit=1)[0].casefold())[:1])
    found = found or list(active.filter(name=typed).order_by("username")[:4])
    if len(found) == 1:
        return found[0]
    if not found:
        raise forms.ValidationError(_("No open account has this user name or name."))
    raise forms.ValidationError(
        _("Several people have this name: %(choices)s. Please give the user name."),
        params={"choices": "、".join(f"{one.username} {one.post}".strip() for one in found)},
    )
