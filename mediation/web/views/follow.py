"""Following one's case by its code: one's own matter only, in plain words, and the way to withdraw."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mediation.accounts.actor import Actor
from mediation.accounts.models import Duty, Role
from mediation.agreements.models import Obligation
from mediation.areas.models import ancestor_codes
from mediation.core import clock
from mediation.core.crypto import blind_indexes
from mediation.disputes import policy
from mediation.disputes.enums import (
    DONE,
    STAGE_OF,
    ContactChannel,
    EndReason,
    Remedy,
    Stage,
    Status,
)
from mediation.disputes.models import Dispute, Party
from mediation.sessions.models import Appointment
from mediation.web.codes import read_code
from mediation.web.limits import is_tried_often, require_few
from mediation.web.resident_forms import LONGEST, FollowForm, WordForm
from mediation.web.words import PLAIN_NEXT, PLAIN_STAGE, PLAIN_STATUS
from workflows.commands import catalog
from workflows.engine import Command, execute

PROVED, IS_NECESSARY, SPEAKS_FOR = "follow", "follow_side", "follow_party"
PROOF_SECONDS = 30 * 60
TRIES, WINDOW = 10, 600
TRIES_OF_A_CODE, HOUR = 20, 3600
WHOLE = 10
"""Digits from which on a number is a whole one: landlines have ten."""
MAIN = (Stage.INTAKE, Stage.EARLY_WARNING, Stage.MEDIATION, Stage.CLOSURE)
# What stays open to somebody who withdraws; the page says it before it is done (art. 26).
REMEDIES = (Remedy.COURT, Remedy.ARBITRATION, Remedy.ADMINISTRATIVE, Remedy.LEGAL_AID)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Prove a case by code and phone. A wrong code and a wrong phone get the same answer.

    Whoever comes back here after a refusal (another language, the way back) finds the two questions anew.
    """
    if request.method != "POST":
        return redirect("residents")
    require_few(request, "follow", limit=TRIES, seconds=WINDOW)
    form, strict = FollowForm(_typed(request)), False
    if form.is_valid():
        # Four digits of a phone are ten thousand tries: from many addresses an afternoon's work.
        code = read_code(form.cleaned_data["code"]) or "-"
        # After a few the whole number is asked for, so that who knows a code keeps nobody from his case.
        strict = is_tried_often("follow", code, limit=TRIES_OF_A_CODE, seconds=HOUR)
    found = _found(form, strict=strict) if form.is_valid() else None
    if found is None:
        return _refused(request, form, strict=strict)
    request.session.cycle_key()
    proved, request.session[IS_NECESSARY], request.session[SPEAKS_FOR] = found
    request.session[PROVED] = [proved, int(clock.now().timestamp()) + PROOF_SECONDS]
    return redirect("residents_case")


def _typed(request: HttpRequest) -> dict[str, str]:
    """The two answers, whole, as they can be shown again."""
    sent = {name: request.POST.get(name, "") for name in FollowForm.base_fields}
    return {name: "".join(filter(str.isprintable, value))[:LONGEST] for name, value in sent.items()}


def _refused(request: HttpRequest, form: FollowForm, *, strict: bool) -> HttpResponse:
    """The page once more. What was left out is named; which of the two is wrong is not."""
    sentence = _("Code and phone do not fit together. Please look at the slip again.")
    if strict:
        form["tail"].label = _("Your whole phone number")
        sentence = _(
            "This code has been tried often. Enter your whole phone number instead of four digits."
        )
    told = {"form": form, "sentences": [] if form.errors else [sentence]}
    return render(request, "residents/start.html", told, status=422)


def _found(form: FollowForm, *, strict: bool) -> tuple[int, bool, list[int]] | None:
    """The case, whether it is a side of it who asks, and as which parties: a household has one phone.

    One question whatever was wrong, so that the time tells nothing either.
    """
    typed = form.cleaned_data["tail"]
    tail, whole = typed[-4:], typed if len(typed) >= WHOLE else ""
    if strict:
        known = Q(phone_index__in=[*(Party.phone.indexes_of(whole) if whole else ()), "-"])
    else:
        indexes = blind_indexes(tail, purpose="phone_tail") if len(tail) == 4 else []
        known = Q(phone_tail_index__in=[*indexes, "-"])
    code = read_code(form.cleaned_data["code"]) or "-"
    parties = Party.objects.filter(known, dispute__code=code)
    rows = list(
        parties.order_by("-is_necessary", "ordinal").values_list(
            "dispute_id", "is_necessary", "ordinal"
        )
    )
    if not rows:
        return None
    case, is_side, _number = rows[0]
    return case, is_side, [number for _case, side, number in rows if side == is_side]


def _proved(request: HttpRequest) -> Actor | None:
    """The resident behind the session, while his proof is fresh."""
    pk, until = request.session.get(PROVED, (None, 0))
    if pk is None or clock.now().timestamp() > until:
        return None
    return Actor(
        person_id=None,
        name="居民",
        is_resident=True,
        party_to=pk,
        is_necessary=bool(request.session.get(IS_NECESSARY)),
        speaks_for=tuple(request.session.get(SPEAKS_FOR, ())),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest) -> HttpResponse:
    """Where the matter stands, and a word to those who handle it. Nothing of the other side or the record."""
    actor = _proved(request)
    if actor is None:
        return redirect("residents")
    if request.method == "POST":
        return _told(request, actor)
    return _case_page(request, actor, WordForm(initial={"key": uuid.uuid4()}))


