"""Areas as the system administrator founds, changes and closes them."""

from datetime import timedelta

import pytest

from mediation.accounts.models import Duty, Role
from mediation.areas.models import Area
from mediation.core import clock
from mediation.disputes.enums import Status
from tests.factories import CaseMaker
from tests.factories.people import COMMUNITY, GRID, LAST_GRID, SUBDISTRICT
from tests.web.conftest import SignIn
from tests.web.raw import post_raw

pytestmark = pytest.mark.django_db


def test_grids_without_a_worker_come_first(sign_in: SignIn) -> None:
    Duty.objects.filter(area__code="430902006901004", role=Role.GRID_WORKER).update(
        until=clock.today() - timedelta(days=1)
    )
    client = sign_in("ling")

    page = client.get(f"/areas/{COMMUNITY}/").context

    assert [(row.code, row.lacks_worker) for row in page["rows"]] == [
        ("430902006901004", True),
        (GRID, False),
    ]
    assert page["figures"].unstaffed == 1


def test_area_without_a_number_of_its_own_has_the_households_of_its_grids(sign_in: SignIn) -> None:
    Area.objects.filter(code__startswith=COMMUNITY).update(households=None)
    client = sign_in("xi")

    def told() -> int | None:
        rows = client.get(f"/areas/{SUBDISTRICT}/").context["rows"]
        return next(row.households for row in rows if row.code == COMMUNITY)

    unknown = told()
    Area.objects.filter(code=GRID).update(households=300)
    Area.objects.filter(code=f"{COMMUNITY}004").update(households=20)
    summed = told()
    Area.objects.filter(code=COMMUNITY).update(households=400)

    assert (unknown, summed, told()) == (None, 320, 400)


def test_new_area_proposes_the_next_code_and_creates_it(sign_in: SignIn) -> None:
    client = sign_in("xi")
    page = f"/areas/{COMMUNITY}/new/"
    proposed = client.get(page).context["form"]["code"].value()

    client.post(page, {"code": proposed, "name": "第5网格", "households": "420"})

    made = Area.objects.get(code=f"{COMMUNITY}005")
    assert (proposed, made.name, made.households) == (made.code, "第5网格", 420)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("code", {"code": "430902007901005"}),
        ("code", {"code": GRID}),
        ("code", {"code": "4309\x00"}),
        ("name", {"name": "第3网格"}),
        ("name", {"name": "x" * 61}),
        ("households", {"households": "-1"}),
        ("households", {"households": "9" * 30}),
    ],
)
def test_new_area_keeps_what_was_typed(field: str, typed: dict[str, str], sign_in: SignIn) -> None:
    client = sign_in("xi")
    areas = Area.objects.count()
    sent = {"code": f"{COMMUNITY}005", "name": "第5网格", "households": "9", "reason": "新设"}

    response = post_raw(client, f"/areas/{COMMUNITY}/new/", sent | typed)

    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert form["reason"].value() == "新设"
    assert Area.objects.count() == areas


def test_edit_area_keeps_the_code(sign_in: SignIn) -> None:
    client = sign_in("xi")

    client.post(
        f"/areas/{SUBDISTRICT}/edit/",
        {"code": "1", "name": "汽车路街道办", "short_name": "资汽", "households": "15200"},
    )

    found = Area.objects.get(code=SUBDISTRICT)
    assert (found.name, found.short_name, found.households) == ("汽车路街道办", "资汽", 15200)


def test_close_area_says_what_is_still_open(case_in: CaseMaker, sign_in: SignIn) -> None:
    case_in(Status.REGISTERED)
    client = sign_in("xi")

    refused = client.post(f"/areas/{GRID}/close/", {"reason": "撤并"})

    assert (refused.status_code, len(refused.context["sentences"])) == (422, 2)
    assert Area.objects.get(code=GRID).is_active


def test_close_area_that_is_empty(sign_in: SignIn) -> None:
    client = sign_in("xi")

    client.post(f"/areas/{LAST_GRID}/close/", {"reason": "撤并"})

    assert not Area.objects.get(code=LAST_GRID).is_active
    assert [entry.text for entry in client.get(f"/areas/{LAST_GRID}/").context["history"]] == [
        "撤并"
    ]
