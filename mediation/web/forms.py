"""Forms as pages show them. What they collect is judged once more by the command itself."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mediation.accounts.actor import Actor
from mediation.areas.models import Area, Level, code_range
from mediation.disputes.enums import Source
from workflows.commands.fields import Rows
from workflows.commands.intake import PartyForm, RegisterForm

# What every new row says by itself: a row with nothing else was never filled in.
PRESET = {"side", "kind"}
ROWS_SHOWN = 2


class Registration(RegisterForm):
    """Registration by staff: the grid is chosen among one's own."""

    def __init__(self, data: Any = None, *, actor: Actor, facts: Any = None, **kw: Any) -> None:
        self.actor = actor
        super().__init__(data, facts=facts, **kw)

    def prepare(self) -> None:
        self.grids = own_grids(self.actor)
        self.fields["grid"] = forms.ChoiceField(label=_("Grid"), choices=grouped(self.grids))
        if self.grids:
            self.fields["grid"].initial = self.grids[0].code
        self.fields["source"].initial = Source.GRID
        self.fields["facts"].widget.attrs["rows"] = 5
        self.fields["people_count"].widget.attrs |= {"inputmode": "numeric", "max": 100_000}

    def party_rows(self) -> list[PartyForm]:
        return party_rows(self["parties"].value() or [], checked=self.is_bound)

    @property
    def blank_row(self) -> PartyForm:
        return PartyForm(prefix="parties-__prefix__")


def party_rows(values: Any, *, checked: bool) -> list[PartyForm]:
    """The rows with what was typed and with their own complaints; at least two of them."""
    typed = [row for row in values if isinstance(row, Mapping)] if isinstance(values, list) else []
    sides = ("applicant", "respondent")
    typed += [{"side": side} for side in sides[len(typed) : ROWS_SHOWN]]
    return [_party_row(number, row, checked=checked) for number, row in enumerate(typed)]


def _party_row(number: int, row: Mapping[str, Any], *, checked: bool) -> PartyForm:
    """A row as the page shows it. A row of the command knows no prefix, so its errors are lent."""
    shown: Any = PartyForm(initial=dict(row), prefix=f"parties-{number}")
    if checked and is_filled(row):
        shown._errors = PartyForm(dict(row)).errors
        for name, complaints in shown._errors.items():
            if name in shown.fields:
                complaints.field_id = shown[name].auto_id
    return shown  # type: ignore[no-any-return]  # Any only for the errors lent to it


def is_filled(row: Mapping[str, Any]) -> bool:
    return any(str(value).strip() for name, value in row.items() if name not in PRESET)


def own_grids(actor: Actor) -> list[Area]:
    """The grids in which the actor may register, with their communities."""
    found: dict[str, Area] = {}
    for code in sorted({grant.area_code for grant in actor.grants}):
        low, high = code_range(code)
        rows = Area.objects.filter(
            level=Level.GRID, is_active=True, code__gte=low, code__lt=high
        ).select_related("parent")
        found |= {grid.code: grid for grid in rows}
    return list(found.values())


def grouped(grids: list[Area]) -> list[tuple[str, Any]]:
    """Grids below their communities; of a single community the grids alone."""
    by_parent: dict[str, list[tuple[str, str]]] = {}
    for grid in grids:
        parent = grid.parent.name if grid.parent else ""
        by_parent.setdefault(parent, []).append((grid.code, grid.name))
    if len(by_parent) == 1:
        return [
            (code, f"{parent}{name}") for parent, kids in by_parent.items() for code, name in kids
        ]
    return list(by_parent.items())


def posted(post: QueryDict, fields: Mapping[str, forms.Field]) -> dict[str, Any]:
    """What a page sent, as the command takes it: plain, in a fixed shape, without empty rows.

    The shape is the body of the idempotency key, so nothing of the page's own (its token, its
    buttons, the side of an empty row) may get into it.
    """
    data: dict[str, Any] = {}
    for name, field in fields.items():
        value = field.widget.value_from_datadict(post, {}, name)
        if name == "parties" and isinstance(field, Rows):
            value = [row for row in value or [] if is_filled(row)]
        if value not in (None, "", False, {}):
            data[name] = value
    return data


def client_key(typed: str) -> uuid.UUID | None:
    """The number that a page gave its own submission; none for what no page of ours made."""
    try:
        return uuid.UUID(typed)
    except ValueError:
        return None
