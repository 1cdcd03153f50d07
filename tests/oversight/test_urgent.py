"""Breaking the glass: for a reason, told, ending by itself, looked over by another."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mediation.accounts.actor import load_actor
from mediation.accounts.models import AccessChange, Change, Duty, Role
from mediation.core import clock
from mediation.core.errors import Forbidden, Malformed, NotFound, TooMany, Unmet
from mediation.disputes import policy
from mediation.disputes.enums import Sensitivity
from mediation.disputes.models import CaseGrant
from mediation.notifications.models import Notice
from mediation.oversight import services
from mediation.oversight.models import Look, UrgentAccess
from tests.factories import at, register
from tests.factories.cases import CHILD, DOWNSTAIRS, UPSTAIRS
from tests.uploads.corpus import picture

NOW = at("2026-03-02 12:00")
WHY = "孩子今晚无处可去，须立即联系监护人"


@pytest.fixture
def child(cast):
    """A case with a child in it: sensitive by itself."""
    case = register(cast.wang, parties=[UPSTAIRS, DOWNSTAIRS, CHILD])
    assert case.sensitivity == Sensitivity.MINOR
    return case


def test_urgent_access_opens_the_case_for_four_hours_and_tells_the_cleared(cast, child):
    access = services.open_urgently(cast.zhong, child.number, WHY, now=NOW)

    last = NOW + services.LASTS - timedelta(seconds=1)
    assert policy.may_view(cast.zhong, child, now=last)
    assert policy.visible_to(cast.zhong, now=last).filter(pk=child.pk).exists()
    assert not policy.may_view(cast.zhong, child, now=access.until)
    told = Notice.objects.filter(kind="urgent_access").values_list("person__username", flat=True)
    assert set(told) == {"ling", "si"}
    record = AccessChange.objects.get(what=Change.URGENT_ACCESS)
    assert (record.by_id, record.after["case"], record.reason) == (
        cast.id("zhong"), child.number, WHY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "reference", "reason", "refusal"),
    [
        pytest.param("b_zhong", None, WHY, NotFound, id="other area"),
        pytest.param("zhong", "汽车路街道纠登〔2026〕09999号", WHY, NotFound, id="no such case"),
        pytest.param("zhong", None, "急", Malformed, id="no reason"),
        pytest.param("bao", None, WHY, Unmet, id="cleared already"),
        pytest.param("wang", None, WHY, Forbidden, id="grid worker"),
        pytest.param("shen", None, WHY, Forbidden, id="auditor"),
        pytest.param("mo", None, WHY, Forbidden, id="nobody"),
    ],
)
def test_refused_urgent_access_writes_nothing(
    cast, child, snapshot_counts, who, reference, reason, refusal
):
    before = snapshot_counts()

    with pytest.raises(refusal):
        services.open_urgently(getattr(cast, who), reference or child.code, reason, now=NOW)

    assert snapshot_counts() == before


def test_urgent_access_of_an_ordinary_case_is_none(cast):
    ordinary = register(cast.wang)

    with pytest.raises(NotFound):
        services.open_urgently(cast.zhong, ordinary.number, WHY, now=NOW)


def test_urgent_access_that_nobody_could_look_over_is_refused(cast, child):
    Duty.objects.filter(cleared=True).update(cleared=False)

    with pytest.raises(Unmet):
        services.open_urgently(cast.zhong, child.number, WHY, now=NOW)

    assert not CaseGrant.objects.exists()


def test_fourth_urgent_access_of_a_day_is_too_many(cast, child):
    for _ in range(3):
        UrgentAccess.objects.create(
            dispute=child, person=cast.person("zhong"), reason=WHY, at=NOW, until=NOW
        )

    with pytest.raises(TooMany):
        services.open_urgently(cast.zhong, child.number, WHY, now=NOW)


def test_review_is_anothers_and_an_unjustified_access_ends_at_once(cast, child):
    access = services.open_urgently(cast.ping, child.number, WHY, now=NOW)
    later = NOW + timedelta(minutes=5)

    for who in ("ping", "zhong", "b_ling", "lu"):
        with pytest.raises(NotFound):
            services.review(
                getattr(cast, who), access.pk, finding="justified", remark="", now=later
            )
    services.review(cast.ling, access.pk, finding="unjustified", remark="可先电话请示", now=later)

    access.refresh_from_db()
    assert (access.reviewed_by_id, access.finding) == (cast.id("ling"), "unjustified")
    assert not policy.may_view(cast.ping, child, now=later)
    assert AccessChange.objects.filter(what=Change.URGENT_REVIEWED).count() == 1
    with pytest.raises(NotFound):
        services.review(cast.si, access.pk, finding="justified", remark="", now=later)


@pytest.mark.parametrize("who", ["ping", "ling"])
def test_nobody_looks_over_his_own_access_as_deputy_or_through_his_deputy(
    cast, child, snapshot_counts, who
):
    """Ping stands in for Ling: neither his own access nor that of him for whom he stands is his to judge."""
    access = services.open_urgently(cast.ping, child.number, WHY, now=NOW)
    if who == "ling":
        UrgentAccess.objects.filter(pk=access.pk).update(person=cast.id("ling"))
    Duty.objects.filter(person=cast.id("ling"), role=Role.LEADER).update(
        deputy=cast.id("ping"), deputy_since=NOW.date(), deputy_until=NOW.date()
    )
    deputy = load_actor(cast.person("ping"), today=NOW.date())
    before = snapshot_counts()

    assert any(grant.cleared and grant.role == Role.LEADER for grant in deputy.grants)
    assert not services.waiting_for(deputy).exists()
    with pytest.raises(NotFound):
        services.review(deputy, access.pk, finding="justified", remark="", now=NOW)
    assert snapshot_counts() == before
    assert services.waiting_for(cast.si).get() == access


def test_urgent_page_says_the_same_for_foreign_and_invented_numbers(cast, child):
    client = Client()
    client.force_login(cast.person("b_zhong"))

    answers = [
        client.post("/urgent/", {"number": number, "reason": WHY})
        for number in (child.number, "没有这个号")
    ]

    assert {answer.status_code for answer in answers} == {422}
    texts = [answer.content.decode().replace(child.number, "没有这个号") for answer in answers]
    assert _without_token(texts[0]) == _without_token(texts[1])


def _without_token(text):
    return re.sub(r'(value=|Token": )"\w{64}"', "", text)


def test_urgent_page_opens_and_leader_looks_it_over(cast, child):
    centre, leader = Client(), Client()
    centre.force_login(cast.person("zhong"))
    leader.force_login(cast.person("ling"))

    opened = centre.post("/urgent/", {"number": child.code, "reason": WHY})
    seen = centre.get(opened["Location"])
    listed = leader.get("/urgent/").content.decode()
    access = UrgentAccess.objects.get()
    done = leader.post(f"/urgent/{access.pk}/review/", {"finding": "justified"})

    assert (opened.status_code, seen.status_code, done.status_code) == (302, 200, 302)
    assert WHY in listed
    assert UrgentAccess.objects.get().finding == "justified"


def test_files_and_papers_of_a_child_stay_closed_to_urgent_access(cast, child):
    """They show what stays masked on the page."""
    grid_worker, urgent, cleared = Client(), Client(), Client()
    for client, name in ((grid_worker, "wang"), (urgent, "zhong"), (cleared, "bao")):
        client.force_login(cast.person(name))
    photo = SimpleUploadedFile("现场.jpg", picture("JPEG"))
    grid_worker.post(f"/disputes/{child.code}/files/", {"file": photo, "slot": "scene"})
    services.open_urgently(cast.zhong, child.number, WHY, now=clock.now())

    pages = [
        f"/disputes/{child.code}/files/1/", f"/disputes/{child.code}/files/1/small/",
        f"/api/v1/disputes/{child.code}/attachments/1", f"/api/v1/disputes/{child.code}/documents",
    ]  # fmt: skip
    assert urgent.get(f"/disputes/{child.code}/").status_code == 200
    assert [urgent.get(page).status_code for page in pages] == [404, 404, 404, 403]
    assert urgent.get(f"/api/v1/disputes/{child.code}/attachments").json()["items"] == []
    assert [cleared.get(page).status_code for page in pages] == [200] * 4


# Looks ---------------------------------------------------------------------------------------------


def test_look_at_a_sensitive_case_leaves_one_record_and_at_an_ordinary_one_none(cast, child):
    ordinary = register(cast.wang)
    client = Client()
    client.force_login(cast.person("bao"))

    for case in (child, child, ordinary):
        assert client.get(f"/disputes/{case.code}/").status_code == 200

    assert list(Look.objects.values_list("dispute_id", "person_id")) == [(child.pk, cast.id("bao"))]


@pytest.mark.parametrize(
    "address",
    [
        "/disputes/{code}/do/comment/", "/disputes/{code}/clocks/", "/disputes/{code}/earlier/",
        "/disputes/{code}/versions/", "/disputes/{code}/papers/", "/disputes/{code}/parties/1/reveal/",
        "/register/done/{code}/", "/api/v1/disputes/{code}", "/api/v1/disputes/{code}/events",
        "/api/v1/disputes/{code}/attachments", "/api/v1/disputes/{code}/documents",
    ],
)  # fmt: skip
def test_whatever_is_opened_of_a_sensitive_case_leaves_a_record(cast, child, address):
    client = Client()
    client.force_login(cast.person("bao"))

    status = client.get(address.format(code=child.code)).status_code

    assert status == 200
    assert list(Look.objects.values_list("dispute_id", "person_id")) == [(child.pk, cast.id("bao"))]
