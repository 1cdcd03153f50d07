"""Pages of administration: a hand-typed matrix, refusals that keep what was typed, and their cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mediation.accounts.models import Duty, Role
from tests.factories import Cast, DutyFactory
from tests.factories.people import (
    COMMUNITY,
    GRID,
    SIBLING_GRID,
    SUBDISTRICT,
    AreaFactory,
)  # fmt: skip
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db

Rows = Callable[[], dict[str, list[Any]]]

ACTORS = ("xi", "an", "shen", "ling", "zhong", "si", "wang", "li", "fu", "mo")
READERS = {"xi", "an", "shen", "ling", "zhong", "si"}
ADMINS = {"xi", "an", "shen"}

# Page → who gets it; everybody else of the cast is told 403, a visitor is sent to sign in.
PAGES: dict[str, set[str]] = {
    "/areas/": READERS,
    f"/areas/{SUBDISTRICT}/": READERS,
    f"/areas/{GRID}/": READERS,
    f"/areas/{SUBDISTRICT}/unstaffed/": READERS,
    f"/areas/{COMMUNITY}/new/": {"xi"},
    f"/areas/{COMMUNITY}/edit/": {"xi"},
    f"/areas/{GRID}/close/": {"xi"},
    f"/areas/{GRID}/reopen/": {"xi"},
    "/people/": ADMINS,
    "/people/{b_wang}/": ADMINS,
    "/people/new/": {"xi"},
    "/people/{b_wang}/edit/": {"xi"},
    "/people/{b_wang}/password/": {"xi"},
    "/people/{b_wang}/close/": {"xi"},
    "/people/{b_wang}/reopen/": {"xi"},
    "/people/{b_wang}/duty/": {"an"},
    "/people/{b_wang}/sessions/": {"an"},
    "/people/duties/{duty}/end/": {"an"},
    "/people/duties/{duty}/deputy/": {"an"},
    "/people/duties/{duty}/clearance/": {"an"},
}
READ_ONLY = {p for p, who in PAGES.items() if who in (READERS, ADMINS)}


def address(page: str, cast: Cast) -> str:
    duty = Duty.objects.get(person=cast.person("b_wang"))
    return page.format(b_wang=cast.id("b_wang"), duty=duty.pk)


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_for_whom_the_matrix_names(page: str, cast: Cast, sign_in: SignIn) -> None:
    found = {}
    for name in ACTORS:
        client = sign_in(name)
        found[name] = client.get(address(page, cast)).status_code

    assert found == {name: 200 if name in PAGES[page] else 403 for name in ACTORS}


@pytest.mark.parametrize("page", PAGES)
def test_post_by_anybody_else_writes_nothing(
    page: str, cast: Cast, sign_in: SignIn, snapshot_rows: Rows
) -> None:
    for name in [one for one in ACTORS if one not in PAGES[page]]:
        client = sign_in(name)
        before = snapshot_rows()

        code = client.post(address(page, cast), {"reason": "试一试"}).status_code

        assert code == (405 if page in READ_ONLY else 403)
        assert snapshot_rows() == before


@pytest.mark.parametrize("page", PAGES)
def test_visitor_is_sent_to_sign_in(page: str, cast: Cast, client: Client) -> None:
    response = client.get(address(page, cast))

    assert response.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("page", sorted(set(PAGES) - {"/areas/", "/people/", "/people/new/"}))
def test_what_lies_in_another_subdistrict_does_not_exist(
    page: str, cast: Cast, sign_in: SignIn
) -> None:
    roles = {"mo": Role.SYSTEM_ADMIN, "dai": Role.SECURITY_ADMIN}
    elsewhere = page.replace("430902006901003", SIBLING_GRID).replace(
        "430902006901", "430902007901"
    )
    elsewhere = elsewhere.replace("430902006", "430902007")
    for name, role in roles.items():
        cast.serve(name, role, SUBDISTRICT)
        client = sign_in(name)

        assert client.get(address(elsewhere, cast)).status_code == 404


def test_wrong_part_is_told_in_a_sentence(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("xi")

    page = client.get(f"/people/{cast.id('wang')}/duty/").content.decode()

    assert "安全管理员" in page or "security administrator" in page


@pytest.mark.parametrize("path", ["/people/{}/", "/people/duties/{}/end/"])
def test_a_number_beyond_every_key_finds_nothing(path: str, sign_in: SignIn) -> None:
    client = sign_in("an")

    assert client.get(path.format(10**30)).status_code == 404


@pytest.mark.parametrize("code", ["99", "4309020069010031", "x-y", "430902009"])
def test_an_area_that_is_not_there_is_not_found(code: str, sign_in: SignIn) -> None:
    client = sign_in("xi")

    assert client.get(f"/areas/{code}/").status_code == 404


@pytest.mark.parametrize("extra", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"),
    [("/people/", 6), (f"/areas/{COMMUNITY}/", 11), (f"/areas/{SUBDISTRICT}/unstaffed/", 7)],
)
def test_lists_cost_the_same_for_any_number_of_rows(
    page: str,
    queries: int,
    extra: int,
    sign_in: SignIn,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for number in range(extra):
        area = AreaFactory(code=f"{COMMUNITY}{50 + number:03}", name=f"第{50 + number}网格")
        DutyFactory(area=area)
        AreaFactory(code=f"{COMMUNITY}{70 + number:03}", name=f"第{70 + number}网格")
    client = sign_in("shen")

    with django_assert_num_queries(queries):
        client.get(page)


@pytest.mark.parametrize("duties", [1, 3])
def test_person_costs_the_same_for_any_number_of_duties(
    duties: int, cast: Cast, sign_in: SignIn, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(duties):
        area = AreaFactory(code=f"{COMMUNITY}{50 + number:03}", name=f"第{50 + number}网格")
        DutyFactory(person=cast.person("mo"), area=area)
    client = sign_in("an")

    # session, person and his duties, the frame · the person seen, duties, keys of programs, work, history
    with django_assert_num_queries(10):
        client.get(f"/people/{cast.id('mo')}/")
