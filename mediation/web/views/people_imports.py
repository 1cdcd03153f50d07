"""Many people at once: accounts by the system administrator, duties by the security administrator.

Each row is read by the form of the page for one, and refused for the same reasons.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from mediation.accounts import administration, policy
from mediation.accounts.actor import Actor
from mediation.accounts.administration import Act
from mediation.accounts.models import ADMIN_ROLES, Duty, Person, Role
from mediation.accounts.policy import NOT_YOURSELF, Subject
from mediation.areas.models import Area
from mediation.core import clock
from mediation.core.tables import BadFile, read_rows
from mediation.web import taking
from mediation.web.access import StaffRequest, signed_in
from mediation.web.area_forms import full_name
from mediation.web.people_forms import DutyForm, NewAccountForm, find_person
from mediation.web.people_steps import typed
from mediation.web.taking import FileForm, Looked, Row, Taking
from mediation.web.templatetags.fq import day

MOST_ROWS = 200
"""Each password takes a moment to seal; a subdistrict has fewer people."""
ACCOUNT_COLUMNS = {
    "username": ("username", "用户名", "账号"),
    "name": ("name", "姓名"),
    "post": ("post", "职务"),
    "phone": ("phone", "办公电话", "电话"),
}
DUTY_COLUMNS = {
    "username": ("username", "用户名", "账号"),
    "role": ("role", "角色"),
    "area": ("area", "区划", "区划代码", "代码"),
    "since": ("since", "开始日期"),
    "until": ("until", "结束日期"),
}
ACCOUNT_EXAMPLE = (
    "用户名,姓名,职务,办公电话\nchencg,陈测格,专职网格员,0737-4222222\nlich,李测和,专职人民调解员,"
)
DUTY_EXAMPLE = (
    "用户名,角色,区划代码,开始日期,结束日期\n"
    "chencg,网格员,430902006901001,2026-01-01,\n"
    "lich,人民调解员,430902006901,2026-01-01,2026-12-31"
)


class PeopleForm(FileForm):
    file = forms.FileField(
        label=gettext_lazy("List of people"),
        help_text=gettext_lazy(
            "A workbook of Excel or WPS (.xlsx) or CSV, with the columns 用户名, 姓名, 职务, 办公电话 in the"
            " first row. It is looked at first; nothing changes yet."
        ),
        allow_empty_file=True,
    )


class DutiesForm(FileForm):
    file = forms.FileField(
        label=gettext_lazy("List of duties"),
        help_text=gettext_lazy(
            "A workbook of Excel or WPS (.xlsx) or CSV, with the columns 用户名, 角色, 区划代码, 开始日期,"
            " 结束日期 in the first row. It is looked at first; nothing changes yet."
        ),
        allow_empty_file=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def take_accounts(request: StaffRequest) -> HttpResponse:
    """Accounts from a table. Their first passwords stand on the answer alone and are kept nowhere."""
    policy.require(request.actor, "open_account", Subject())

    def keep(act: Act, looked: Looked) -> HttpResponse:
        opened = administration.open_accounts(act, looked.plan)
        return render(request, "people/first_passwords.html", {"opened": opened})

    return taking.answer(
        request,
        Taking(
            heading=_("Open accounts from a list"),
            lead=_(
                "For everybody who starts at once. Each gets a first password, shown once, to be printed and"
                " handed over in person. What they may do is decided by duties."
            ),
            back="people",
            back_label=_("People and duties"),
            form=PeopleForm,
            name_head=_("Name"),
            code_head=_("User name"),
            read=lambda form: _accounts(_rows(form, ACCOUNT_COLUMNS)),
            again=lambda carried: _accounts(_again(carried)),
            keep=keep,
            example=ACCOUNT_EXAMPLE,
            note=_("User names are small letters and digits and cannot be changed later."),
        ),
    )


def _accounts(rows: list[dict[str, Any]]) -> Looked:
    """Each row as the page of one account would take it."""
    named = {typed(str(row.get("username"))) for row in rows}
    people = Person.objects.filter(username__in=named).values_list("username", "name")
    known = dict(people)
    wanted: dict[str, dict[str, str]] = {}
    problems: list[str] = []
    same = 0
    for line, row in enumerate(rows, 2):
        form = NewAccountForm(row)
        username = str(row.get("username"))
        if username in known and known[username] == row.get("name"):
            same += 1
        elif username in wanted:
            problems.append(_line(line, [_("%(code)s comes twice.") % {"code": username}]))
        elif form.is_valid():
            wanted[username] = {name: form.cleaned_data[name] for name in ACCOUNT_COLUMNS}
        else:
            problems.append(_line(line, _complaints(form)))
    shown = [
        Row(one["name"], one["username"], " · ".join(filter(None, [one["post"], one["phone"]])))
        for one in wanted.values()
    ]
    plan = list(wanted.values())
    return Looked(plan, len(plan), 0, same, problems, shown, taking.carry(plan))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def take_duties(request: StaffRequest) -> HttpResponse:
    """Duties from a table; those of administrators are given one by one."""
    policy.require(request.actor, "give_duty", Subject())

    def keep(act: Act, looked: Looked) -> str:
        administration.give_duties(act, looked.plan)
        number = looked.new
        said = ngettext("%(n)s duty was given.", "%(n)s duties were given.", number)
        return said % {"n": number}

    return taking.answer(
        request,
        Taking(
            heading=_("Give duties from a list"),
            lead=_(
                "Role, area and days of many people at once. Administrators, clearance and deputies are set"
                " on the page of the person."
            ),
            back="people",
            back_label=_("People and duties"),
            form=DutiesForm,
            name_head=_("Name"),
            code_head=_("User name"),
            read=lambda form: _duties(request.actor, _rows(form, DUTY_COLUMNS)),
            again=lambda carried: _duties(request.actor, _again(carried)),
            keep=keep,
            example=DUTY_EXAMPLE,
            note=_(
                "Roles: %(roles)s. Without a first day the duty begins today; without a last day it runs on."
            )
            % {"roles": "、".join(str(role.label) for role in Role if role not in ADMIN_ROLES)},
        ),
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """A duty that a row asks for."""

    person: Person
    role: Role
    area: Area
    since: date
    until: date | None

    @property
    def key(self) -> tuple[int, str, int]:
        return self.person.pk, self.role.value, self.area.pk

    @property
    def given(self) -> dict[str, Any]:
        """As the service takes it."""
        return {
            "person_id": self.person.pk,
            "role": self.role,
            "area": self.area,
            "since": self.since,
            "until": self.until,
        }

    @property
    def carried(self) -> dict[str, str]:
        """As the page carries it, and a row writes it."""
        return {
            "username": self.person.username,
            "role": self.role.value,
            "area": self.area.code,
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else "",
        }

    @property
    def row(self) -> Row:
        days = _("since %(since)s") % {"since": day(self.since)}
        if self.until:
            days = f"{day(self.since)} – {day(self.until)}"
        what = f"{self.role.label} · {full_name(self.area)} · {days}"
        return Row(self.person.name, self.person.username, what)


def _duties(actor: Actor, rows: list[dict[str, Any]]) -> Looked:
    """Each row as the page of one duty would take it."""
    running = set(Duty.objects.filter(until=None).values_list("person", "role", "area"))
    wanted: dict[tuple[int, str, int], Wish] = {}
    problems: list[str] = []
    same = 0
    for line, row in enumerate(rows, 2):
        try:
            wish = _wish(actor, row)
        except forms.ValidationError as error:
            problems.append(_line(line, error.messages))
            continue
        if wish.key in running:
            same += 1
        elif wish.key in wanted:
            twice = _("%(code)s comes twice.") % {"code": wish.person.username}
            problems.append(_line(line, [twice]))
        else:
            wanted[wish.key] = wish
    wishes = list(wanted.values())
    carried = taking.carry([one.carried for one in wishes])
    shown = [one.row for one in wishes]
    return Looked([one.given for one in wishes], len(wishes), 0, same, problems, shown, carried)


def _wish(actor: Actor, row: dict[str, Any]) -> Wish:
    """Raises ``ValidationError`` with every complaint about the row."""
    reach = policy.people_in_reach(actor)
    person = find_person(typed(str(row.get("username"))), reach)
    word = str(row.get("role"))
    role = next((one for one in Role if word in {one.value, str(one.label)}), None)
    if role in ADMIN_ROLES:
        raise forms.ValidationError(_("Administrators are appointed one by one."))
    if not policy.may(actor, "give_duty", Subject(person_id=person.pk)):
        raise forms.ValidationError(str(NOT_YOURSELF.sentence))
    codes = policy.scope(actor, (Role.SECURITY_ADMIN,))
    given = row | {"role": role or "", "since": row.get("since") or clock.today().isoformat()}
    form = DutyForm(given, codes=codes, people=reach)
    if not form.is_valid():
        raise forms.ValidationError(_complaints(form))
    cleaned = form.cleaned_data
    return Wish(person, Role(cleaned["role"]), cleaned["area"], cleaned["since"], cleaned["until"])


def _rows(form: Any, columns: dict[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """The rows under the names of the form. Raises ``BadFile``."""
    rows = read_rows(form.cleaned_data["file"].read(), is_json=form.is_json)
    if not rows:
        raise BadFile(_("The file holds no row."))
    if len(rows) > MOST_ROWS:
        raise BadFile(_("At most %(n)s rows at once.") % {"n": MOST_ROWS})
    heads = {str(head) for row in rows for head in row}
    lacking = [words[1] for words in list(columns.values())[:2] if not heads & set(words)]
    if lacking:
        raise BadFile(_("There is no column %(head)s.") % {"head": lacking[0]})
    return [
        {
            name: _first(row[word] for word in words if row.get(word))
            for name, words in columns.items()
        }
        for row in rows
    ]


def _again(carried: str) -> list[dict[str, Any]]:
    rows = read_rows(carried.encode(), is_json=True)
    if len(rows) > MOST_ROWS:
        raise BadFile(_("At most %(n)s rows at once.") % {"n": MOST_ROWS})
    return rows


def _first(values: Iterable[Any]) -> str:
    return str(next(iter(values), "")).strip()


def _complaints(form: forms.Form) -> list[str]:
    return [
        f"{form.fields[name].label}：{sentence}" if name in form.fields else str(sentence)
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]


def _line(line: int, sentences: list[str]) -> str:
    return _("Line %(n)s: %(problem)s") % {"n": line, "problem": " ".join(map(str, sentences))}
