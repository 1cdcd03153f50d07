"""Every address, method and case, tried by every kind of person; the answers are in docs/security/access.txt.

``LONG=1`` tries every case with everybody; else each person tries one that he sees and one that he does not.
"""

import json
import os
from dataclasses import dataclass

import pytest
from django.test import Client

from mediation.accounts import services
from mediation.accounts.models import Duty, Role
from mediation.disputes.enums import Nature, Sensitivity
from mediation.disputes.models import Dispute
from mediation.realtime.routing import routes as sockets
from tests.architecture.test_doors import ROUTES, filled_with
from tests.factories import at, register
from tests.factories.cases import application
from tests.factories.people import SIBLING_GRID
from tests.security import table

LONG = bool(os.environ.get("LONG"))
TABLE = table.read()
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
HOW = (
    "Add one line to [addresses] of docs/security/access.txt: address | methods | who "
    "(the words for who stand at its head)."
)

# Kind of person → who plays him.
PEOPLE = {
    "grid worker of the grid": "wang",
    "grid worker of another grid": "chen",
    "mediator of the case": "li",
    "another mediator of the area": "sun",
    "centre staff": "zhong",
    "centre staff with clearance": "bao",
    "justice staff": "lu",
    "justice staff with clearance": "si",
    "leader": "ping",
    "leader with clearance": "ling",
    "reconsideration clerk": "fu",
    "system administrator": "xi",
    "security administrator": "an",
    "auditor": "shen",
    "account without a duty": "mo",
    "centre staff of the neighbours": "b_zhong",
    "mediator of the neighbours": "b_li",
    "leader of the neighbours": "b_ling",
}
KINDS = ("ordinary", "administrative", "minor", "violence", "sealed", "there")
SECRET = "甘泉井边的石狮"
"""Stands in the facts and title of every case; nowhere else in the world."""


def test_every_address_is_in_the_table_and_nothing_else():
    known = {route for route, _ in ROUTES}

    assert sorted(known - TABLE.addresses.keys()) == [], HOW
    assert sorted(TABLE.addresses.keys() - known) == [], (
        "These addresses are gone; take out the lines."
    )


def test_table_uses_words_and_roles_that_exist():
    assert {who for _, who in TABLE.addresses.values()} <= table.WORDS | TABLE.groups.keys()
    assert set().union(*TABLE.groups.values()) == set(Role.values)
    assert TABLE.cases.keys() == PEOPLE.keys()
    assert {str(route.pattern) for route in sockets} - {""} == TABLE.sockets.keys(), HOW


# The cases -----------------------------------------------------------------------------------------


@dataclass
class World:
    cases: dict[str, Dispute]
    browsers: dict[str, Client]


@pytest.fixture
def world(cast) -> World:
    """One case of every kind, all mediated by 李测和 where he may, and everybody at a browser."""
    cases = {kind: _case(cast, kind) for kind in KINDS}
    browsers = {}
    for kind, name in PEOPLE.items():
        browsers[kind] = Client(raise_request_exception=False)
        browsers[kind].force_login(cast.person(name))
    return World(cases, browsers)


def _case(cast, kind: str) -> Dispute:
    data = application(title=f"{SECRET}{kind}", facts=f"{SECRET}被人移走，{kind}，双方争执不下。")
    if kind == "there":
        return register(cast.b_wang, **(data | {"grid": SIBLING_GRID}))
    case = register(cast.wang, **data)
    fields = {"mediator_id": cast.id("li")}
    if kind == "administrative":
        fields["nature"] = Nature.ADMINISTRATIVE
    if kind in Sensitivity.values:
        fields["sensitivity"] = kind
    Dispute.objects.filter(pk=case.pk).update(**fields)
    return Dispute.objects.get(pk=case.pk)


def seen_by(kind: str) -> set[str]:
    return {case for case in KINDS if TABLE.cases[kind][case]}


def tried_by(kind: str) -> list[str]:
    """All cases when there is time, else one that he sees and one that he does not."""
    unseen = [case for case in KINDS if case not in seen_by(kind)]
    return list(KINDS) if LONG else [*sorted(seen_by(kind))[:1], *unseen[-1:]]


