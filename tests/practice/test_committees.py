"""Committees are set up, renamed, filled and closed by those who may; their files count apart."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from mediation.areas.models import Area
from mediation.disputes.enums import Status as S
from mediation.documents.casefile import CaseFile
from mediation.documents.models import Document
from mediation.sessions import committees
from mediation.sessions.models import Committee, RosterChange, RosterEntry
from tests.factories import give
from tests.factories.cases import DAY_ONE, NEXT_DAY
from tests.factories.people import COMMUNITY, OTHER_COMMUNITY, SIBLING, SUBDISTRICT


@pytest.fixture(autouse=True)
def _on_the_next_day(time_machine, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    time_machine.move_to(NEXT_DAY, tick=False)


@pytest.fixture
def at_desk(cast):
    def signed_in(who):
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(cast.person(who))
        return client

    return signed_in


def form(code, **changes):
    area = Area.objects.get(code=code)
    told = {"area": area.pk, "kind": "community", "name": "", "short_name": ""}
    return told | {"founded_on": "2026-03-01"} | changes


FOUND = "/roster/found/"


def sits(committee, cast, who="li", **changes):
    told = {"post": "member", "term_from": date(2026, 1, 1), "term_until": date(2028, 12, 31)}
    return RosterEntry.objects.create(
        committee=committee, person=cast.person(who), **told | changes
    )


def founded(code, cast, at_desk, who="si", **changes):
    assert at_desk(who).post(FOUND, form(code, **changes)).status_code == 302
    return Committee.objects.latest("pk")


@pytest.mark.parametrize("who", ["si", "xi"])
def test_committee_is_set_up_named_after_its_area_and_on_record(cast, at_desk, who):
    page = at_desk(who).get(f"{FOUND}?area={COMMUNITY}").content.decode()
    committee = founded(COMMUNITY, cast, at_desk, who)

    assert "设立调解委员会" in page
    assert "金花坪社区" in page
    assert ("大码头" in page) == (who == "xi")
    assert (committee.name, committee.founded_on) == (
        "汽车路社区人民调解委员会",
        date(2026, 3, 1),
    )
    listed = at_desk(who).get(reverse("roster")).content.decode()
    assert "汽车路社区人民调解委员会" in listed
    change = RosterChange.objects.get()
    assert (change.what, change.by) == ("founded", cast.person(who))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"founded_on": "2026-03-04"}, "founded_on"),
        ({"kind": "club"}, "kind"),
        ({"short_name": "资汽"}, "short_name"),
        ({"name": "汽车路街道人民调解委员会", "area": SUBDISTRICT}, "name"),
        ({"area": SIBLING}, "area"),
    ],
)
def test_committee_that_cannot_be_is_refused_at_its_field(
    cast, at_desk, changes, field, snapshot_counts
):
    founded(SUBDISTRICT, cast, at_desk, kind="township")
    if "area" in changes:
        changes = changes | {"area": Area.objects.get(code=changes["area"]).pk}
    client = at_desk("si")
    before = snapshot_counts()

    answer = client.post(FOUND, form(COMMUNITY, **changes))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert snapshot_counts() == before


@pytest.mark.parametrize(
    ("who", "status"), [("bao", 403), ("li", 403), ("wang", 403), ("fu", 403), ("b_si", 404)]
)
def test_others_set_up_and_close_nothing(cast, at_desk, who, status, snapshot_counts):
    committee = founded(COMMUNITY, cast, at_desk)
    client = at_desk(who)
    before = snapshot_counts()

    answers = [
        client.post(reverse("committee_close", args=[committee.pk]), {"reason": "不再需要"}),
        client.post(reverse("committee_change", args=[committee.pk]), {"name": "别的名称"}),
    ]
    if status == 403:
        answers.append(client.post(FOUND, form(COMMUNITY, name="第二个")))

    assert {answer.status_code for answer in answers} <= {status, 404}
    assert snapshot_counts() == before


def test_renamed_committee_keeps_its_series_and_issued_papers_their_name(case_in, cast, at_desk):
    committee = founded(COMMUNITY, cast, at_desk, short_name="资汽汽社")
    sits(committee, cast)
    case = case_in(S.PERFORMING)
    give(cast.li, "issue_document", case, NEXT_DAY, kind="d7")

    address = reverse("committee_change", args=[committee.pk])
    done = at_desk("si").post(address, {"name": "汽车路居民调委会", "short_name": "资汽居"})

    assert done.status_code == 302
    assert Document.objects.get().organisation == "汽车路社区人民调解委员会"
    case.refresh_from_db()
    assert case.file_number == "(2026)资汽汽社人调字第001号"
    second = case_in(S.PERFORMING)
    give(cast.li, "issue_document", second, NEXT_DAY, kind="d7")
    second.refresh_from_db()
    assert second.file_number == "(2026)资汽居人调字第002号"
    assert RosterChange.objects.filter(what="renamed").get().detail == "汽车路社区人民调解委员会"


def test_every_committee_counts_its_own_files(case_in, cast, at_desk):
    street = founded(SUBDISTRICT, cast, at_desk, kind="township")
    quarter = founded(COMMUNITY, cast, at_desk)
    sits(quarter, cast, "li")
    sits(street, cast, "sun")
    numbers = []
    for mediator in ("li", "sun", "li"):
        case = case_in(S.PERFORMING)
        case.mediator = cast.person(mediator)
        case.save(update_fields=["mediator"])
        give(cast.bao, "issue_document", case, NEXT_DAY, kind="d7")
        case.refresh_from_db()
        numbers.append(case.file_number)

    assert numbers == [
        "(2026)资汽汽车路人调字第001号",
        "(2026)资汽人调字第001号",
        "(2026)资汽汽车路人调字第002号",
    ]
    assert Document.objects.get(number=numbers[0]).organisation == "汽车路社区人民调解委员会"


def test_series_of_the_subdistrict_goes_on_when_its_committee_is_set_up(case_in, cast, at_desk):
    first = case_in(S.PERFORMING)
    give(cast.li, "issue_document", first, DAY_ONE, kind="d7")
    sits(founded(SUBDISTRICT, cast, at_desk, kind="township"), cast)
    second = case_in(S.PERFORMING)

    give(cast.li, "issue_document", second, NEXT_DAY, kind="d7")

    second.refresh_from_db()
    assert second.file_number == "(2026)资汽人调字第002号"


def test_committee_elsewhere_is_not_that_of_the_case(case_in, cast, at_desk):
    sits(founded(OTHER_COMMUNITY, cast, at_desk), cast)

    case = case_in(S.MEDIATING)

    assert committees.of_case(case) is None
    assert CaseFile(case, now=NEXT_DAY).committee == "汽车路街道人民调解委员会"


def test_closed_committee_leaves_the_list_and_its_members_with_it(case_in, cast, at_desk):
    committee = founded(COMMUNITY, cast, at_desk)
    entry = sits(committee, cast)
    address = reverse("committee_close", args=[committee.pk])

    silent = at_desk("si").post(address, {"reason": ""})
    still = Committee.objects.get().is_active
    done = at_desk("si").post(address, {"reason": "与街道调委会合并"})

    assert (silent.status_code, still, done.status_code) == (422, True, 302)
    entry.refresh_from_db()
    committee.refresh_from_db()
    assert (committee.is_active, committee.closed_on, entry.left_on) == (
        False, date(2026, 3, 3), date(2026, 3, 3),
    )  # fmt: skip
    assert committees.of_case(case_in(S.MEDIATING)) is None
    assert at_desk("si").get(address).status_code == 404


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2026-03-01", date(2029, 2, 28)),
        ("2025-03-01", date(2028, 2, 29)),
        ("2024-02-29", date(2027, 2, 28)),  # no such day three years on
    ],
)
def test_administrator_seats_members_with_their_term(cast, at_desk, begins, ends):
    """人民调解法第九条: three years, the day before the term would begin anew."""
    committee = founded(COMMUNITY, cast, at_desk, "xi")
    told = {
        "person": cast.id("li"), "post": "director", "birth_year": 1980, "term_from": begins,
    }  # fmt: skip

    answer = at_desk("xi").post(reverse("roster_add", args=[committee.pk]), told)

    assert answer.status_code == 302
    assert RosterEntry.objects.get().term_until == ends
