"""The numbers that an office may set, as a form."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.warning.settings import MOST_CHANGE, Settings
from workflows.commands.fields import Text

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _number(label: Any, least: int, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=help_text)


class TableForm(forms.Form):
    """Bands, limits, ladder, quiet hours and the accepted false alarms, with a reason."""

    red_from = _number(_("Red from points"), 3, 200)
    orange_from = _number(_("Orange from points"), 2, 199)
    yellow_from = _number(_("Yellow from points"), 1, 198)
    red_minutes = _number(_("Red: acknowledge within minutes"), 5, 1440)
    orange_minutes = _number(_("Orange: acknowledge within minutes"), 10, 2880)
    yellow_minutes = _number(_("Yellow: acknowledge within minutes"), 30, 10080)
    deputy_percent = _number(_("Deputy is told after percent of the time"), 10, 100)
    one_up_percent = _number(_("One level up after percent of the time"), 50, 300)
    two_up_percent = _number(_("Two levels up after percent of the time"), 100, 600)
    remind_hours = _number(_("Remind of what was acknowledged after hours"), 1, 168)
    fold_minutes = _number(_("Fold similar alerts within minutes"), 0, 1440)
    quiet_from = Text(label=_("Quiet hours from"), max_length=5)
    quiet_until = Text(label=_("Quiet hours until"), max_length=5)
    false_alarm_weeks = _number(
        _("Accepted: one false cluster alarm in weeks"),
        4,
        520,
        _("In one subdistrict, yellow or higher. Smaller finds more and cries wolf more often."),
    )
    reason = Text(label=_("Reason"), min_length=5, max_length=300, multiline=True)

    def __init__(self, *args: Any, current: Settings, **kwargs: Any) -> None:
        initial = {name: getattr(current, name) for name in self.base_fields if name != "reason"}
        super().__init__(*args, **kwargs | {"initial": initial})

    def _clock(self, name: str) -> str:
        typed: str = self.cleaned_data[name]
        if not CLOCK.fullmatch(typed):
            raise ValidationError(_("Give a time such as 22:00."))
        return typed

    def clean_quiet_from(self) -> str:
        return self._clock("quiet_from")

    def clean_quiet_until(self) -> str:
        return self._clock("quiet_until")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self._rises(data, "yellow_from", "orange_from", "red_from", strictly=True):
            self.add_error("red_from", _("Red must begin above orange, and orange above yellow."))
        if not self._rises(data, "deputy_percent", "one_up_percent", "two_up_percent"):
            self.add_error("two_up_percent", _("Each rung must come after the one before."))
        return data

    @staticmethod
    def _rises(data: Mapping[str, Any], *names: str, strictly: bool = False) -> bool:
        """Whether these numbers grow; a missing one has its own complaint already."""
        values = [data[name] for name in names if data.get(name) is not None]
        least = 1 if strictly else 0
        return all(after - before >= least for before, after in pairwise(values))

    def content(self) -> Mapping[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


def points_of(current: Settings) -> dict[str, list[int]]:
    """The points that every rule gives, step by step, as they are in force."""
    return {
        weight.id: [points for points, _when in weight.steps] for weight in current.rules().weights
    }


class WeightsForm(forms.Form):
    """A proposed change of points: ``A1=6,10,14,18`` a line. Small steps only."""

    weights = Text(
        label=_("Points"),
        max_length=2000,
        multiline=True,
        help_text=_("One rule a line, as A1=6,10,14,18. At most three points up or down at once."),
    )
    reason = Text(label=_("Reason"), min_length=10, max_length=300, multiline=True)

    def __init__(self, *args: Any, current: Settings, **kwargs: Any) -> None:
        self.steps = points_of(current)
        super().__init__(*args, **kwargs)

    def clean_weights(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for line in self.cleaned_data["weights"].splitlines():
            if line.strip():
                rule, points = self._read(line)
                found[rule] = points
        if not found:
            raise ValidationError(_("Name at least one rule."))
        return found

    def _read(self, line: str) -> tuple[str, list[int]]:
        rule, _sign, typed = line.replace("，", ",").replace("＝", "=").partition("=")
        rule = rule.strip().upper()
        if rule not in self.steps:
            raise ValidationError(_("There is no rule %(rule)s."), params={"rule": rule[:10]})
        try:
            points = [int(part) for part in typed.split(",")]
        except ValueError:
            raise ValidationError(
                _("%(rule)s: give whole numbers."), params={"rule": rule}
            ) from None
        before = self.steps[rule]
        fits = len(points) == len(before) and all(
            abs(new - old) <= MOST_CHANGE and (new >= 0) == (old >= 0)
            for new, old in zip(points, before, strict=False)
        )
        if not fits:
            raise ValidationError(
                _("%(rule)s has %(points)s; change each by at most three and keep its sign."),
                params={"rule": rule, "points": ",".join(map(str, before))},
            )
        return rule, points