CASE_ADDRESSES = sorted(
    route for route, (_, who) in TABLE.addresses.items() if who in {"sees the case", "acts"}
)


# Well-formed: input is read before the case is looked for, whether there is one or not.
BODY = {"version": 1, "remark": "请尽快办理。"}
LOOK = {"field": "phone", "reason": "核对身份后制作协议书"}


def ask(client: Client, method: str, address: str):
    given = LOOK if address.endswith("reveal") else BODY
    body = {"data": json.dumps(given), "content_type": "application/json"}
    more = body if "/api/" in address and method != "GET" else {}
    return getattr(client, method.lower())(address, **more)


def test_case_is_open_to_whom_the_table_names_and_does_not_exist_for_others(world):
    """Every address of a case; a refusal inside is no 404, an answer outside is nothing else."""
    wrong = {}
    for kind, name in [(who, case) for who in PEOPLE for case in tried_by(who)]:
        case = world.cases[name]
        for route in CASE_ADDRESSES:
            values = {
                "code": case.code,
                "number": case.number,
                "action": "comment",
                "name": "comment",
            }
            address = "/" + _filled(route, values)
            for method in sorted(TABLE.addresses[route][0]):
                status = ask(world.browsers[kind], method, address).status_code
                exists = status != 404
                if exists != (name in seen_by(kind)) or status >= 500:
                    wrong[kind, name, method, route] = status
    assert wrong == {}


def _filled(route: str, values: dict[str, str]) -> str:
    for name in ("number", "name", "ordinal", "seq"):
        route = route.replace(
            f"<{name}>", str({"ordinal": 1, "seq": 1}.get(name, values.get(name)))
        )
    return filled_with(route, values)


def test_no_list_count_or_page_tells_of_a_case_that_is_not_seen(world):
    """Whatever opens without naming a case: bodies and headers, searched and ordered by what is hidden."""
    told = {}
    for kind in PEOPLE if LONG else EIGHT:
        hidden = [case for name, case in world.cases.items() if name not in seen_by(kind)]
        words = [word for case in hidden for word in (case.number, case.code, case.title)]
        for address in LISTS:
            response = world.browsers[kind].get(f"{address}?q={SECRET}&sort=-severity")
            body = _text(response) + str(response.headers)
            if response.status_code >= 500 or any(word in body for word in words):
                told[kind, address] = response.status_code
    assert told == {}


# Between them they see every mixture of cases that the table knows.
EIGHT = (
    "grid worker of another grid", "another mediator of the area", "centre staff", "leader",
    "reconsideration clerk", "auditor", "account without a duty", "leader of the neighbours",
)  # fmt: skip
LISTS = [
    address
    for route, address in ROUTES
    if "GET" in TABLE.addresses.get(route, ((), ""))[0]
    and "<" not in route
    and TABLE.addresses[route][1] not in {"public", "own", "resident"}
]


