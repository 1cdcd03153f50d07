"""Pages of administration: a hand-typed matrix, refusals that keep what was typed, and their cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from mediation.accounts.models import AccessChange, Duty, Person, Role
from mediation.areas.models import Area
from mediation.core import clock
from mediation.disputes.enums import Status
from tests.factories import CaseMaker, Cast, DutyFactory
from tests.factories.people import (
    COMMUNITY,
    GRID,
    LAST_GRID,
    SIBLING_GRID,
    SUBDISTRICT,
    AreaFactory,
)  # fmt: skip

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


def sign_in(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.person(name))


def post_raw(client: Client, path: str, typed: dict[str, str]) -> Any:
    """Post what no browser would send: broken characters as they are."""
    body = urlencode({key: text.encode("utf-8", "surrogatepass") for key, text in typed.items()})
    return client.post(path, body, content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_for_whom_the_matrix_names(page: str, cast: Cast, client: Client) -> None:
    found = {}
    for name in ACTORS:
        sign_in(client, cast, name)
        found[name] = client.get(address(page, cast)).status_code

    assert found == {name: 200 if name in PAGES[page] else 403 for name in ACTORS}


@pytest.mark.parametrize("page", PAGES)
def test_post_by_anybody_else_writes_nothing(
    page: str, cast: Cast, client: Client, snapshot_rows: Rows
) -> None:
    for name in [one for one in ACTORS if one not in PAGES[page]]:
        sign_in(client, cast, name)
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
    page: str, cast: Cast, client: Client
) -> None:
    roles = {"mo": Role.SYSTEM_ADMIN, "dai": Role.SECURITY_ADMIN}
    elsewhere = page.replace("430902006901003", SIBLING_GRID).replace(
        "430902006901", "430902007901"
    )
    elsewhere = elsewhere.replace("430902006", "430902007")
    for name, role in roles.items():
        cast.serve(name, role, SUBDISTRICT)
        sign_in(client, cast, name)

        assert client.get(address(elsewhere, cast)).status_code == 404


def test_wrong_part_is_told_in_a_sentence(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "xi")

    page = client.get(f"/people/{cast.id('wang')}/duty/").content.decode()

    assert "安全管理员" in page or "security administrator" in page


@pytest.mark.parametrize("path", ["/people/{}/", "/people/duties/{}/end/"])
def test_a_number_beyond_every_key_finds_nothing(path: str, cast: Cast, client: Client) -> None:
    sign_in(client, cast, "an")

    assert client.get(path.format(10**30)).status_code == 404


@pytest.mark.parametrize("code", ["99", "4309020069010031", "x-y", "430902009"])
def test_an_area_that_is_not_there_is_not_found(code: str, cast: Cast, client: Client) -> None:
    sign_in(client, cast, "xi")

    assert client.get(f"/areas/{code}/").status_code == 404


# Duties -------------------------------------------------------------------------------------------


def duty_form(**changes: str) -> dict[str, str]:
    return {
        "role": "mediator",
        "area": COMMUNITY,
        "since": "2026-01-01",
        "reason": "轮岗",
    } | changes


def test_give_duty_by_name_of_area_and_deputy(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "an")
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
    field: str, typed: dict[str, str], cast: Cast, client: Client
) -> None:
    sign_in(client, cast, "an")
    whom = "shen" if field in {"role", "deputy"} else "mo"
    duties = Duty.objects.count()

    response = post_raw(client, f"/people/{cast.id(whom)}/duty/", typed)

    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert form["reason"].value() == "轮岗"
    assert (Duty.objects.count(), AccessChange.objects.count()) == (duties, 0)


def test_an_ambiguous_area_name_asks_for_the_code(cast: Cast, client: Client) -> None:
    AreaFactory(code="430902006909003", name="第3网格")
    sign_in(client, cast, "an")

    response = client.post(
        f"/people/{cast.id('mo')}/duty/", duty_form(role="grid_worker", area="第3网格")
    )

    assert GRID in str(response.context["form"].errors["area"])


def test_end_duty_shows_what_stays_behind_and_acts_at_once(
    cast: Cast, case_in: CaseMaker, client: Client
) -> None:
    case_in(Status.MEDIATING)
    duty = Duty.objects.get(person=cast.person("li"))
    his = Client()
    his.force_login(cast.person("li"))
    sign_in(client, cast, "an")

    shown = client.get(f"/people/duties/{duty.pk}/end/").context["left"]
    done = client.post(f"/people/duties/{duty.pk}/end/", {"when": "now", "reason": "调离"})

    assert [(left.named, left.shared, list(left.namers)) for left in shown] == [
        (1, 0, ["包测密", "钟测中"])
    ]
    assert done.status_code == 302
    assert his.get("/work/").status_code == 403


def test_ending_the_only_grid_worker_says_that_nobody_goes_on(
    cast: Cast, case_in: CaseMaker, client: Client
) -> None:
    closed = case_in(Status.CLOSED)
    duty = Duty.objects.get(person=cast.person("wang"))
    sign_in(client, cast, "an")

    page = f"/people/duties/{duty.pk}/end/"
    left = client.get(page).context["left"][0]
    named = closed.work.assignee
    client.post(page, {"when": "now", "reason": "离职"})

    closed.work.refresh_from_db()
    assert (left.named, left.shared, left.others, left.is_orphaned) == (0, 1, [], True)
    assert (named, closed.work.assignee) == (cast.person("wang"), None)


def test_end_duty_on_a_day_needs_the_day(cast: Cast, client: Client) -> None:
    duty = Duty.objects.get(person=cast.person("wang"))
    sign_in(client, cast, "an")

    response = client.post(f"/people/duties/{duty.pk}/end/", {"when": "later", "reason": "到期"})

    assert list(response.context["form"].errors) == ["until"]
    duty.refresh_from_db()
    assert duty.until is None


def test_deputy_is_appointed_and_taken_away(cast: Cast, client: Client) -> None:
    duty = Duty.objects.get(person=cast.person("li"))
    page = f"/people/duties/{duty.pk}/deputy/"
    sign_in(client, cast, "an")

    client.post(page, {"deputy": "sun"})
    duty.refresh_from_db()
    appointed = duty.deputy
    client.post(page, {"deputy": ""})

    duty.refresh_from_db()
    assert (appointed, duty.deputy) == (cast.person("sun"), None)
    assert AccessChange.objects.filter(what="deputy_changed").count() == 2


def test_clearance_is_withdrawn_with_a_reason_only(cast: Cast, client: Client) -> None:
    duty = Duty.objects.get(person=cast.person("bao"))
    page = f"/people/duties/{duty.pk}/clearance/"
    sign_in(client, cast, "an")

    refused = client.post(page, {"reason": ""}).status_code
    client.post(page, {"reason": "轮岗"})

    duty.refresh_from_db()
    assert (refused, duty.cleared) == (422, False)


# Accounts -----------------------------------------------------------------------------------------

ACCOUNT = {"username": "xinren", "name": "辛测人", "post": "网格员", "phone": "0737-4210001"}


def test_first_password_is_shown_once_and_must_be_changed(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "xi")

    shown = client.post("/people/new/", ACCOUNT)

    raw = shown.context["password"]
    assert raw in shown.content.decode()
    assert raw not in client.get(f"/people/{shown.context['person'].pk}/").content.decode()
    his = Client()
    assert his.login(username="xinren", password=raw)
    change = reverse("account_change_password")
    assert his.get("/").headers["Location"] == change
    assert his.get("/profile/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == change
    his.post(
        change,
        {"oldpassword": raw, "password1": "小桥下面流水-2026", "password2": "小桥下面流水-2026"},
    )
    assert his.get("/profile/").status_code == 200
    assert not Person.objects.get(username="xinren").password_is_first


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "wang"),
        ("username", "Wang Wu"),
        ("username", "王五"),
        ("username", "w"),
        ("username", "a\x00b"),
        ("name", ""),
        ("name", "王\x00五"),
        ("name", "王\udc80"),
        ("phone", "12"),
    ],
)
def test_new_account_keeps_what_was_typed(
    field: str, value: str, cast: Cast, client: Client
) -> None:
    sign_in(client, cast, "xi")
    people = Person.objects.count()

    response = post_raw(client, "/people/new/", ACCOUNT | {field: value})

    if value == "王\udc80":  # the door of the framework has already replaced it by U+FFFD
        assert response.status_code == 200
        return
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert response.context["form"]["post"].value() == "网格员"
    assert Person.objects.count() == people


def test_closed_account_is_shut_out_at_once(cast: Cast, client: Client) -> None:
    his = Client()
    his.force_login(cast.person("wang"))
    sign_in(client, cast, "xi")

    client.post(f"/people/{cast.id('wang')}/close/", {"reason": "离职"})

    assert his.get("/work/").headers["Location"].startswith(reverse("account_login"))
    page = client.get(f"/people/{cast.id('wang')}/")
    assert [entry.text for entry in page.context["history"]] == ["离职"]


def test_edit_account_is_recorded_as_old_and_new(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "xi")

    client.post(f"/people/{cast.id('wang')}/edit/", {"name": "谌测网", "post": "网格长"})

    entry = client.get(f"/people/{cast.id('wang')}/").context["history"][0]
    assert [value for _label, value in entry.details] == ["– → 网格长"]


# Lists --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "谌测"}, ["wang"]),
        ({"q": "b_w"}, ["b_wang"]),
        ({"q": "不存在"}, []),
        ({"role": "grid_worker", "area": COMMUNITY}, ["chen", "he", "wang"]),
        ({"role": "auditor"}, ["shen"]),
        ({"state": "closed"}, ["gao"]),
        ({"state": "idle"}, ["dai", "mo"]),
    ],
)
def test_people_are_found(
    query: dict[str, str], names: list[str], cast: Cast, client: Client
) -> None:
    sign_in(client, cast, "an")

    rows = client.get("/people/", query).context["rows"]

    assert [row.username for row in rows] == names


@pytest.mark.parametrize("value", ["\x00", "'", "%", "\\", "9" * 40, "x" * 5000, "%ED%A0%80"])
@pytest.mark.parametrize("name", ["q", "role", "area", "state", "after"])
def test_people_bears_any_address(name: str, value: str, cast: Cast, client: Client) -> None:
    sign_in(client, cast, "an")

    assert client.get("/people/", {name: value}).status_code == 200


def test_people_pages_follow_without_gap_or_repeat(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mediation.web.views.people.PAGE_SIZE", 5)
    sign_in(client, cast, "an")
    seen, address = [], "/people/"

    while address:
        page = client.get(address).context
        seen += [row.username for row in page["rows"]]
        address = f"/people/{page['next']}" if page["next"] else ""

    assert seen == sorted(cast.people)


@pytest.mark.parametrize("extra", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"),
    [("/people/", 6), (f"/areas/{COMMUNITY}/", 10), (f"/areas/{SUBDISTRICT}/unstaffed/", 7)],
)
def test_lists_cost_the_same_for_any_number_of_rows(
    page: str,
    queries: int,
    extra: int,
    cast: Cast,
    client: Client,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for number in range(extra):
        area = AreaFactory(code=f"{COMMUNITY}{50 + number:03}", name=f"第{50 + number}网格")
        DutyFactory(area=area)
        AreaFactory(code=f"{COMMUNITY}{70 + number:03}", name=f"第{70 + number}网格")
    sign_in(client, cast, "shen")

    with django_assert_num_queries(queries):
        client.get(page)


@pytest.mark.parametrize("duties", [1, 3])
def test_person_costs_the_same_for_any_number_of_duties(
    duties: int, cast: Cast, client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(duties):
        area = AreaFactory(code=f"{COMMUNITY}{50 + number:03}", name=f"第{50 + number}网格")
        DutyFactory(person=cast.person("mo"), area=area)
    sign_in(client, cast, "an")

    with django_assert_num_queries(9):
        client.get(f"/people/{cast.id('mo')}/")


# Areas --------------------------------------------------------------------------------------------


def test_grids_without_a_worker_come_first(cast: Cast, client: Client) -> None:
    Duty.objects.filter(area__code="430902006901004", role=Role.GRID_WORKER).update(
        until=clock.today() - timedelta(days=1)
    )
    sign_in(client, cast, "ling")

    page = client.get(f"/areas/{COMMUNITY}/").context

    assert [(row.code, row.lacks_worker) for row in page["rows"]] == [
        ("430902006901004", True),
        (GRID, False),
    ]
    assert page["figures"].unstaffed == 1


def test_new_area_proposes_the_next_code_and_creates_it(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "xi")
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
def test_new_area_keeps_what_was_typed(
    field: str, typed: dict[str, str], cast: Cast, client: Client
) -> None:
    sign_in(client, cast, "xi")
    areas = Area.objects.count()
    sent = {"code": f"{COMMUNITY}005", "name": "第5网格", "households": "9", "reason": "新设"}

    response = post_raw(client, f"/areas/{COMMUNITY}/new/", sent | typed)

    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert form["reason"].value() == "新设"
    assert Area.objects.count() == areas


def test_edit_area_keeps_the_code(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "xi")

    client.post(
        f"/areas/{SUBDISTRICT}/edit/",
        {"code": "1", "name": "汽车路街道办", "short_name": "资汽", "households": "15200"},
    )

    found = Area.objects.get(code=SUBDISTRICT)
    assert (found.name, found.short_name, found.households) == ("汽车路街道办", "资汽", 15200)


def test_close_area_says_what_is_still_open(cast: Cast, case_in: CaseMaker, client: Client) -> None:
    case_in(Status.REGISTERED)
    sign_in(client, cast, "xi")

    refused = client.post(f"/areas/{GRID}/close/", {"reason": "撤并"})

    assert (refused.status_code, len(refused.context["sentences"])) == (422, 2)
    assert Area.objects.get(code=GRID).is_active


def test_close_area_that_is_empty(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "xi")

    client.post(f"/areas/{LAST_GRID}/close/", {"reason": "撤并"})

    assert not Area.objects.get(code=LAST_GRID).is_active
    assert [entry.text for entry in client.get(f"/areas/{LAST_GRID}/").context["history"]] == [
        "撤并"
    ]
