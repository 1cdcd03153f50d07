"""The page of a case: who sees what, at which cost."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute, Reveal
from tests.factories import CaseMaker, Cast, give, register
from tests.factories.cases import DEADLY, DOWNSTAIRS, END, NEXT_DAY, UPSTAIRS
from tests.factories.people import SECOND_GRID
from tests.uploads.corpus import picture
from tests.web.conftest import SignIn
from tests.web.desk import CHILD, full_case, queries, still

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still():
        yield


def page_of(case: Dispute) -> str:
    return reverse("dispute", args=[case.code])


# Who may look ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["b_zhong", "b_ling", "b_wang", "mo", "xi", "an", "shen", "chen"])
def test_case_page_does_not_exist_for_strangers(
    sign_in: SignIn, case_in: CaseMaker, who: str
) -> None:
    case = case_in()

    response = sign_in(who).get(page_of(case))

    assert response.status_code == 404


@pytest.mark.parametrize("who", ["wang", "li", "zhong", "bao", "si", "ling"])
def test_case_page_opens_for_those_who_serve_there(
    sign_in: SignIn, case_in: CaseMaker, who: str
) -> None:
    case = case_in()

    response = sign_in(who).get(page_of(case))

    assert response.status_code == 200


def test_case_page_sends_visitors_to_the_login(client: Client, case_in: CaseMaker) -> None:
    response = client.get(page_of(case_in()))

    assert response.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("typed", ["nothing", "ZZZZ-ZZZZ", "汽车路", "%00"])
def test_case_page_answers_a_wrong_code_like_an_unknown_one(sign_in: SignIn, typed: str) -> None:
    response = sign_in("bao").get(f"/disputes/{typed}/")

    assert response.status_code == 404


# What stands on it -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", list(Status))
def test_case_page_shows_every_status(sign_in: SignIn, case_in: CaseMaker, status: Status) -> None:
    case = case_in(status)

    response = sign_in("bao").get(page_of(case))

    assert response.status_code == 200
    assert case.number in response.content.decode()


@pytest.mark.parametrize(
    ("who", "name"), [("wang", "彭测安"), ("li", "彭测安"), ("bao", "彭测安"), ("ling", "彭*")]
)
def test_case_page_names_parties_by_policy(
    sign_in: SignIn, case_in: CaseMaker, who: str, name: str
) -> None:
    case = case_in(Status.MEDIATING)

    page = sign_in(who).get(page_of(case)).content.decode()

    assert f"<bdi>{name}</bdi>" in page
    assert ("彭测安" in page) == (name == "彭测安")


@pytest.mark.parametrize(("who", "name"), [("li", "2号当事人 蔡测宁"), ("ling", "2号当事人 蔡*；")])
def test_journal_says_which_party_withdrew_as_far_as_the_reader_reads_names(
    sign_in: SignIn, case_in: CaseMaker, cast: Cast, who: str, name: str
) -> None:
    case = case_in(Status.MEDIATING)
    ended = END | {"reason": "WITHDRAWN", "party": 2}
    give(cast.li, "end_mediation", case, NEXT_DAY, **ended)

    page = sign_in(who).get(page_of(case)).content.decode()

    assert f"拒绝或者退出的当事人：{name}" in page


@pytest.mark.parametrize(
    ("who", "reads"), [("li", True), ("bao", True), ("wang", False), ("ling", False)]
)
def test_case_page_keeps_records_for_the_team(
    sign_in: SignIn, case_in: CaseMaker, who: str, reads: bool
) -> None:
    case = case_in(Status.MEDIATING)

    page = sign_in(who).get(page_of(case)).content.decode()

    assert ("查看漏水点" in page) == reads


@pytest.mark.parametrize("who", ["wang", "li", "bao", "si", "ling"])
def test_case_page_never_names_a_child(
    sign_in: SignIn, cast: Cast, case_in: CaseMaker, who: str
) -> None:
    child = CHILD | {"is_affected_only": True}
    case = case_in(Status.MEDIATING, parties=[UPSTAIRS, DOWNSTAIRS, child])

    response = sign_in(who).get(page_of(case))

    assert "周测童" not in response.content.decode()


def test_case_page_holds_no_identifier_in_full(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.MEDIATING)

    page = sign_in("li").get(page_of(case)).content.decode()

    assert "439999198506120014" not in page
    assert "439999********0014" in page


def test_case_page_says_why_a_step_is_not_possible(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.CONSENT_PENDING)

    page = sign_in("li").get(page_of(case)).content.decode()

    assert 'data-action="accept"' in page
    assert "人民调解法第十七条" in page


def test_case_page_offers_the_first_step_in_place(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.ASSESSED)

    page = sign_in("bao").get(page_of(case)).content.decode()

    assert f'action="{reverse("act", args=[case.code, "start_mediation_intake"])}"' in page
    assert f'name="version" value="{case.version}"' in page


@pytest.mark.parametrize(
    ("who", "status", "step"),
    [
        ("li", Status.CONSENT_PENDING, "record_consent"),
        ("li", Status.AGREED, "record_signatures"),
        ("li", Status.PERFORMING, "record_performance"),
    ],
)
def test_case_page_leads_to_the_step_that_clears_the_way(
    sign_in: SignIn, case_in: CaseMaker, who: str, status: Status, step: str
) -> None:
    """The main step is not possible yet; the page neither stays silent nor offers what is refused."""
    case = case_in(status)

    told = sign_in(who).get(page_of(case)).context

    assert told["step"]["name"] == step
    first = told["actions"][0]
    assert (first["name"], first["primary"], first["enabled"]) == (step, True, True)
    assert [one["name"] for one in told["actions"] if one["primary"]] == [step]


def test_case_page_leads_nobody_to_what_is_not_his(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.PERFORMING)

    told = sign_in("wang").get(page_of(case)).context

    assert told["step"] is None


@pytest.mark.parametrize(
    ("who", "status", "ways"),
    [
        ("bao", Status.MEDIATION_ENDED, ["refer", "start_mediation_intake"]),
        ("li", Status.MEDIATION_ENDED, ["send_to_review"]),
        ("bao", Status.BREACHED, ["refer", "start_mediation_intake"]),
    ],
)
def test_case_page_offers_the_ways_out_where_no_step_comes_next(
    sign_in: SignIn, case_in: CaseMaker, who: str, status: Status, ways: list[str]
) -> None:
    told = sign_in(who).get(page_of(case_in(status))).context

    assert told["step"] is None
    assert [one["name"] for one in told["choices"]] == ways


@pytest.mark.parametrize(
    ("who", "status", "step", "ways"),
    [
        ("li", Status.MEDIATING, "reach_agreement",
         ["record_session", "draft_agreement", "schedule_session"]),
        ("bao", Status.ASSESSED, "start_mediation_intake", ["refer"]),
        ("si", Status.CLOSE_REVIEW, "close", ["return_for_correction"]),
    ],
)  # fmt: skip
def test_what_is_done_as_often_stands_beside_the_next_step(
    sign_in: SignIn, case_in: CaseMaker, who: str, status: Status, step: str, ways: list[str]
) -> None:
    response = sign_in(who).get(page_of(case_in(status)))

    assert response.context["step"]["name"] == step
    assert [one["name"] for one in response.context["choices"]] == ways
    assert "也可以：" in response.text


def test_extension_names_the_day_that_is_moved(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.MEDIATING)

    assert "现有期限至2026年4月1日" in sign_in("li").get(f"{page_of(case)}do/extend/").text


def test_referred_case_waits_for_its_result_and_asks_nobody_for_consent(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    told = sign_in("bao").get(page_of(case_in(Status.REFERRED))).context

    assert told["step"]["name"] == "conclude_referral"


def test_crime_leads_to_the_police_and_not_to_mediation(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    case = case_in(Status.ASSESSED)
    Dispute.objects.filter(pk=case.pk).update(nature="CRIMINAL")

    assert sign_in("bao").get(page_of(case)).context["step"]["name"] == "refer"


def test_report_that_the_law_demands_stands_first_and_is_begun(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    case, client = case_in(answers=DEADLY), sign_in("bao")

    text = client.get(page_of(case)).text
    form = client.get(f"{page_of(case)}do/report_escalation/").context["step"]["form"]

    assert text.count('id="reports"') == 1
    assert text.index('id="reports"') < text.index('id="facts"')
    assert "/do/report_escalation/?receiver=police" in text
    assert (form["receiver"].value(), form["content"].value()) == ("police", case.facts)


def test_case_page_tells_of_a_newer_version(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.ASSESSED)

    page = sign_in("bao").get(f"{page_of(case)}?seen=1", headers=HTMX).content.decode()

    assert 'id="case-top"' in page
    assert "包测密" in page.split('id="next"')[0]


@pytest.mark.parametrize(
    ("status", "states"),
    [
        (Status.REGISTERED, ["current", "todo", "todo", "todo", "todo"]),
        (Status.MEDIATING, ["done", "done", "current", "skipped", "todo"]),
        (Status.RECONSIDERING, ["done", "done", "skipped", "current", "todo"]),
        (Status.ARCHIVED, ["done", "done", "done", "skipped", "done"]),
    ],
)
def test_stage_bar_knows_what_the_law_rules_out(
    sign_in: SignIn, case_in: CaseMaker, status: Status, states: list[str]
) -> None:
    response = sign_in("bao").get(page_of(case_in(status)))

    assert [stage["state"] for stage in response.context["stages"]] == states


@pytest.mark.parametrize(
    ("status", "told"),
    [(Status.SPLIT, "已分案"), (Status.REFERRED, "其他渠道"), (Status.MEDIATING, None)],
)
def test_stage_bar_says_that_a_case_was_divided(
    sign_in: SignIn, case_in: CaseMaker, status: Status, told: str | None
) -> None:
    branch = sign_in("bao").get(page_of(case_in(status))).context["branch"]

    assert (branch["label"] if branch else None) == told


def test_party_is_corrected_beside_what_is_known(sign_in: SignIn, case_in: CaseMaker) -> None:
    """The link beside a party brings what this reader sees of him; a masked number stays out."""
    case = case_in(Status.ACCEPTED)
    browser = sign_in("wang")
    link = f"/disputes/{case.code}/do/add_party/?replaces=2"

    on_page = browser.get(page_of(case)).content.decode()
    form = browser.get(link).context["step"]["form"]
    new = browser.get(link.split("?", maxsplit=1)[0]).context["step"]["form"]

    party = case.parties.get(ordinal=2)
    assert link in on_page
    assert [form[name].value() for name in ("replaces", "name", "side", "phone")] == [
        "2",
        party.name,
        party.side,
        None,
    ]
    assert [new[name].value() for name in ("replaces", "name")] == [None, None]


def test_who_acts_for_himself_goes_on_to_when_he_is_corrected(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    case = case_in(Status.ACCEPTED)
    case.parties.filter(ordinal=2).update(is_minor=True, plain_name="", lives_on_own_work=True)

    page = sign_in("li").get(f"/disputes/{case.code}/do/add_party/?replaces=2")

    form = page.context["step"]["form"]
    assert [form[name].value() for name in ("is_minor", "lives_on_own_work")] == [True, True]


def test_what_is_answered_already_offers_no_silence(sign_in: SignIn, case_in: CaseMaker) -> None:
    """“Not stated” beside a first answer is one more line to read, also when the form comes back."""
    case = case_in(Status.CLOSED)
    browser, path = sign_in("wang"), f"/disputes/{case.code}/do/visit/"

    first = browser.get(path).context["step"]
    sent = {"version": case.version, "channel": "phone", "later_suit": "none"}
    again = browser.post(path, sent).context["step"]

    for step in (first, again):
        asked = {
            name: step["form"].fields[name] for name in ("channel", "later_suit", "satisfaction")
        }
        silent = [name for name, field in asked.items() if "" in dict(field.choices)]
        assert silent == ["satisfaction"]
    assert not first["unfolded"]


def test_journal_names_what_was_attached_and_no_key(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.MEDIATING)
    photo = SimpleUploadedFile("现场.jpg", picture("JPEG"), "image/jpeg")
    sign_in("li").post(f"/disputes/{case.code}/files/", {"file": photo, "slot": "scene"})

    page = sign_in("bao").get(page_of(case)).content.decode()

    assert "归入" in page
    assert "upload" not in page.split('id="timeline"')[1].split("</section>")[0]


def test_case_page_hides_linked_cases_that_are_not_visible(
    sign_in: SignIn, cast: Cast, case_in: CaseMaker
) -> None:
    case = case_in(Status.SPLIT)
    hidden, shown = case.children.order_by("pk")
    Dispute.objects.filter(pk=hidden.pk).update(sensitivity="sealed")

    page = sign_in("zhong").get(page_of(case)).content.decode()

    assert (hidden.number in page, shown.number in page) == (False, True)


# What it costs -----------------------------------------------------------------------------------


def test_case_page_costs_the_same_for_one_and_three_of_everything(
    sign_in: SignIn, cast: Cast, case_in: CaseMaker
) -> None:
    one, three = full_case(cast, case_in, 1), full_case(cast, case_in, 3)
    browser = sign_in("bao")

    costs = [queries(browser, page_of(case)) for case in (one, three)]

    assert costs[0] == costs[1] <= 22


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("who", ["li", "si", "ling"])
def test_case_page_stays_within_twenty_queries(
    sign_in: SignIn, case_in: CaseMaker, status: Status, who: str
) -> None:
    case = case_in(status)

    cost = queries(sign_in(who), page_of(case))

    assert cost <= 20


# Looking behind a mask ---------------------------------------------------------------------------


def reveal_page(case: Dispute, ordinal: int = 1) -> str:
    return reverse("reveal", args=[case.code, ordinal])


def test_reveal_shows_one_detail_and_records_the_look(
    sign_in: SignIn, cast: Cast, case_in: CaseMaker
) -> None:
    case = case_in(Status.MEDIATING)
    told = {"field": "id_number", "reason": "制作调解协议书"}

    response = sign_in("li").post(reveal_page(case), told)

    assert "439999198506120014" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    look = Reveal.objects.get()
    assert (look.person_id, look.field, look.reason) == (
        cast.id("li"),
        "id_number",
        "制作调解协议书",
    )


@pytest.mark.parametrize(
    ("who", "told", "answer"),
    [
        ("li", {"field": "id_number", "reason": ""}, 422),
        ("li", {"field": "consent", "reason": "制作调解协议书"}, 422),
        ("ling", {"field": "id_number", "reason": "了解当事人情况"}, 403),
        ("b_li", {"field": "id_number", "reason": "了解当事人情况"}, 404),
    ],
)
def test_reveal_refuses_and_records_nothing(
    sign_in: SignIn, case_in: CaseMaker, who: str, told: dict[str, str], answer: int
) -> None:
    case = case_in(Status.MEDIATING)

    response = sign_in(who).post(reveal_page(case), told)

    assert (response.status_code, Reveal.objects.count()) == (answer, 0)
    assert "439999198506120014" not in response.content.decode()


def test_reveal_page_offers_what_is_masked(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.MEDIATING)

    team = sign_in("li").get(reveal_page(case)).context["fields"]
    leader = sign_in("ling").get(reveal_page(case)).context["fields"]
    missing = sign_in("li").get(reveal_page(case, 9)).status_code

    assert ([name for name, _words in team], leader, missing) == (["id_number"], [], 404)


def test_flow_is_handed_out_as_bpmn(sign_in: SignIn) -> None:
    response = sign_in("bao").get(reverse("flow"))

    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert b"bpmn:definitions" in response.content


def test_case_page_of_second_grid_is_closed_to_the_first(sign_in: SignIn, cast: Cast) -> None:
    case = register(cast.zhong, grid=SECOND_GRID)

    assert sign_in("wang").get(page_of(case)).status_code == 404
    assert sign_in("chen").get(page_of(case)).status_code == 200