def _told(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Pass on what a party adds; sent twice it is told once."""
    require_few(request, "word", limit=TRIES, seconds=WINDOW)
    form = WordForm(request.POST)
    if not form.is_valid():
        return _case_page(request, actor, form, status=422)
    data = {"remark": form.cleaned_data["remark"]}
    key = f"word:{actor.party_to}:{form.cleaned_data['key']}"
    execute(Command("comment", dispute=actor.party_to, data=data, key=key), actor, now=clock.now())
    messages.success(request, _("Passed on. Those who handle your matter will read it."))
    return redirect("residents_case")


def _case_page(
    request: HttpRequest, actor: Actor, form: WordForm, *, status: int = 200
) -> HttpResponse:
    cases = policy.visible_to(actor, now=clock.now()).select_related("mediator", "grid")
    dispute = cases.get()
    branch = dispute.stage if dispute.stage not in MAIN else None
    told = {
        "dispute": dispute,
        "stages": stages(dispute),
        "branch": {"label": _branch_word(dispute), "state": "current"} if branch else None,
        "now": PLAIN_STATUS[Status(dispute.status)],
        "next": PLAIN_NEXT.get(Status(dispute.status)),
        "phone": _office_phone(dispute),
        "may_withdraw": may_withdraw(actor, dispute),
        "form": form if dispute.status in catalog.statuses(catalog.find("comment")) else None,
        "appointment": _next_talk(dispute),
        "duties": _duties(dispute),
    }
    return render(request, "residents/case.html", told, status=status)


def _branch_word(dispute: Dispute) -> str:
    """Beside the main line: another channel, or the parts that the matter was divided into."""
    return str(Status.SPLIT.label if dispute.status == Status.SPLIT else dispute.stage.label)


def _next_talk(dispute: Dispute) -> Appointment | None:
    """When and where both sides are asked to come next."""
    rows = Appointment.objects.filter(dispute=dispute, state="planned", ends_at__gt=clock.now())
    return rows.first() if dispute.is_open else None


def _duties(dispute: Dispute) -> list[Obligation]:
    """What was promised, for both sides alike: by when, how much, and whether it is done. No names."""
    if dispute.status not in {Status.PERFORMING, Status.BREACHED}:
        return []
    rows = Obligation.objects.filter(agreement__dispute=dispute, agreement__is_current=True)
    return list(rows.order_by("due_on", "ordinal"))


def stages(dispute: Dispute) -> list[dict[str, Any]]:
    """The main line in plain words; another channel stands beside it."""
    here = STAGE_OF[dispute.status]
    if here not in MAIN:
        passed = MAIN.index(Stage.MEDIATION)
        states = ["done"] * passed + ["done" if dispute.accepted_on else "skipped", "todo"]
    else:
        passed = MAIN.index(here)
        now = "done" if dispute.status in DONE else "current"
        states = ["done"] * passed + [now] + ["todo"] * (len(MAIN) - passed - 1)
    return [
        {"label": PLAIN_STAGE[stage], "state": state}
        for stage, state in zip(MAIN, states, strict=True)
    ]


def _office_phone(dispute: Dispute) -> str:
    """The mediator's office phone, else one of the centre nearest to the grid."""
    if dispute.mediator is not None and dispute.mediator.phone:
        return dispute.mediator.phone
    offices = Duty.objects.filter(
        area__code__in=ancestor_codes(dispute.area_code),
        role__in=[Role.CENTRE_STAFF, Role.JUSTICE_STAFF],
        since__lte=clock.today(),
        person__is_active=True,
    ).exclude(until__lt=clock.today())
    phones = offices.exclude(person__phone="").order_by("-area__level", "role", "pk")
    return phones.values_list("person__phone", flat=True).first() or ""


def may_withdraw(actor: Actor, dispute: Dispute) -> bool:
    spec = catalog.find("end_mediation")
    return policy.may(actor, spec.name, dispute) and dispute.status in catalog.statuses(spec)


def sides_of(actor: Actor, dispute: Dispute) -> list[tuple[int, str]]:
    """The parties that this phone stands for: number and side, no name, for a phone may be shared."""
    own = Party.objects.filter(dispute=dispute, ordinal__in=actor.speaks_for).order_by("ordinal")
    return [(party.ordinal, party.get_side_display()) for party in own]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """End mediation as a party (People's Mediation Law arts. 17, 23): free, at any time, told what stays."""
    actor = _proved(request)
    if actor is None:
        return redirect("residents")
    now = clock.now()
    dispute = policy.visible_to(actor, now=now).get()
    lawful = may_withdraw(actor, dispute)
    sides = sides_of(actor, dispute)
    chosen = request.POST.get("party", "")
    unsaid = len(sides) > 1 and chosen not in {str(number) for number, _side in sides}
    if request.method != "POST" or (lawful and unsaid):
        told = {"dispute": dispute, "remedies": REMEDIES, "lawful": lawful, "sides": sides}
        told["unsaid"] = request.method == "POST"
        return render(
            request, "residents/withdraw.html", told, status=422 if told["unsaid"] else 200
        )
    data = {
        "party": chosen if len(sides) > 1 else "",
        "reason": EndReason.WITHDRAWN.value,
        "remedies": [remedy.value for remedy in REMEDIES],
        "told_on": clock.local_day(now).isoformat(),
        "channel": ContactChannel.ONLINE.value,
    }
    if not lawful:
        return redirect("residents_case")
    execute(Command("end_mediation", dispute=dispute.pk, data=data), actor, now=now)
    return redirect("residents_case")
