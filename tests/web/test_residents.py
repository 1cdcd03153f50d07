"""Residents: apply without an account, follow one's own matter, withdraw; learn of nobody else's."""

import gzip
import re
import uuid
from typing import Any

import pytest
from django.test import Client

from mediation.disputes.enums import Source, Status
from mediation.disputes.models import Dispute
from tests.factories import CaseMaker, Cast
from tests.factories.cases import DOWNSTAIRS, UPSTAIRS
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db
GRID = "430902006901003"
PHONE = "13900000027"

ANSWERS: dict[str, dict[str, Any]] = {
    "what": {"category": "02", "facts": "楼上每天半夜搬家具，吵得睡不着。", "place": "汽车路9号"},
    "who": {"name": "彭测安", "relation": "邻居", "phone": "13900000028"},
    "want": {"claim": "晚上十点以后不要吵", "amount": ""},
    "contact": {"name": "买买提·艾山", "phone": "１３９０００００027", "consent": "on"},
}


def fill(client: Client, **changes: dict[str, Any]) -> Any:
    """Walk through the four pages as a resident does."""
    client.get(f"/p/apply/?g={GRID}")
    for step, answers in (ANSWERS | changes).items():
        response = client.post(f"/p/apply/{step}/", answers)
    return response


def known_case(case_in: CaseMaker, status: str = Status.REGISTERED) -> Dispute:
    return case_in(status, parties=[UPSTAIRS, DOWNSTAIRS | {"phone": PHONE}])


def prove(client: Client, case: Dispute, tail: str = "0027") -> Any:
    return client.post("/p/follow/", {"code": case.code, "tail": tail})


