"""Many areas at once: the list of communities and grids, and where they lie.

The same reading and the same checks as ``manage.py import_areas`` and ``import_outlines``.
"""

from dataclasses import asdict
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from mediation.accounts import administration, policy
from mediation.accounts.administration import Act
from mediation.accounts.models import Role
from mediation.accounts.policy import Subject
from mediation.areas import geometry, lists, outlines
from mediation.core.tables import BadFile, read_json, read_rows
from mediation.web import taking
from mediation.web.access import StaffRequest, signed_in
from mediation.web.taking import NO_LONGER, FileForm, Looked, Row, Taking
from workflows.commands.fields import Text

MAP_WIDE, MAP_HIGH = 640, 480
EXAMPLE = "代码,名称,简称,户数\n430902006901,汽车路社区,,\n430902006901001,第1网格,,420"


class ListForm(FileForm):
    file = forms.FileField(
        label=gettext_lazy("List of areas"),
        help_text=gettext_lazy(
            "A workbook of Excel or WPS (.xlsx) or CSV, with the columns 代码, 名称, 简称, 户数 in the first"
            " row. It is looked at first; nothing changes yet."
        ),
        allow_empty_file=True,
    )


class OutlinesForm(FileForm):
    """A map, who made it, and in which coordinates."""

    file = forms.FileField(
        label=gettext_lazy("Map file"),
        help_text=gettext_lazy(
            "A GeoJSON FeatureCollection; every feature has the property code (adcode, 代码, 区划代码). It is"
            " looked at first; nothing changes yet."
        ),
        allow_empty_file=True,
    )
    coordinates = forms.ChoiceField(
        label=gettext_lazy("Coordinate system"),
        choices=[("", gettext_lazy("Please choose")), *outlines.SYSTEMS.items()],
    )
    source = Text(
        label=gettext_lazy("Source"),
        max_length=120,
        help_text=gettext_lazy(
            "Who supplied it, with the number under which it may be shown (审图号)."
        ),
    )
    most_bytes = 8 * 1024 * 1024
    accept = ".geojson,.json"

    def clean_coordinates(self) -> str:
        system: str = self.cleaned_data["coordinates"]
        if system not in outlines.LAWFUL_SYSTEMS:
            raise forms.ValidationError(outlines.SHIFTED)
        return system


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def take_list(request: StaffRequest) -> HttpResponse:
    """Communities and grids from a table."""
    policy.require(request.actor, "change_area", Subject())
    within = policy.scope(request.actor, [Role.SYSTEM_ADMIN])

    def look(rows: list[dict[str, Any]]) -> Looked:
        plan = lists.plan(rows, within=within)
        return Looked(
            plan,
            new=len(plan.new),
            changed=len(plan.changed),
            same=plan.same,
            problems=plan.problems,
            rows=[Row(row.name, row.code, _moved(plan, row)) for row in plan.touched],
            carried=taking.carry([asdict(row) for row in plan.touched]),
        )

    return taking.answer(
        request,
        Taking(
            heading=_("Take in areas from a list"),
            lead=_(
                "Communities and grids of your area at once, new ones and those whose name or size has"
                " changed. Nothing is closed by a list."
            ),
            back="areas",
            back_label=_("Areas and grids"),
            form=ListForm,
            name_head=_("Area"),
            code_head=_("Code"),
            read=lambda form: look(
                read_rows(form.cleaned_data["file"].read(), is_json=form.is_json)
            ),
            again=lambda carried: look(read_rows(carried.encode(), is_json=True)),
            keep=_keep_list,
            example=EXAMPLE,
            note=_(
                "A community has twelve digits, a grid fifteen; the code begins with that of the area"
                " above. A code that is there already gets the name and size of the list; what the list"
                " leaves empty stays."
            ),
        ),
    )


def _moved(plan: lists.Plan, row: lists.Row) -> str:
    area = plan.known.get(row.code)
    if area is None:
        size = [] if row.households is None else [_households(row.households)]
        return " · ".join([_("new"), *size, *filter(None, [row.short_name])])
    pairs = zip((area.name, area.short_name, area.households), lists.kept(row, area), strict=True)
    moved = [f"{'–' if old in (None, '') else old} → {new}" for old, new in pairs if old != new]
    return " · ".join(moved)


def _households(number: int) -> str:
    return ngettext("%(n)s household", "%(n)s households", number) % {"n": number}


def _keep_list(act: Act, looked: Looked) -> str:
    administration.take_areas(act, looked.plan)
    return _written(looked)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def take_outlines(request: StaffRequest) -> HttpResponse:
    """Where the areas lie, for the map of figures."""
    policy.require(request.actor, "change_area", Subject())
    within = policy.scope(request.actor, [Role.SYSTEM_ADMIN])

    def look(features: list[Any], source: str, metres: float) -> Looked:
        plan = outlines.plan(features, within=within, metres=metres)
        new = set(plan.new)
        names = {code: area.name for code, area in plan.areas.items()}
        rows = [
            Row(names.get(code, code), code, _("new") if code in new else _("changed"))
            for code in plan.touched
        ]
        carried = [
            {
                "properties": {"code": code},
                "geometry": {"type": "MultiPolygon", "coordinates": plan.shapes[code]},
            }
            for code in plan.touched
        ]
        return Looked(
            plan,
            new=len(plan.new),
            changed=len(plan.changed),
            same=plan.same,
            problems=plan.problems,
            rows=rows,
            carried=taking.carry({"source": source, "features": carried}),
            more={"source": source, "map": None if plan.problems else _drawing(plan, names)},
        )

    def again(carried: str) -> Looked:
        sent = read_json(carried.encode())
        if not isinstance(sent, dict) or not isinstance(sent.get("features"), list):
            raise BadFile(NO_LONGER)
        # Thinned out once already: twice would lose more than was shown.
        return look(sent["features"], str(sent.get("source", ""))[:120], 0.0)

    return taking.answer(
        request,
        Taking(
            heading=_("Take in outlines of areas"),
            lead=_(
                "The situation page draws a map once it knows the outline of every area that it would"
                " draw; until then it shows tiles. Outlines settle no border."
            ),
            back="areas",
            back_label=_("Areas and grids"),
            form=OutlinesForm,
            name_head=_("Area"),
            code_head=_("Code"),
            read=lambda form: look(
                outlines.features(form.cleaned_data["file"].read()),
                form.cleaned_data["source"],
                outlines.METRES,
            ),
            again=again,
            keep=_keep_outlines,
        ),
    )


def _drawing(plan: outlines.Plan, names: dict[str, str]) -> dict[str, Any]:
    """The outlines as they would be drawn, the smaller over the larger."""
    codes = sorted(plan.shapes, key=len)
    drawn = [plan.shapes[code] for code in codes]
    wide, high, paths = geometry.drawn(drawn, wide=MAP_WIDE, high=MAP_HIGH)
    shapes = [
        {"name": names[code], "path": path, "x": x, "y": y}
        for code, (path, (x, y)) in zip(codes, paths, strict=True)
    ]
    return {"wide": wide, "high": high, "shapes": shapes}


def _keep_outlines(act: Act, looked: Looked) -> str:
    administration.take_outlines(act, looked.plan, source=looked.more["source"])
    return _written(looked)


def _written(looked: Looked) -> str:
    number = looked.new + looked.changed
    said = ngettext(
        "%(n)s area was written, with its record.",
        "%(n)s areas were written, each with its record.",
        number,
    )
    return said % {"n": number}
