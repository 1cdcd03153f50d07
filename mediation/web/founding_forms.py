"""What a new installation is asked before anybody can sign in: its place and its three administrators."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.accounts import founding
from mediation.accounts.founding import Newcomer
from mediation.accounts.models import ADMIN_ROLES, Person
from mediation.areas.models import Level, ancestor_codes, level_of
from mediation.core.text import ascii_digits
from mediation.web.people_forms import USERNAME
from workflows.commands.fields import Name, Text

PLACES = {
    Level.PROVINCE: "province",
    Level.CITY: "city",
    Level.DISTRICT: "district",
    Level.SUBDISTRICT: "subdistrict",
}
AS_TYPED = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}


class PlaceForm(forms.Form):
    """The set-up code, and the office's place from the province down."""

    code = Text(
        label=_("Set-up code"),
        max_length=40,
        help_text=_("The server prints it when it starts, and nobody else knows it."),
        widget=forms.TextInput(attrs=AS_TYPED),
    )
    area_code = Text(
        label=_("Code of the place"),
        max_length=20,
        help_text=_("Nine digits for a subdistrict, as in 430902006; six for a district."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    province = Text(label=Level.PROVINCE.label, max_length=60)
    city = Text(label=Level.CITY.label, max_length=60)
    district = Text(label=Level.DISTRICT.label, max_length=60)
    subdistrict = Text(
        label=Level.SUBDISTRICT.label,
        max_length=60,
        required=False,
        help_text=_("Empty if the installation serves a whole district."),
    )

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        if not founding.is_code(typed):
            raise forms.ValidationError(
                _("This is not the code that the server printed at its start.")
            )
        return typed

    def clean_area_code(self) -> str:
        code = "".join(ascii_digits(self.cleaned_data["area_code"]).split())
        parts = (code[:2], code[2:4], code[4:6], code[6:] or "1")
        fits = code.isascii() and code.isdigit() and len(code) in {6, 9}
        if not fits or not all(part.strip("0") for part in parts):
            raise forms.ValidationError(
                _("Please give six or nine digits, without zeros that only fill up.")
            )
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        code = cleaned.get("area_code", "")
        if not code or "subdistrict" in self.errors:
            return cleaned
        serves_a_district = level_of(code) == Level.DISTRICT
        if serves_a_district and cleaned["subdistrict"]:
            self.add_error("area_code", _("The code of a subdistrict has nine digits."))
        elif not serves_a_district and not cleaned["subdistrict"]:
            self.add_error("subdistrict", _("The code is that of a subdistrict; please name it."))
        return cleaned

    @property
    def place(self) -> list[tuple[str, str]]:
        codes = ancestor_codes(self.cleaned_data["area_code"])
        return [(code, self.cleaned_data[PLACES[level_of(code)]]) for code in codes]


class FoundingForm(PlaceForm):
    """As ``PlaceForm``, with the real names of three people."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for role in ADMIN_ROLES:
            self.fields[f"{role}_name"] = Name(
                label=_("%(role)s: name") % {"role": role.label}, max_length=25
            )
            self.fields[f"{role}_username"] = Text(
                label=_("%(role)s: user name") % {"role": role.label},
                max_length=30,
                validators=[USERNAME],
                widget=forms.TextInput(attrs=AS_TYPED),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        taken: set[str] = set()
        for role in ADMIN_ROLES:
            username = cleaned.get(f"{role}_username")
            if username is None:
                continue
            if username in taken:
                self.add_error(
                    f"{role}_username", _("Three people: each needs a user name of his own.")
                )
            elif Person.objects.filter(username=username).exists():
                self.add_error(f"{role}_username", _("Somebody already has this user name."))
            taken.add(username)
        return cleaned

    @property
    def administrators(self) -> list[Newcomer]:
        cleaned = self.cleaned_data
        return [
            Newcomer(role, cleaned[f"{role}_username"], cleaned[f"{role}_name"])
            for role in ADMIN_ROLES
        ]

    @property
    def people(self) -> list[forms.BoundField]:
        """Names and user names of the three, one after the other."""
        return [self[f"{role}_{part}"] for role in ADMIN_ROLES for part in ("name", "username")]
