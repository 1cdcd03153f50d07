"""Lists and cases: what is seen, by whom, in how many queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mediation.disputes.enums import Status as S
from mediation.notifications.models import Notice
from tests.factories import at, register
from tests.factories.cases import CHILD, DEADLY, DOWNSTAIRS, UPSTAIRS
from tests.factories.people import COMMUNITY, LAST_GRID, OTHER_COMMUNITY, SECOND_GRID


def numbers(response):
    return [row["number"] for row in response.json()["items"]]


def walk(person, path, **query):
    """All pages behind one another."""
    found, cursor = [], None
    while True:
        page = person.get(path, **query, **({"cursor": cursor} if cursor else {})).json()
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


def test_list_is_newest_first_and_walked_by_cursor(caller, cast):
    cases = [register(cast.wang, at(f"2026-03-02 0{hour}:00")) for hour in range(1, 6)]

    found = walk(caller("wang"), "disputes", limit=2)

    assert [row["number"] for row in found] == [case.number for case in reversed(cases)]


def test_case_that_comes_in_meanwhile_disturbs_no_walk(caller, cast):
    cases = [register(cast.wang) for _ in range(4)]
    wang = caller("wang")
    first = wang.get("disputes", limit=2).json()
    register(cast.wang)

    second = wang.get("disputes", limit=2, cursor=first["next"]).json()

    seen = [row["number"] for row in first["items"] + second["items"]]
    assert seen == [case.number for case in reversed(cases)]


def test_list_holds_what_the_caller_may_see(caller, cast):
    here, beside = register(cast.wang), register(cast.chen, grid=SECOND_GRID)

    assert numbers(caller("wang").get("disputes")) == [here.number]
    assert numbers(caller("zhong").get("disputes")) == [beside.number, here.number]
    assert numbers(caller("b_zhong").get("disputes")) == []
    assert numbers(caller("xi").get("disputes")) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["far", "deadly", "assessed", "calm"]),
        ({"status": "assessed"}, ["assessed"]),
        ({"status": ["assessed", "registered"]}, ["far", "deadly", "assessed", "calm"]),
        ({"stage": "INTAKE"}, ["far", "deadly", "calm"]),
        ({"stage": "INTAKE", "status": "assessed"}, []),
        ({"colour": "RED"}, ["deadly"]),
        ({"category": "10"}, ["calm"]),
        ({"area": COMMUNITY}, ["deadly", "assessed", "calm"]),
        ({"area": OTHER_COMMUNITY}, ["far"]),
        ({"mediator": "me"}, []),
        ({"overdue": "true"}, []),
        ({"q": "0002"}, ["assessed"]),
        ({"registered_from": "2026-03-03"}, ["far"]),
        ({"registered_to": "2026-03-02"}, ["deadly", "assessed", "calm"]),
        ({"registered_from": "2026-03-02", "registered_to": "2026-03-02", "colour": "BLUE"},
         ["assessed", "calm"]),
    ],
)  # fmt: skip
def test_filters_narrow_the_list(caller, cast, case_in, time_machine, query, found):
    time_machine.move_to(at("2026-03-03 12:00"), tick=False)
    named = {
        register(cast.wang, category="10").number: "calm",
        case_in(S.ASSESSED).number: "assessed",
        register(cast.wang, answers=DEADLY).number: "deadly",
        register(cast.bao, at("2026-03-03 09:00"), grid=LAST_GRID).number: "far",
    }

    response = caller("bao").get("disputes", **query)

    assert [named[number] for number in numbers(response)] == found


def test_lookup_code_finds_the_case(caller, cast):
    register(cast.wang)
    case = register(cast.wang)

    assert numbers(caller("wang").get("disputes", q=case.code.lower())) == [case.number]


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("disputes", {"limit": 0}, "limit"),
        ("disputes", {"limit": 101}, "limit"),
        ("disputes", {"limit": "many"}, "limit"),
        ("disputes", {"cursor": "nonsense"}, "cursor"),
        ("disputes", {"cursor": "x" * 201}, "cursor"),
        ("disputes", {"color": "RED"}, "color"),
        ("disputes", {"colour": "PINK"}, "colour"),
        ("disputes", {"area": "湖南"}, "area"),
        ("disputes", {"mediator": "you"}, "mediator"),
        ("disputes", {"registered_from": "0001-01-01"}, "registered_from"),
        ("disputes", {"registered_to": "9999-12-31"}, "registered_to"),
        ("disputes", {"registered_to": "2026-02-30"}, "registered_to"),
        ("work", {"cursor": "nonsense"}, "cursor"),
        ("alerts", {"status": "resolved"}, "status"),
        ("alerts", {"colour": "none"}, "colour"),
        ("inbox", {"after": -1}, "after"),
        ("inbox", {"after": 2**63}, "after"),
        ("inbox", {"since": 1}, "since"),
    ],
)
def test_unfit_query_is_refused(caller, path, query, field):
    response = caller("wang").get(path, **query)

    assert (response.status_code, list(response.json()["errors"])) == (422, [field])


def test_cursor_of_another_list_is_refused(caller, cast):
    register(cast.wang, answers=DEADLY)
    register(cast.wang, answers=DEADLY)
    zhong = caller("zhong")
    cursor = zhong.get("alerts", limit=1).json()["next"]

    response = zhong.get("disputes", cursor=cursor)

    assert response.status_code == 422


@pytest.mark.parametrize("path", ["disputes", "work", "inbox", "alerts"])
def test_queries_of_a_list_do_not_grow_with_it(caller, cast, path):
    zhong = caller("zhong")
    register(cast.wang, answers=DEADLY)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert len(zhong.get(path).json()["items"]) == 1
    register(cast.wang, answers=DEADLY)
    register(cast.wang, answers=DEADLY)

    with CaptureQueriesContext(connection) as many:
        assert len(zhong.get(path).json()["items"]) == 3

    assert len(many) == len(few)


def test_list_of_cases_is_one_query_behind_the_door(caller, cast):
    zhong = caller("zhong")
    register(cast.wang)

    with CaptureQueriesContext(connection) as queries:
        zhong.get("disputes")

    # Key and person; his duties; the page.
    assert len(queries) == 3


def test_queries_of_a_case_do_not_grow_with_its_people(caller, cast, case_in):
    bao = caller("bao")
    small = case_in(S.ASSESSED, parties=[UPSTAIRS, DOWNSTAIRS])
    crowd = [{"name": f"彭测{n}", "side": "respondent"} for n in range(12)]
    large = case_in(S.ASSESSED, parties=crowd)

    with CaptureQueriesContext(connection) as few:
        bao.get(f"disputes/{small.code}")
    with CaptureQueriesContext(connection) as many:
        bao.get(f"disputes/{large.code}")

    assert len(many) == len(few) <= 34


# Strangers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", ["", "/events"])
def test_foreign_case_reads_like_a_missing_one(caller, cast, rest):
    case = register(cast.wang)
    stranger = caller("b_zhong")

    foreign = stranger.get(f"disputes/{case.number}{rest}")
    missing = stranger.get(f"disputes/{case.number.replace('00001', '99999')}{rest}")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content
    assert dict(foreign.headers) == dict(missing.headers)


@pytest.mark.parametrize(
    "ref", ["%00", "a%00b", "%ff", "..%2f..%2fetc", "0" * 3000, "%F0%9F%91%AA"]
)
def test_strange_numbers_are_not_found(caller, ref):
    wang = caller("wang")

    response = wang.client.get(f"/api/v1/disputes/{ref}", headers=wang._headers({}))

    assert response.status_code == 404


def test_sensitive_case_is_hidden_from_the_uncleared(caller, cast):
    case = register(cast.wang, parties=[UPSTAIRS, DOWNSTAIRS, CHILD])

    assert caller("zhong").get(f"disputes/{case.code}").status_code == 404
    assert caller("bao").get(f"disputes/{case.code}").status_code == 200


# Masks ----------------------------------------------------------------------------------------------


def test_team_reads_names_and_nobody_reads_identifiers(caller, cast):
    case = register(cast.wang)

    party = caller("zhong").get(f"disputes/{case.code}").json()["parties"][0]

    assert (party["name"], party["id_number"]) == ("彭测安", "439999********0014")
    assert party["revealable"] == ["id_number"]


def test_leader_reads_no_names(caller, cast):
    case = register(cast.wang)

    party = caller("ping").get(f"disputes/{case.code}").json()["parties"][0]

    assert (party["name"], party["id_number"], party["revealable"]) == ("彭*", "****0014", [])


def test_child_is_masked_for_everybody(caller, cast):
    case = register(cast.wang, parties=[UPSTAIRS, DOWNSTAIRS, CHILD])

    seen = {
        name: caller(name).get(f"disputes/{case.code}").json()["parties"][2]
        for name in ("wang", "bao", "ling")
    }

    assert {name: party["name"] for name, party in seen.items()} == dict.fromkeys(seen, "周*")
    assert {name: party["revealable"] for name, party in seen.items()} == {
        "wang": [],
        "bao": ["name", "id_number"],
        "ling": [],
    }


def test_records_are_for_the_team(caller, case_in):
    case = case_in(S.PERFORMING)

    team = caller("li").get(f"disputes/{case.code}").json()["agreement"]
    grid = caller("wang").get(f"disputes/{case.code}").json()["agreement"]

    assert (team["content"], len(team["obligations"])) == ("楼上修好防水并赔偿损失。", 2)
    assert (grid["content"], grid["obligations"][0]["content"]) == (None, None)
    assert grid["obligations"][0]["due_on"] == "2026-03-31"


def test_running_clocks_are_shown(caller, case_in):
    case = case_in(S.ACCEPTED)

    clocks = caller("li").get(f"disputes/{case.code}").json()["clocks"]

    assert [(c["rule"], c["due_on"], c["state"]) for c in clocks] == [
        ("MED", "2026-04-01", "armed")
    ]


# Events ---------------------------------------------------------------------------------------------


def test_events_are_walked_in_order(caller, case_in):
    case = case_in(S.ACCEPTED)

    found = walk(caller("li"), f"disputes/{case.code}/events", limit=2)

    assert [event["version"] for event in found] == list(range(1, case.version + 1))
    assert [event["command"] for event in found][:2] == ["register", "assess"]
    assert found[1]["payload"]["nature"] == "CIVIL"


def test_events_are_told_without_their_content_to_others(caller, case_in):
    case = case_in(S.ASSESSED)

    found = walk(caller("wang"), f"disputes/{case.code}/events")

    assert [event["payload"] for event in found] == [None, None]


# Desk -----------------------------------------------------------------------------------------------


def test_work_is_what_waits_for_the_caller(caller, cast, case_in):
    new, mine = register(cast.wang), case_in(S.CONSENT_PENDING)

    office = caller("bao").get("work").json()["items"]
    mediator = caller("li").get("work").json()["items"]

    assert [(w["number"], w["node"], w["is_mine_by_name"]) for w in office] == [
        (new.number, "assess", False)
    ]
    assert [(w["number"], w["node"], w["is_mine_by_name"]) for w in mediator] == [
        (mine.number, "seek_consent", True)
    ]
    assert caller("b_zhong").get("work").json()["items"] == []


def test_work_is_walked_by_cursor(caller, cast):
    cases = {register(cast.wang).number for _ in range(5)}

    found = walk(caller("zhong"), "work", limit=2)

    assert sorted(row["number"] for row in found) == sorted(cases)


def test_inbox_is_read_on_from_a_number(caller, cast):
    first, second = register(cast.wang), register(cast.wang)
    zhong = caller("zhong")

    everything = zhong.get("inbox").json()
    rest = zhong.get("inbox", after=1).json()

    assert [(n["seq"], n["number"]) for n in everything["items"]] == [
        (1, first.number),
        (2, second.number),
    ]
    assert [n["seq"] for n in rest["items"]] == [2]
    assert (rest["latest"], rest["unread"]) == (2, 2)


def test_notice_is_acknowledged_once(caller, cast):
    register(cast.wang)
    zhong = caller("zhong")

    first, again = zhong.post("inbox/1/ack"), zhong.post("inbox/1/ack")

    assert (first.status_code, first.json()) == (200, {"seq": 1, "unread": 0})
    assert again.json() == first.json()


@pytest.mark.parametrize("seq", ["2", "0", str(2**63), "x", "-1", "1.5"])
def test_notice_of_nobody_is_not_acknowledged(caller, cast, seq):
    register(cast.wang)

    response = caller("zhong").post(f"inbox/{seq}/ack")

    assert response.status_code in {404, 422}
    assert not Notice.objects.filter(
        person=cast.person("zhong"), acknowledged_at__isnull=False
    ).exists()


def test_alerts_are_worst_first_and_within_view(caller, cast):
    orange = register(cast.wang, answers={**DEADLY, "death_threat": "no", "weapon_used": "no"})
    red = register(cast.wang, answers=DEADLY)
    late = register(cast.wang, at("2026-03-02 09:00"), answers=DEADLY)

    found = walk(caller("ling"), "alerts", limit=1)

    assert [alert["number"] for alert in found] == [red.number, late.number]
    assert [alert["is_late"] for alert in found] == [True, True]
    assert orange.colour != "RED"
    assert caller("b_ling").get("alerts").json()["items"] == []


def test_alert_shows_what_is_done_about_it(caller, cast):
    case = register(cast.wang, answers=DEADLY)
    ling = caller("ling")
    ling.act(case.number, "acknowledge_alert", version=1)

    told = ling.get("alerts", status="acknowledged").json()["items"]

    assert [(alert["number"], alert["status"]) for alert in told] == [(case.number, "acknowledged")]
    assert ling.get("alerts", late="true").json()["items"] == []