def _text(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace")


def test_list_of_the_interface_is_that_of_the_table(world):
    for kind in PEOPLE:
        answer = world.browsers[kind].get("/api/v1/disputes").json()

        found = {item["number"] for item in answer.get("items", [])}
        assert found == {world.cases[name].number for name in seen_by(kind)}, kind


def test_foreign_case_and_invented_number_are_answered_in_the_same_words(world):
    browser = world.browsers["centre staff"]
    real, none = world.cases["there"].code, "ABCD-EFGH"

    pages = [browser.get(f"/disputes/{code}/") for code in (real, none)]
    answers = [browser.get(f"/api/v1/disputes/{code}") for code in (real, none)]
    cached = browser.get(f"/disputes/{real}/", headers={"If-None-Match": "*"})

    assert {page.status_code for page in [*pages, *answers, cached]} == {404}
    assert _same(pages[0], real) == _same(pages[1], none)
    assert _same(answers[0], real) == _same(answers[1], none)


def _same(response, code: str) -> tuple[str, list[str]]:
    """Body and names of headers, without the asked code and the tokens of forms."""
    lines = [
        line
        for line in _text(response).replace(code, "").splitlines()
        if "csrf" not in line.lower() and "request" not in line
    ]
    return "\n".join(lines), sorted(response.headers)


# The addresses -------------------------------------------------------------------------------------


ONE_OF_EACH_ROLE = [
    kind for kind in PEOPLE if LONG or ("clearance" not in kind and "neighbours" not in kind)
]


def test_address_opens_for_its_group_and_for_nobody_else(world, cast):
    wrong = {}
    for kind in ONE_OF_EACH_ROLE:
        roles = set(cast.actor(PEOPLE[kind]).roles)
        for route, address in ROUTES:
            methods, who = TABLE.addresses[route]
            if who not in TABLE.groups or "<" in route:
                continue  # with an object in it: see below, and the room's own tests
            for method in sorted(methods):
                status = ask(world.browsers[kind], method, address).status_code
                refused = status in {403, 404}
                if refused == bool(roles & TABLE.groups[who]) or status >= 500:
                    wrong[kind, method, route] = status
    assert wrong == {}


def test_objects_of_administration_open_for_their_group_alone(world, cast):
    """Addresses with a person, duty or area in them, tried on those of the neighbours."""
    values = {"person": cast.id("b_wang"), "duty": cast.person("b_wang").duties.get().pk}
    wrong = {}
    for route, _ in ROUTES:
        methods, who = TABLE.addresses[route]
        if who not in TABLE.groups or not any(
            f":{n}>" in route for n in ("person", "duty", "area")
        ):
            continue
        for kind in (
            ONE_OF_EACH_ROLE if LONG else ("centre staff", "auditor", "security administrator")
        ):
            roles = set(cast.actor(PEOPLE[kind]).roles)
            for method in sorted(methods):
                address = "/" + filled_with(route, {"area": "430902006901003"} | values)
                status = ask(world.browsers[kind], method, address).status_code
                meant = bool(roles & TABLE.groups[who])
                if not meant and status < 400:
                    wrong[kind, method, route] = status
    assert wrong == {}


def test_method_that_is_not_in_the_table_is_refused(world):
    """Whoever asks: 405, or less than that; never an answer, never an error of ours."""
    wrong = {}
    for route, address in ROUTES:
        methods, _who = TABLE.addresses[route]
        for method in METHODS:
            if method in methods:
                continue
            status = ask(world.browsers["centre staff"], method, address).status_code
            if not 300 <= status < 500:
                wrong[method, route] = status
    assert wrong == {}


def test_closed_account_opens_nothing(world, cast):
    client = Client()
    client.force_login(cast.person("gao"))

    opened = {}
    for route, address in ROUTES:
        methods, who = TABLE.addresses[route]
        if who in {"public", "closed"} or "GET" not in methods:
            continue
        status = client.get(address).status_code
        if status == 200:
            opened[route] = status
    assert opened == {}


# Changes of rights ---------------------------------------------------------------------------------


def test_right_that_was_taken_away_is_gone_with_the_next_request(world, cast):
    browser, code = world.browsers["centre staff"], world.cases["ordinary"].code
    before = browser.get(f"/disputes/{code}/").status_code

    services.withdraw_duty(
        duty_id=Duty.objects.get(person=cast.person("zhong")).pk,
        today=at("2030-01-01 00:00").date(),
    )
    Duty.objects.filter(person=cast.person("zhong")).update(until="2020-12-31")

    assert (before, browser.get(f"/disputes/{code}/").status_code) == (200, 404)


def test_mass_assignment_of_what_is_not_asked_changes_nothing(world, cast):
    """Area, status, version and mediator are no fields of any step."""
    case = world.cases["ordinary"]
    body = {
        "version": case.version, "remark": "请尽快办理。", "status": "closed", "area_code": "43",
        "grid": SIBLING_GRID, "mediator": cast.id("sun"), "sensitivity": "normal", "chain": "0",
    }  # fmt: skip

    world.browsers["centre staff"].post(
        f"/api/v1/disputes/{case.code}/actions/comment", json.dumps(body), "application/json"
    )

    after = Dispute.objects.get(pk=case.pk)
    for name in ("status", "area_code", "grid_id", "mediator_id", "sensitivity"):
        assert getattr(after, name) == getattr(case, name)
