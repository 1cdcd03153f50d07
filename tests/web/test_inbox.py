"""Messages: one's own alone, unread first, each read once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from mediation.disputes.models import Dispute
from mediation.notifications.models import InboxCursor, Notice
from mediation.notifications.services import unread
from tests.factories import CaseMaker, Cast
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 3, 2, 4, tzinfo=UTC)


def notices(cast: Cast, name: str, count: int, *, read: int = 0, **more: Any) -> None:
    """``count`` notices, the first ``read`` of them read, one a day."""
    Notice.objects.filter(person=cast.person(name)).delete()
    for seq in range(1, count + 1):
        Notice.objects.create(
            person=cast.person(name),
            seq=seq,
            kind="assess",
            created_at=MOMENT + timedelta(days=seq),
            acknowledged_at=MOMENT if seq <= read else None,
            **more,
        )
    InboxCursor.objects.update_or_create(person=cast.person(name), defaults={"latest": count})


def test_inbox_sends_visitors_to_the_login_page(client: Client) -> None:
    assert client.get("/inbox/").headers["Location"] == "/accounts/login/?next=/inbox/"


def test_inbox_is_open_to_everybody_who_signs_in(sign_in: SignIn, cast: Cast) -> None:
    assert {name: sign_in(name).get("/inbox/").status_code for name in ("wang", "mo", "shen")} == {
        "wang": 200,
        "mo": 200,
        "shen": 200,
    }


def test_inbox_shows_unread_first_then_day_by_day(sign_in: SignIn, cast: Cast) -> None:
    notices(cast, "wang", 4, read=2)

    told = sign_in("wang").get("/inbox/").context

    assert [line.seq for line in told["unread"]] == [4, 3]
    assert [[line.seq for line in lines] for _, lines in told["days"]] == [[2], [1]]
    assert told["newest"] == 4


def test_line_names_case_event_and_level(sign_in: SignIn, cast: Cast, case_in: CaseMaker) -> None:
    case = case_in()
    notices(cast, "wang", 1, dispute=case, level="RED", asks=True)

    body = sign_in("wang").get("/inbox/").content.decode()

    for word in (case.number, f"/disputes/{case.code}/", 'data-colour="red"'):
        assert word in body
    for name in ("彭测安", "蔡测宁"):
        assert name not in body


def test_confirming_one_leaves_the_others(sign_in: SignIn, cast: Cast) -> None:
    notices(cast, "wang", 3)
    browser = sign_in("wang")

    first = browser.post("/inbox/2/read/")
    second = browser.post("/inbox/2/read/")

    assert (first.status_code, second.status_code) == (302, 302)
    assert list(
        Notice.objects.filter(acknowledged_at__isnull=False).values_list("seq", flat=True)
    ) == [2]


@pytest.mark.parametrize("seq", [9, 2**63, 10**30])
def test_confirming_what_does_not_exist_is_not_found(sign_in: SignIn, cast: Cast, seq: int) -> None:
    assert sign_in("wang").post(f"/inbox/{seq}/read/").status_code == 404


def test_nobody_confirms_for_another(sign_in: SignIn, cast: Cast) -> None:
    notices(cast, "wang", 1)

    response = sign_in("li").post("/inbox/1/read/")

    assert (response.status_code, unread(cast.id("wang"))) == (404, 1)


def test_confirm_all_spares_what_came_after_the_page(sign_in: SignIn, cast: Cast) -> None:
    notices(cast, "wang", 3)

    sign_in("wang").post("/inbox/read/", {"newest": "2"})

    assert list(
        Notice.objects.filter(acknowledged_at__isnull=True).values_list("seq", flat=True)
    ) == [3]


@pytest.mark.parametrize("newest", ["", "x", "-1", "٣", "9" * 40, "\x00"])
def test_confirm_all_with_a_broken_number_confirms_nothing(
    sign_in: SignIn, cast: Cast, newest: str
) -> None:
    notices(cast, "wang", 1)

    response = sign_in("wang").post("/inbox/read/", {"newest": newest})

    assert (response.status_code, unread(cast.id("wang"))) == (302, 1)


def test_acts_of_the_inbox_are_posts(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("wang")

    assert browser.get("/inbox/read/").status_code == 405
    assert browser.get("/inbox/1/read/").status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_costs_the_same_for_any_number(
    sign_in: SignIn,
    cast: Cast,
    case_in: CaseMaker,
    django_assert_num_queries: Any,
    count: int,
) -> None:
    notices(cast, "wang", 2 * count, read=count, dispute=case_in())
    browser = sign_in("wang")

    # Session, person, duties, reading point, unread, read, the bell.
    with django_assert_num_queries(7):
        browser.get("/inbox/")


def test_earlier_messages_stand_on_the_next_page(
    sign_in: SignIn, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mediation.web.views.inbox.PAGE_SIZE", 2)
    notices(cast, "wang", 5, read=5)
    browser = sign_in("wang")

    first = browser.get("/inbox/").context
    second = browser.get(f"/inbox/?before={first['older']}").context

    assert [line.seq for _, lines in first["days"] for line in lines] == [5, 4]
    assert [line.seq for _, lines in second["days"] for line in lines] == [3, 2]


# For browsers without a socket --------------------------------------------------------------------


def test_since_tells_what_came_after(sign_in: SignIn, cast: Cast, case_in: CaseMaker) -> None:
    case = case_in()
    notices(cast, "wang", 3, dispute=case, level="RED")

    answer = sign_in("wang").get("/inbox/since/?after=1").json()

    line = {"kind": "assess", "dispute": case.number, "level": "RED"}
    assert answer == {"last": 3, "notices": [{"seq": 2, **line}, {"seq": 3, **line}]}


def test_since_asks_for_no_notices_where_none_can_be(
    sign_in: SignIn, cast: Cast, django_assert_num_queries: Any
) -> None:
    """A phone without a socket asks all day."""
    notices(cast, "wang", 2)
    browser = sign_in("wang")

    # session, person, the number of the latest notice; with news also duties and the notices
    for after, asked, told in ((2, 3, []), (9, 3, []), (1, 5, [2])):
        with django_assert_num_queries(asked):
            answer = browser.get(f"/inbox/since/?after={after}").json()
        assert [line["seq"] for line in answer["notices"]] == told
        assert answer["last"] == max([after, *told])


def test_since_goes_on_where_a_full_page_ended(sign_in: SignIn, cast: Cast) -> None:
    notices(cast, "wang", 103)
    browser = sign_in("wang")

    first = browser.get("/inbox/since/?after=0").json()
    second = browser.get(f"/inbox/since/?after={first['last']}").json()

    seen = [line["seq"] for page in (first, second) for line in page["notices"]]
    assert seen == list(range(1, 104))


def test_since_and_the_interface_name_no_case_that_left_the_view(
    sign_in: SignIn, cast: Cast, case_in: CaseMaker
) -> None:
    case = case_in()
    notices(cast, "sun", 1, dispute=case, level="RED")
    browser = sign_in("sun")
    before = browser.get("/inbox/since/?after=0").json()["notices"]
    Dispute.objects.filter(pk=case.pk).update(sensitivity="sealed")

    told = browser.get("/inbox/since/?after=0").json()["notices"]
    answer = browser.get("/api/v1/inbox?after=0").json()["items"]

    assert before == [{"seq": 1, "kind": "assess", "dispute": case.number, "level": "RED"}]
    assert told == [{"seq": 1, "kind": "assess", "dispute": None, "level": ""}]
    assert [(one["number"], one["code"], one["level"]) for one in answer] == [(None, None, None)]


@pytest.mark.parametrize("after", ["", "x", "-5", "1e9", "9" * 50, "\x00"])
def test_since_reads_a_broken_number_as_the_beginning(
    sign_in: SignIn, cast: Cast, after: str
) -> None:
    notices(cast, "wang", 1)

    answer = sign_in("wang").get("/inbox/since/", {"after": after}).json()

    assert [line["seq"] for line in answer["notices"]] == [1]


def test_since_tells_a_visitor_that_he_is_signed_out(client: Client) -> None:
    response = client.get("/inbox/since/?after=0")

    assert (response.status_code, response.headers["Content-Type"]) == (401, "application/json")
