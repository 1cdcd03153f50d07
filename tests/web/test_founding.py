"""From an empty installation to three administrators by one page, once."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from mediation.accounts import founding
from mediation.accounts.models import AccessChange, Duty, Person, Role
from mediation.areas.models import Area
from mediation.jobs.management.commands import serve

pytestmark = pytest.mark.django_db

PAGE = "/setup/"


@pytest.fixture(autouse=True)
def _fresh_counters() -> None:
    cache.clear()


def answers(**other: str) -> dict[str, str]:
    return {
        "code": founding.setup_code().upper(),
        "area_code": "430902006",
        "province": "湖南省",
        "city": "益阳市",
        "district": "资阳区",
        "subdistrict": "汽车路街道",
        "system_admin_name": "管测平",
        "system_admin_username": "guan",
        "security_admin_name": "安测全",
        "security_admin_username": "an",
        "auditor_name": "申测计",
        "auditor_username": "shen",
    } | other


def test_empty_installation_leads_from_the_sign_in_page_to_its_first_people(client: Client) -> None:
    assert f'href="{PAGE}"' in client.get("/accounts/login/").text
    assert client.get(PAGE).status_code == 200

    done = client.post(PAGE, answers())

    opened = {person.username: raw for person, raw in done.context["opened"]}
    assert all(raw in done.text for raw in opened.values())
    assert "no-cache" in done.headers["Cache-Control"]
    assert list(Area.objects.values_list("code", "name", "parent__code")) == [
        ("43", "湖南省", None),
        ("4309", "益阳市", "43"),
        ("430902", "资阳区", "4309"),
        ("430902006", "汽车路街道", "430902"),
    ]
    duties = Duty.objects.order_by("pk").values_list("person__username", "role", "area__code")
    assert list(duties) == [
        ("guan", Role.SYSTEM_ADMIN, "430902006"),
        ("an", Role.SECURITY_ADMIN, "430902006"),
        ("shen", Role.AUDITOR, "430902006"),
    ]
    assert Person.objects.filter(password_is_first=True).count() == 3
    assert AccessChange.objects.count() == 4 + 3 + 3

    browser = Client()
    signed = browser.post("/accounts/login/", {"login": "an", "password": opened["an"]})
    assert signed.status_code == 302
    assert browser.get("/people/").headers["Location"] == "/accounts/password/change/"


def test_set_up_happens_once(client: Client) -> None:
    client.post(PAGE, answers())

    assert client.get(PAGE).status_code == 404
    again = {f"{role}_username": f"x{n}y" for n, role in enumerate(("system_admin", "auditor"))}
    assert client.post(PAGE, answers(**again)).status_code == 404
    assert f'href="{PAGE}"' not in client.get("/accounts/login/").text
    assert Person.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("code", {"code": ""}),
        ("code", {"code": "aaaa-bbbb-cccc-dddd"}),
        ("area_code", {"area_code": "43090"}),
        ("area_code", {"area_code": "430900006"}),
        ("area_code", {"area_code": "430902000"}),
        ("area_code", {"area_code": "430902"}),
        ("subdistrict", {"subdistrict": ""}),
        ("province", {"province": ""}),
        ("security_admin_username", {"security_admin_username": "guan"}),
        ("auditor_username", {"auditor_username": "Shen!"}),
        ("auditor_name", {"auditor_name": ""}),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_made(
    client: Client, field: str, other: dict[str, str]
) -> None:
    refused = client.post(PAGE, answers(**other))

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
    assert not Person.objects.exists()
    assert not Area.objects.exists()


def test_whole_district_needs_no_subdistrict_and_keeps_areas_that_are_there(client: Client) -> None:
    Area.objects.create(code="43", level=1, name="湖南")

    client.post(PAGE, answers(area_code="４３０９０２", subdistrict=""))

    assert Duty.objects.filter(area__code="430902").count() == 3
    assert Area.objects.get(code="43").name == "湖南"


def test_account_of_the_shell_is_no_obstacle_but_keeps_its_name(client: Client) -> None:
    Person.objects.create_superuser("guan", password="x", name="某某")

    refused = client.post(PAGE, answers())
    made = client.post(PAGE, answers(system_admin_username="guanli"))

    assert list(refused.context["form"].errors) == ["system_admin_username"]
    assert made.status_code == 200


def test_guessing_the_code_is_slowed(client: Client) -> None:
    tries = [client.post(PAGE, answers(code="a")).status_code for _try in range(31)]

    assert (tries[0], tries[-1]) == (422, 429)


def test_server_says_the_code_until_somebody_serves(cast: Any) -> None:
    assert serve._welcome() == []
    Duty.objects.all().delete()

    assert founding.setup_code() in "".join(serve._welcome())


def test_nobody_reads_the_code_on_the_page(client: Client) -> None:
    assert founding.setup_code() not in client.get(PAGE).text + client.get("/accounts/login/").text
