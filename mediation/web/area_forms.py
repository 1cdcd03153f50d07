"""Forms about areas. What they collect is judged once more where it is written."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.accounts import policy
from mediation.accounts.actor import Actor
from mediation.accounts.administration import Act
from mediation.areas import services
from mediation.areas.models import LENGTH_OF, Area, Level
from mediation.core import clock
from mediation.core.text import ascii_digits
from workflows.commands.fields import Text

MOST_HOUSEHOLDS = 100_000_000


class Reasoned(forms.Form):
    """A step of administration that may say why. The reason goes into the record."""

    reason = Text(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Kept in the record of changes."),
    )

    field_order: list[str] | None = None

    def act_of(self, actor: Actor) -> Act:
        """Who does it, when and why, once the form is in order."""
        return Act(by=actor, now=clock.now(), reason=self.cleaned_data["reason"])


class WithReason(Reasoned):
    """As ``Reasoned``, for steps that take something away: the reason must be given."""

    reason = Text(
        label=_("Reason"),
        max_length=200,
        min_length=2,
        help_text=_("Kept in the record of changes."),
    )


class AreaForm(Reasoned):
    """Name and size of an area."""

    name = Text(label=_("Area name"), max_length=60)
    short_name = Text(
        label=_("Short name in file numbers"),
        max_length=10,
        required=False,
        help_text=_("As in (2026)资汽人调字第001号: 资汽."),
    )
    households = forms.IntegerField(
        label=_("Households"),
        min_value=0,
        max_value=MOST_HOUSEHOLDS,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, data: Any = None, *, level: Level | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if level == Level.GRID:
            self.fields["households"].help_text = _(
                "Guideline for a grid in town: 300 to 500 households."
            )
        if level not in {Level.SUBDISTRICT, Level.COMMUNITY}:
            # Only committees have file numbers, and committees stand in streets and communities.
            del self.fields["short_name"]

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "name": cleaned["name"],
            "short_name": cleaned.get("short_name", ""),
            "households": cleaned["households"],
        }


class NewAreaForm(AreaForm):
    """A new area below ``parent``; its code is proposed."""

    code = Text(
        label=_("Code"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    field_order = ["code", "name", "short_name", "households", "reason"]

    def __init__(self, data: Any = None, *, parent: Area, **kwargs: Any) -> None:
        level = services.child_level(parent)
        super().__init__(data, level=level, **kwargs)
        self.parent = parent
        length = LENGTH_OF[level] if level else 0
        self.fields["code"].help_text = _(
            "%(n)d digits, beginning with %(code)s. The next free one is proposed."
        ) % {"n": length, "code": parent.code}

    def clean_code(self) -> str:
        code = "".join(ascii_digits(self.cleaned_data["code"]).split())
        if fault := services.code_fault(self.parent, code):
            raise forms.ValidationError(str(fault))
        return code


def find_area(typed: str, codes: list[str]) -> Area:
    """The area in one's own ``codes`` that was meant by its code or its name.

    Raises ``ValidationError`` for none, and for a name that several have.
    """
    wanted = typed.split(" ", maxsplit=1)[0] if typed[:1].isdigit() else typed
    mine = Area.objects.filter(policy.areas_within(codes), is_active=True)
    by_code = ascii_digits(wanted)
    field = {"code": by_code} if by_code.isascii() and by_code.isdigit() else {"name": typed}
    found = list(mine.filter(**field).select_related("parent")[:4])
    if len(found) == 1:
        return found[0]
    if not found:
        raise forms.ValidationError(_("No area of yours has this code or name."))
    choices = "、".join(f"{place.code} {full_name(place)}" for place in found)
    raise forms.ValidationError(
        _("Several areas have this name: %(choices)s. Please give the code."),
        params={"choices": choices},
    )


def full_name(area: Area) -> str:
    """A grid or community with the name of the area above it: 汽车路社区第3网格."""
    parent = area.parent if area.parent_id else None
    return f"{parent.name}{area.name}" if parent and area.level >= Level.COMMUNITY else area.name
