"""Files on their way in: looked at row by row first, written as a whole when somebody says yes.

What was looked at travels in the page and is checked again when it is kept.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mediation.accounts.administration import Act
from mediation.core import clock
from mediation.core.errors import Malformed, Text
from mediation.core.tables import WORKBOOK, BadFile
from mediation.uploads import office
from mediation.uploads.rejected import Rejected
from mediation.web.access import StaffRequest

MOST_BYTES = 512 * 1024
MOST_CARRIED = 1536 * 1024
PROBLEMS_SHOWN, ROWS_SHOWN = 100, 300
TOO_LARGE = gettext_lazy(
    "This is too large for a page. Split the file, or use the command on the server."
)
NO_LONGER = gettext_lazy("Meanwhile something has changed. Please look at the file once more.")


class FileForm(forms.Form):
    """The table as it came."""

    file = forms.FileField(allow_empty_file=True)
    most_bytes = MOST_BYTES
    accept = ".xlsx,.csv,.json"

    def clean_file(self) -> Any:
        """A workbook is examined before anything opens it: it is an archive, and may be built to burst."""
        file = self.cleaned_data["file"]
        if file.size > self.most_bytes:
            raise forms.ValidationError(TOO_LARGE)
        if file.read(len(WORKBOOK)) == WORKBOOK:
            file.seek(0)
            try:
                office.examine("xl/workbook.xml")(file.read())
            except Rejected as refusal:
                raise forms.ValidationError(str(refusal.sentence)) from refusal
        file.seek(0)
        return file

    @property
    def is_json(self) -> bool:
        return str(self.cleaned_data["file"].name).lower().endswith(".json")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what would be written."""

    name: str
    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What would happen, and what the page carries until somebody says yes. ``plan``: the whole of it."""

    plan: Any
    new: int
    changed: int
    same: int
    problems: Sequence[str]
    rows: Sequence[Row]
    carried: str
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> list[tuple[str, int]]:
        return [
            (_("New"), self.new),
            (_("Changed"), self.changed),
            (_("Unchanged"), self.same),
            (_("Problems"), len(self.problems)),
        ]

    @property
    def may_go_on(self) -> bool:
        return bool(self.new + self.changed) and not self.problems

    @property
    def problems_shown(self) -> Sequence[str]:
        return self.problems[:PROBLEMS_SHOWN]

    @property
    def problems_left(self) -> int:
        return max(0, len(self.problems) - PROBLEMS_SHOWN)

    @property
    def rows_shown(self) -> Sequence[Row]:
        return self.rows[:ROWS_SHOWN]

    @property
    def rows_left(self) -> int:
        return max(0, len(self.rows) - ROWS_SHOWN)


@dataclass(frozen=True, slots=True)
class Taking:
    """One kind of file: how its page speaks, and what is done with it.

    ``read`` looks at a file, ``again`` at what the page carried; ``keep`` writes it and says so.
    """

    heading: Text
    lead: Text
    back: str
    back_label: Text
    form: type[FileForm]
    name_head: Text
    code_head: Text
    read: Callable[[Any], Looked]
    again: Callable[[str], Looked]
    keep: Callable[[Act, Looked], str | HttpResponse]
    example: str = ""
    note: Text = ""


def carry(value: Any) -> str:
    """What was looked at, as the page carries it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def answer(request: StaffRequest, taking: Taking) -> HttpResponse:
    """The empty form, the file looked at, or what was looked at written."""
    if request.method != "POST":
        return _page(request, taking, taking.form())
    if "plan" in request.POST:
        return _kept(request, taking)
    form = taking.form(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, taking, form, status=422)
    try:
        looked = taking.read(form)
    except BadFile as refusal:
        form.add_error("file", str(refusal))
        return _page(request, taking, form, status=422)
    if len(looked.carried.encode()) > MOST_CARRIED:
        form.add_error("file", TOO_LARGE)
        return _page(request, taking, form, status=422)
    return _page(request, taking, form, looked, status=422 if looked.problems else 200)


def _kept(request: StaffRequest, taking: Taking) -> HttpResponse:
    looked = None
    try:
        looked = taking.again(request.POST["plan"])
        if looked.may_go_on:
            act = Act(by=request.actor, now=clock.now(), reason=str(taking.heading))
            done = taking.keep(act, looked)
            if isinstance(done, HttpResponse):
                return done
            messages.success(request, done)
            return redirect(taking.back)
    except (BadFile, Malformed):
        looked = None
    form = taking.form({})
    form.is_valid()
    form.errors.clear()
    form.add_error("file", NO_LONGER)
    return _page(request, taking, form, looked, status=422)


def _page(
    request: StaffRequest,
    taking: Taking,
    form: FileForm,
    looked: Looked | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    told = {"taking": taking, "form": form, "looked": looked}
    return render(request, "taking/take.html", told, status=status)
