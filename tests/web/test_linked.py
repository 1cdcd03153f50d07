"""The desks beside mediation: who may open them, what they list, and that a list is one question."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mediation.accounts.actor import load_actor
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from tests.factories import give
from tests.factories.cases import ACT, NEXT_DAY
from tests.factories.people import FIRST_DAY
from tests.factories.track import bring
from tests.web.desk import still
from workflows import linked

ORDER = {
    "kind": "hotline", "organ": "12345热线", "number": "20260303001", "received_on": "2026-03-03",
    "reply_by": "2026-03-13",
}  # fmt: skip


def listed(response):
    return [row["case"] for row in response.context["rows"]]


@pytest.mark.parametrize(
    ("who", "tracks", "referrals"),
    [
        ("fu", 200, 403), ("bao", 200, 200), ("si", 200, 200), ("ling", 200, 200), ("li", 403, 403),
        ("wang", 403, 403), ("shen", 403, 403),
    ],
)  # fmt: skip
def test_desk_is_for_those_whose_work_it_is(sign_in, cast, who, tracks, referrals):
    browser = sign_in(who)

    assert browser.get("/reconsideration/").status_code == tracks
    assert browser.get("/referrals/").status_code == referrals


def test_clerk_and_respondent_find_their_own(sign_in, cast, case_in):
    filed, served, ended = (case_in(S.RECONSIDERING) for _ in range(3))
    bring(cast.bao, filed, "RC_FILED")
    bring(cast.bao, served, "RC_SERVED")
    bring(cast.bao, ended, "RC_NOT_PURSUED")
    give(cast.bao, "conclude_reconsideration", ended, NEXT_DAY)
    clerk, office = sign_in("fu"), sign_in("si")

    assert listed(clerk.get("/reconsideration/")) == [filed.number]
    assert listed(office.get("/reconsideration/?tab=mine")) == [served.number]
    assert listed(office.get("/reconsideration/?tab=own")) == [filed.number, served.number]
    assert listed(office.get("/reconsideration/?tab=ended")) == [ended.number]
    assert listed(sign_in("b_fu").get("/reconsideration/?tab=running")) == []


def test_referrals_are_listed_both_ways(sign_in, cast, case_in):
    out, inward = case_in(S.REFERRED), case_in(S.REGISTERED)
    give(cast.bao, "receive_order", inward, NEXT_DAY, **ORDER)
    centre = sign_in("bao")

    assert listed(centre.get("/referrals/")) == [out.number]
    assert listed(centre.get("/referrals/?tab=in")) == [inward.number]
    assert "20260303001" in centre.get(f"/disputes/{inward.code}/").content.decode()
    assert listed(sign_in("b_zhong").get("/referrals/?tab=in&all=1")) == []


@pytest.mark.parametrize("count", [1, 3])
def test_list_is_one_question(cast, case_in, count):
    for _ in range(count):
        case_in(S.RECONSIDERING)
    actor = load_actor(cast.person("bao"), today=FIRST_DAY)

    with CaptureQueriesContext(connection) as asked:
        rows = list(linked.tracks(actor, "running", now=NEXT_DAY))

    assert (len(rows), len(asked)) == (count, 1)


def test_every_day_in_the_list_has_its_rule_and_its_article(sign_in, case_in):
    case_in(S.RECONSIDERING)

    text = sign_in("bao").get("/reconsideration/").content.decode()

    assert "申请行政复议" in text
    assert "《中华人民共和国行政复议法》第20条第1款" in text


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999", "2"])
def test_page_beyond_the_list_is_empty_or_the_first(sign_in, cast, page):
    assert sign_in("bao").get(f"/reconsideration/?tab=x&page={page}").status_code == 200


def test_panel_says_that_mediation_does_not_stop_the_clock(sign_in, case_in):
    case = case_in(S.RECONSIDERING)

    text = sign_in("bao").get(f"/disputes/{case.code}/").content.decode()

    assert "调解不停止计算" in text
    assert "《中华人民共和国行政复议法》第20条第1款" in text


def test_civil_part_shows_the_clock_of_the_administrative_part(sign_in, cast, case_in):
    whole = case_in(S.SPLIT)
    civil, act = whole.children.order_by("pk")
    give(cast.bao, "assess", act, NEXT_DAY, nature="ADMINISTRATIVE")
    before = sign_in("bao").get(f"/disputes/{civil.code}/").content.decode()
    give(cast.bao, "refer_to_reconsideration", act, NEXT_DAY, **ACT)

    after = sign_in("bao").get(f"/disputes/{civil.code}/").content.decode()

    assert "调解不停止计算" not in before
    assert "2026年5月6日" in after
    assert "调解不停止计算" in after


def test_parts_of_a_dispute_know_each_other_and_share_its_number(sign_in, case_in):
    whole = case_in(S.SPLIT)
    civil, administrative = whole.children.order_by("pk")
    browser = sign_in("bao")

    page = browser.get(f"/disputes/{civil.code}/")
    links = [
        browser.get(f"/api/v1/disputes/{case.number}").json()["links"]
        for case in (whole, civil, administrative)
    ]

    assert [(kind, case.pk) for kind, case in page.context["dossier"].relatives] == [
        ("parent", whole.pk),
        ("sibling", administrative.pk),
    ]
    assert {one["matter"] for one in links} == {whole.number}
    assert [one["siblings"] for one in links] == [[], [administrative.number], [civil.number]]
    assert [one["children"] for one in links] == [[civil.number, administrative.number], [], []]


def test_link_does_not_tell_of_a_part_that_is_not_seen(sign_in, case_in):
    civil, administrative = case_in(S.SPLIT).children.order_by("pk")
    Dispute.objects.filter(pk=administrative.pk).update(sensitivity="sealed")
    browser = sign_in("zhong")

    page = browser.get(f"/disputes/{civil.code}/")
    links = browser.get(f"/api/v1/disputes/{civil.number}").json()["links"]

    assert administrative.number not in page.content.decode()
    assert links["siblings"] == []


WAITS = "等待综治中心工作人员办理"


def test_office_whose_step_is_held_up_reads_why(sign_in, cast, case_in):
    """It is the centre's turn, and only time is wanting: “waits for the centre” would tell it nothing."""
    case = case_in(S.RECONSIDERING)
    bring(cast.bao, case, "RC_PERFORMED")
    with still(NEXT_DAY):
        page = sign_in("bao").get(f"/disputes/{case.code}/")
        step = sign_in("bao").get(f"/disputes/{case.code}/do/conclude_reconsideration/")
        clerk = sign_in("fu").get(f"/disputes/{case.code}/")

    assert [one["name"] for one in page.context["held_up"]] == ["conclude_reconsideration"]
    for text in (page.text, step.text):
        assert "起诉期尚未届满" in text
        assert WAITS not in text
    assert WAITS in clerk.text


def test_parent_of_parts_names_what_it_waits_for(sign_in, cast, case_in):
    parent = case_in(S.SPLIT)
    parts = Dispute.objects.filter(parent=parent)

    with still(NEXT_DAY):
        page = sign_in("bao").get(f"/disputes/{parent.code}/").text
    following = page.partition('id="next-title"')[2].partition("</section>")[0]

    assert "各分案全部办结后" in following
    assert len(parts) == 2
    for part in parts:
        assert f'href="/disputes/{part.code}/"' in following


def test_parent_in_review_waits_for_its_parts_no_longer(sign_in, cast, case_in):
    parent = case_in(S.SPLIT)
    for part in Dispute.objects.filter(parent=parent):
        give(cast.bao, "void", part, NEXT_DAY, result="FALSE_ALARM", reason="核实后并无此事。")
    parent.refresh_from_db()

    with still(NEXT_DAY):
        page = sign_in("bao").get(f"/disputes/{parent.code}/").text

    assert parent.status == S.CLOSE_REVIEW
    assert "等待司法所工作人员办理：结案审核" in page
    assert "各分案全部办结后" not in page
