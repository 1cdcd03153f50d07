"""Duties as the security administrator gives, ends and lends them."""

import pytest
from django.test import Client

from mediation.accounts.models import AccessChange, Duty
from mediation.disputes.enums import Status
from tests.factories import CaseMaker, Cast
from tests.factories.people import COMMUNITY, GRID, AreaFactory
from tests.web.conftest import SignIn
from tests.web.raw import post_raw

pytestmark = pytest.mark.django_db


def duty_form(**changes: str) -> dict[str, str]:
    return {
        "role": "mediator",
        "area": COMMUNITY,
        "since": "2026-01-01",
        "reason": "轮岗",
    } | changes


def test_give_duty_by_name_of_area_and_deputy(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("an")
    typed = duty_form(area="汽车路社区", deputy="李测和", cleared="on")

    response = client.post(f"/people/{cast.id('mo')}/duty/", typed)

    assert response.headers["Location"] == f"/people/{cast.id('mo')}/"
    duty = Duty.objects.get(person=cast.person("mo"))
    assert (duty.area.code, duty.deputy, duty.cleared) == (COMMUNITY, cast.person("li"), True)


WRONG_DUTIES = {
    "unknown-role": ("role", duty_form(role="king")),
    "exclusive-administrators": ("role", duty_form(role="system_admin", area="430902")),
    "unknown-area": ("area", duty_form(area="火星社区")),
    "area-with-nul": ("area", duty_form(area="汽车\x00路")),
    "area-with-surrogate": ("area", duty_form(area="汽车\udc80路")),
    "ends-before-it-begins": ("until", duty_form(until="2025-12-31")),
    "no-such-day": ("since", duty_form(since="2026-02-30")),
    "unknown-deputy": ("deputy", duty_form(deputy="无此人")),
    "himself-as-deputy": ("deputy", duty_form(deputy="shen")),
    "days-of-nobody": ("deputy", duty_form(deputy_since="2026-01-01")),
}


@pytest.mark.parametrize(("field", "typed"), WRONG_DUTIES.values(), ids=WRONG_DUTIES)
def test_give_duty_keeps_what_was_typed_beside_the_complaint(
    field: str, typed: dict[str, str], cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in("an")
    whom = "shen" if field in {"role", "deputy"} else "mo"
    duties = Duty.objects.count()

    response = post_raw(client, f"/people/{cast.id(whom)}/duty/", typed)

    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert form["reason"].value() == "轮岗"
    assert (Duty.objects.count(), AccessChange.objects.count()) == (duties, 0)


def test_an_ambiguous_area_name_asks_for_the_code(cast: Cast, sign_in: SignIn) -> None:
    AreaFactory(code="430902006909003", name="第3网格")
    client = sign_in("an")

    response = client.post(
        f"/people/{cast.id('mo')}/duty/", duty_form(role="grid_worker", area="第3网格")
    )

    assert GRID in str(response.context["form"].errors["area"])


def test_end_duty_shows_what_stays_behind_and_acts_at_once(
    cast: Cast, case_in: CaseMaker, sign_in: SignIn
) -> None:
    case_in(Status.MEDIATING)
    duty = Duty.objects.get(person=cast.person("li"))
    his = Client()
    his.force_login(cast.person("li"))
    client = sign_in("an")

    shown = client.get(f"/people/duties/{duty.pk}/end/").context["left"]
    done = client.post(f"/people/duties/{duty.pk}/end/", {"when": "now", "reason": "调离"})

    assert [(left.named, left.shared, list(left.namers)) for left in shown] == [
        (1, 0, ["包测密", "钟测中"])
    ]
    assert done.status_code == 302
    assert his.get("/work/").status_code == 403


def test_ending_the_only_grid_worker_says_that_nobody_goes_on(
    cast: Cast, case_in: CaseMaker, sign_in: SignIn
) -> None:
    closed = case_in(Status.CLOSED)
    duty = Duty.objects.get(person=cast.person("wang"))
    client = sign_in("an")

    page = f"/people/duties/{duty.pk}/end/"
    left = client.get(page).context["left"][0]
    named = closed.work.assignee
    client.post(page, {"when": "now", "reason": "离职"})

    closed.work.refresh_from_db()
    assert (left.named, left.shared, left.others, left.is_orphaned) == (0, 1, [], True)
    assert (named, closed.work.assignee) == (cast.person("wang"), None)


def test_end_duty_on_a_day_needs_the_day(cast: Cast, sign_in: SignIn) -> None:
    duty = Duty.objects.get(person=cast.person("wang"))
    client = sign_in("an")

    response = client.post(f"/people/duties/{duty.pk}/end/", {"when": "later", "reason": "到期"})

    assert list(response.context["form"].errors) == ["until"]
    duty.refresh_from_db()
    assert duty.until is None


def test_deputy_is_appointed_and_taken_away(cast: Cast, sign_in: SignIn) -> None:
    duty = Duty.objects.get(person=cast.person("li"))
    page = f"/people/duties/{duty.pk}/deputy/"
    client = sign_in("an")

    client.post(page, {"deputy": "sun"})
    duty.refresh_from_db()
    appointed = duty.deputy
    client.post(page, {"deputy": ""})

    duty.refresh_from_db()
    assert (appointed, duty.deputy) == (cast.person("sun"), None)
    assert AccessChange.objects.filter(what="deputy_changed").count() == 2


def test_clearance_is_withdrawn_with_a_reason_only(cast: Cast, sign_in: SignIn) -> None:
    duty = Duty.objects.get(person=cast.person("bao"))
    page = f"/people/duties/{duty.pk}/clearance/"
    client = sign_in("an")

    refused = client.post(page, {"reason": ""}).status_code
    client.post(page, {"reason": "轮岗"})

    duty.refresh_from_db()
    assert (refused, duty.cleared) == (422, False)