def without_token(response: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


# Applying -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/p/", "/p/apply/", f"/p/apply/?a={GRID[:12]}"])
def test_residents_need_no_account(client: Client, cast: Cast, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert "htmx" not in response.content.decode()


def test_application_becomes_one_case(client: Client, cast: Cast) -> None:
    response = fill(client)

    case = Dispute.objects.get()
    party = case.parties.get(side="applicant")
    assert (response.status_code, response.headers["Location"]) == (302, "/p/apply/done/")
    assert (case.source, case.area_code, case.registered_by_id, case.place) == (
        Source.ONLINE,
        GRID,
        None,
        "汽车路9号",
    )
    assert (party.name, party.phone) == ("买买提·艾山", PHONE)
    assert list(case.parties.values_list("side", "plain_name")) == [
        ("applicant", "买买提·艾山"),
        ("respondent", "彭测安"),
    ]


def test_receipt_shows_the_code_and_its_picture(client: Client, cast: Cast) -> None:
    fill(client)

    body = client.get("/p/apply/done/").content.decode()

    assert Dispute.objects.get().code in body
    assert 'class="fq-qr-code"' in body


def test_last_page_sent_twice_is_one_case(client: Client, cast: Cast) -> None:
    fill(client)

    response = client.post("/p/apply/contact/", ANSWERS["contact"])

    assert response.headers["Location"] == "/p/apply/done/"
    assert Dispute.objects.count() == 1


def test_application_in_two_windows_is_one_case(client: Client, cast: Cast) -> None:
    fill(client, contact={"name": "", "phone": "", "consent": ""})
    kept = client.session["apply"]
    client.post("/p/apply/contact/", ANSWERS["contact"])
    session = client.session
    session["apply"] = kept
    session.save()

    client.post("/p/apply/contact/", ANSWERS["contact"])

    assert Dispute.objects.count() == 1


def test_second_application_of_one_visitor_is_a_second_case(client: Client, cast: Cast) -> None:
    fill(client)
    fill(client)

    assert Dispute.objects.count() == 2


def test_application_without_consent_is_not_sent(client: Client, cast: Cast) -> None:
    response = fill(client, contact=ANSWERS["contact"] | {"consent": ""})

    body = response.content.decode()
    assert (response.status_code, Dispute.objects.count()) == (422, 0)
    assert "买买提·艾山" in body
    assert "data-errors" in body
    assert "请勾选此项。" in body


def test_application_with_an_unknown_other_side_is_taken(client: Client, cast: Cast) -> None:
    fill(client, who={"name": "", "relation": "", "phone": ""})

    assert list(Dispute.objects.get().parties.values_list("side", flat=True)) == ["applicant"]


def test_answers_are_there_when_one_goes_back(client: Client, cast: Cast) -> None:
    client.get(f"/p/apply/?g={GRID}")
    client.post("/p/apply/what/", ANSWERS["what"])

    body = client.get("/p/apply/what/").content.decode()

    assert "楼上每天半夜搬家具，吵得睡不着。" in body


def test_answers_are_not_readable_in_the_session(client: Client, cast: Cast) -> None:
    client.get(f"/p/apply/?g={GRID}")
    client.post("/p/apply/what/", ANSWERS["what"])

    assert "搬家具" not in str(dict(client.session.items()))


@pytest.mark.parametrize(
    ("step", "leads_to"),
    [("who", "/p/apply/what/"), ("contact", "/p/apply/what/")],
)
def test_steps_come_in_order(client: Client, cast: Cast, step: str, leads_to: str) -> None:
    client.get(f"/p/apply/?g={GRID}")

    assert client.get(f"/p/apply/{step}/").headers["Location"] == leads_to


def test_step_without_a_beginning_leads_to_the_beginning(client: Client, cast: Cast) -> None:
    assert client.get("/p/apply/what/").headers["Location"] == "/p/apply/"
    assert client.get("/p/apply/done/").headers["Location"] == "/p/"


def test_step_that_is_none_does_not_exist(client: Client, cast: Cast) -> None:
    assert client.get("/p/apply/nothing/").status_code == 404


@pytest.mark.parametrize("grid", ["x", "\x00", "430902006901", "9" * 15, "٣" * 15])
def test_place_that_is_no_grid_is_asked_again(client: Client, cast: Cast, grid: str) -> None:
    response = client.get("/p/apply/", {"g": grid})

    assert response.status_code == 200
    assert "<select" in response.content.decode()


def test_places_are_offered_downwards(client: Client, cast: Cast) -> None:
    communities = client.get("/p/apply/").context["choice"]
    grids = client.get(f"/p/apply/?a={GRID[:12]}").context["choice"]

    assert [heading for heading, _ in communities.groups] == ["汽车路街道", "大码头街道"]
    assert (grids.name, grids.groups) == (
        "g",
        [("汽车路社区", [(GRID, "第3网格"), ("430902006901004", "第4网格")])],
    )


def test_many_places_are_offered_level_by_level(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mediation.web.places.LONGEST_LIST", 1)

    choice = client.get("/p/apply/").context["choice"]

    assert choice.groups == [("资阳区", [("430902006", "汽车路街道"), ("430902007", "大码头街道")])]


# Following ----------------------------------------------------------------------------------------


def test_code_and_phone_open_the_matter(client: Client, case_in: CaseMaker) -> None:
    case = known_case(case_in, Status.MEDIATING)

    response = prove(client, case)
    page = client.get("/p/case/")

    body = page.content.decode()
    assert (response.status_code, response.headers["Location"]) == (302, "/p/case/")
    assert case.code in body
    assert "no-store" in page.headers["Cache-Control"]
    for hidden in ("彭测安", "蔡测宁", case.facts, case.place, "4399", case.number):
        assert hidden not in body


def test_code_is_read_as_people_type_it(client: Client, case_in: CaseMaker) -> None:
    case = known_case(case_in)
    typed = case.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    response = client.post("/p/follow/", {"code": f" {typed} ", "tail": " ００２７ "})

    assert response.status_code == 302


WRONG = {
    "wrong code": {"code": "ZZZZ-ZZZZ", "tail": "0027"},
    "wrong phone": {"tail": "0028"},
    "no code": {"code": "\x00-", "tail": "0027"},
    "short phone": {"tail": "27"},
}


def test_every_wrong_answer_is_the_same_answer(client: Client, case_in: CaseMaker) -> None:
    case = known_case(case_in)

    answers = [client.post("/p/follow/", {"code": case.code} | wrong) for wrong in WRONG.values()]

    assert {answer.status_code for answer in answers} == {422}
    assert len({re.sub(r' value="[^"]*"', "", without_token(one)) for one in answers}) == 1
    assert f'value="{case.code}"' in answers[1].text
    assert 'value="0028"' in answers[1].text


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ({"code": "", "tail": "0027"}, {"code"}),
        ({"tail": ""}, {"tail"}),
        ({"code": "\x00", "tail": " "}, {"code", "tail"}),
    ],
)
def test_what_was_left_out_is_named(
    client: Client, case_in: CaseMaker, typed: dict[str, str], named: set[str]
) -> None:
    case = known_case(case_in)

    page = client.post("/p/follow/", {"code": case.code} | typed)

    assert (page.status_code, set(page.context["form"].errors)) == (422, named)
    assert "不正确" not in page.text


def test_wrong_code_and_wrong_phone_cost_the_same(
    client: Client, case_in: CaseMaker, django_assert_num_queries: Any
) -> None:
    case = known_case(case_in)

    for wrong in (WRONG["wrong code"], WRONG["wrong phone"], WRONG["short phone"]):
        with django_assert_num_queries(1):
            client.post("/p/follow/", {"code": case.code} | wrong)


def test_eleventh_try_has_to_wait(client: Client, case_in: CaseMaker) -> None:
    case = known_case(case_in)

    codes = [prove(client, case, tail="0000").status_code for _ in range(11)]

    assert codes == [422] * 10 + [429]
    refused = prove(client, case)
    assert refused.status_code == 429
    assert 'href="/"' not in refused.text.split("fq-errorpage")[1]


def test_tries_are_counted_by_address(client: Client, case_in: CaseMaker) -> None:
    case = known_case(case_in)
    for _ in range(11):
        prove(client, case, tail="0000")

    other = Client(REMOTE_ADDR="203.0.113.9")
    forged = Client(HTTP_X_FORWARDED_FOR="203.0.113.10")

    assert (prove(other, case).status_code, prove(forged, case).status_code) == (302, 429)


def test_proxy_that_is_trusted_names_the_address(
    client: Client, case_in: CaseMaker, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    case = known_case(case_in)
    for _ in range(11):
        client.post("/p/follow/", {"code": "x"}, headers={"X-Forwarded-For": "203.0.113.9"})

    forged = Client(headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
    other = Client(headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.1"})

    assert (prove(forged, case).status_code, prove(other, case).status_code) == (429, 302)


def test_case_without_proof_leads_to_the_start(client: Client, case_in: CaseMaker) -> None:
    known_case(case_in)

    assert client.get("/p/case/").headers["Location"] == "/p/"
    assert client.post("/p/case/withdraw/").headers["Location"] == "/p/"


def test_proof_ends_by_itself(client: Client, case_in: CaseMaker) -> None:
    prove(client, known_case(case_in))
    session = client.session
    session["follow"] = [session["follow"][0], session["follow"][1] - 30 * 60 - 1]
    session.save()

    assert client.get("/p/case/").headers["Location"] == "/p/"


def test_proof_opens_no_page_of_the_office(client: Client, case_in: CaseMaker) -> None:
    case = known_case(case_in)
    prove(client, case)

    assert client.get(f"/disputes/{case.code}/").status_code == 302


@pytest.mark.parametrize("known", [True, False])
def test_code_that_many_addresses_try_asks_for_the_whole_phone(
    client: Client, case_in: CaseMaker, known: bool
) -> None:
    """The same for a code that there is and for one that there is not; four digits open neither."""
    case = known_case(case_in)
    code = case.code if known else "7777-7777"

    answers = [
        client.post("/p/follow/", {"code": code, "tail": f"{n:04}"}, REMOTE_ADDR=f"198.51.100.{n}")
        for n in range(1, 23)
    ]
    right = client.post("/p/follow/", {"code": code, "tail": "0027"}, REMOTE_ADDR="198.51.100.99")

    said = [("完整" in one.content.decode(), one.status_code) for one in [*answers, right]]
    assert said == [(False, 422)] * 20 + [(True, 422)] * 3
    assert "follow" not in client.session


@pytest.mark.parametrize(
    ("typed", "opens"),
    [(PHONE, True), ("１３９ ０００００ ０２７", True), ("13800000027", False), ("00027", False)],
)
def test_whoever_is_meant_is_not_locked_out_by_those_who_guess(
    client: Client, case_in: CaseMaker, typed: str, opens: bool
) -> None:
    case = known_case(case_in)
    for n in range(1, 30):
        client.post(
            "/p/follow/", {"code": case.code, "tail": "9999"}, REMOTE_ADDR=f"198.51.100.{n}"
        )

    mine = client.post("/p/follow/", {"code": case.code, "tail": typed}, REMOTE_ADDR="203.0.113.5")

    assert (mine.status_code, "follow" in client.session) == (
        (302, True) if opens else (422, False)
    )
    assert opens or f'value="{typed}"' in mine.text
    assert opens or "您的完整手机号" in mine.text


def test_way_back_to_a_refused_try_is_no_dead_end(client: Client) -> None:
    """Another language or the way back asks for the address that took the try."""
    assert client.get("/p/follow/").headers["Location"] == "/p/"


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_told_in_plain_words(
    client: Client, case_in: CaseMaker, status: Status
) -> None:
    prove(client, known_case(case_in, status))

    page = client.get("/p/case/")

    assert page.status_code == 200
    assert page.context["now"]
    assert len(page.context["stages"]) == 4


# Adding a word ---------------------------------------------------------------------------------


def test_party_adds_a_word_that_those_who_handle_it_read(
    client: Client, case_in: CaseMaker, sign_in: SignIn
) -> None:
    case = known_case(case_in, Status.MEDIATING)
    prove(client, case)
    sent = {"key": str(uuid.uuid4()), "remark": "周末在家，白天请打单位电话。"}

    answers = [client.post("/p/case/", sent) for _ in range(2)]

    told = case.remarks.get()
    assert [answer.headers["Location"] for answer in answers] == ["/p/case/", "/p/case/"]
    assert (told.text, told.author_id) == (sent["remark"], None)
    assert "已转告承办人员" in client.get("/p/case/").text
    assert sent["remark"] in sign_in("bao").get(f"/disputes/{case.code}/").text


@pytest.mark.parametrize("typed", [{"remark": ""}, {"remark": "x" * 501}, {"key": "none"}])
def test_word_that_is_refused_comes_back(
    client: Client, case_in: CaseMaker, typed: dict[str, str]
) -> None:
    case = known_case(case_in, Status.MEDIATING)
    prove(client, case)
    sent = {"key": str(uuid.uuid4()), "remark": "周末在家"} | typed

    page = client.post("/p/case/", sent)

    assert (page.status_code, case.remarks.count()) == (422, 0)
    assert sent["remark"] in page.text


def test_word_without_proof_is_told_to_nobody(client: Client, case_in: CaseMaker) -> None:
    case = known_case(case_in, Status.MEDIATING)

    answer = client.post("/p/case/", {"key": str(uuid.uuid4()), "remark": "周末在家"})

    assert (answer.headers["Location"], case.remarks.count()) == ("/p/", 0)


@pytest.mark.parametrize("status", [Status.ARCHIVED, Status.VOIDED])
def test_case_that_is_put_away_takes_no_word(
    client: Client, case_in: CaseMaker, status: Status
) -> None:
    case = known_case(case_in, status)
    prove(client, case)

    answer = client.post("/p/case/", {"key": str(uuid.uuid4()), "remark": "周末在家"})

    assert 'name="remark"' not in client.get("/p/case/").text
    assert (answer.status_code, case.remarks.count()) == (422, 0)


# Withdrawing --------------------------------------------------------------------------------------


def test_party_ends_mediation(client: Client, case_in: CaseMaker) -> None:
    case = known_case(case_in, Status.MEDIATING)
    prove(client, case)

    asked = client.get("/p/case/withdraw/")
    ended = client.post("/p/case/withdraw/")
    again = client.post("/p/case/withdraw/")

    case.refresh_from_db()
    event = case.events.latest("version")
    assert asked.status_code == 200
    assert (ended.status_code, again.status_code) == (302, 302)
    assert (case.status, event.command, event.actor_id) == (
        Status.MEDIATION_ENDED,
        "end_mediation",
        None,
    )
    assert (event.payload["reason"], event.payload["party"]) == ("WITHDRAWN", 2)


def test_those_who_share_a_phone_say_which_of_them_withdraws(
    client: Client, case_in: CaseMaker
) -> None:
    """Numbers and sides alone: a phone of four digits may be a stranger's too."""
    together = [UPSTAIRS | {"phone": PHONE}, DOWNSTAIRS | {"phone": PHONE}]
    case = case_in(Status.MEDIATING, parties=together)
    prove(client, case)

    asked = client.get("/p/case/withdraw/").content.decode()
    unsaid = client.post("/p/case/withdraw/")
    strange = client.post("/p/case/withdraw/", {"party": "3"})
    case.refresh_from_db()
    before = case.status
    client.post("/p/case/withdraw/", {"party": "1"})

    case.refresh_from_db()
    assert asked.count('name="party"') == 2
    assert "彭" not in asked
    assert "蔡" not in asked
    assert (unsaid.status_code, strange.status_code, before) == (422, 422, Status.MEDIATING)
    assert case.status == Status.MEDIATION_ENDED
    assert case.events.latest("version").payload["party"] == 1


def test_who_is_merely_affected_follows_the_case_and_ends_nothing(
    client: Client, case_in: CaseMaker
) -> None:
    case = known_case(case_in, Status.MEDIATING)
    case.parties.filter(ordinal=2).update(side="affected", is_necessary=False)
    prove(client, case)

    page = client.get("/p/case/")
    client.post("/p/case/withdraw/")

    case.refresh_from_db()
    assert (page.status_code, case.status) == (200, Status.MEDIATING)
    assert "/p/case/withdraw/" not in page.content.decode()


@pytest.mark.parametrize("status", [Status.REGISTERED, Status.PERFORMING, Status.CLOSED])
def test_what_is_not_being_mediated_is_not_ended(
    client: Client, case_in: CaseMaker, status: Status
) -> None:
    case = known_case(case_in, status)
    prove(client, case)

    client.post("/p/case/withdraw/")

    case.refresh_from_db()
    assert case.status == status
    assert "/p/case/withdraw/" not in client.get("/p/case/").content.decode()


def test_first_visit_is_light(client: Client, cast: Cast) -> None:
    """Eighty kilobytes compressed hold the page; styles and script are the frame's (ux 7.4)."""
    assert len(gzip.compress(client.get("/p/").content)) < 8 * 1024


def test_too_short_an_account_is_refused_in_plain_words(client: Client, cast: Cast) -> None:
    client.get(f"/p/apply/?g={GRID}")

    page = client.post("/p/apply/what/", {"facts": "楼上漏水", "place": "一栋"}).content.decode()

    assert "请至少写10个字，现在是4个。" in page
    assert "发生了什么事：请至少写10个字" in page
    assert "是哪方面的事：请填写此项。" in page
    assert "楼上漏水</textarea>" in page


def test_grid_that_nobody_knows_by_number_is_no_dead_end(client: Client, cast: Cast) -> None:
    page = client.get(f"/p/apply/?a={GRID[:12]}").content.decode()

    assert "不清楚的可以任选一个" in page
