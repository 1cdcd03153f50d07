"""The list of cases: what stands on it, how it is filtered and walked, at which cost."""

from collections.abc import Callable, Iterator

import pytest
from django.http import QueryDict
from django.urls import reverse

from mediation.disputes.enums import Status
from mediation.disputes.selectors import CaseFilter
from tests.factories import CaseMaker, Cast, at, register
from tests.factories.people import LAST_GRID
from tests.web.conftest import SignIn
from tests.web.desk import DEADLY, queries, still
from workflows import selectors

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still():
        yield


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("wang", 200), ("li", 200), ("zhong", 200), ("si", 200), ("ling", 200), ("fu", 200),
        ("xi", 403), ("an", 403), ("shen", 403), ("mo", 403),
    ],
)  # fmt: skip
def test_list_opens_for_those_who_have_cases(sign_in: SignIn, who: str, answer: int) -> None:
    response = sign_in(who).get(reverse("disputes"))

    assert response.status_code == answer


def test_list_costs_the_same_for_one_and_three_cases(sign_in: SignIn, case_in: CaseMaker) -> None:
    browser, address = sign_in("bao"), reverse("disputes")
    case_in(Status.MEDIATING)
    one = queries(browser, address, **HTMX)
    case_in(Status.MEDIATING)
    case_in(Status.PERFORMING)

    three = queries(browser, address, **HTMX)

    # session, person, duties, the page, the capped count; the filter is not fetched again
    assert one == three == 5


@pytest.fixture
def numbers(sign_in: SignIn) -> Callable[..., set[str]]:
    """The case numbers on the list for somebody and a query."""

    def read(who: str, query: str = "") -> set[str]:
        response = sign_in(who).get(f"{reverse('disputes')}?{query}")
        return {row["number"] for row in response.context["rows"]}

    return read


def test_list_shows_what_is_visible(
    cast: Cast, case_in: CaseMaker, numbers: Callable[..., set[str]]
) -> None:
    here = case_in()
    there = register(cast.zhong, grid=LAST_GRID)

    seen = {who: numbers(who) for who in ("zhong", "wang", "li", "b_zhong")}

    both = {here.number, there.number}
    assert seen == {"zhong": both, "wang": {here.number}, "li": {here.number}, "b_zhong": set()}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=mediating", ["mediating"]),
        ("status=mediating&status=assessed", ["assessed", "mediating"]),
        ("stage=MEDIATION", ["mediating", "performing"]),
        ("stage=MEDIATION&status=assessed", []),
        ("colour=RED", ["red"]),
        ("category=10", ["wages"]),
        ("node=mediate", ["mediating"]),
        ("open=1", ["assessed", "mediating", "performing", "red", "wages"]),
        ("closed=2026-03", ["closed"]),
        ("closed=2026-02", []),
        ("new=2026-03-02", ["assessed", "closed", "mediating", "performing", "red", "wages"]),
        ("new=2026-03-03", []),
        ("status=nonsense&closed=2025&new=yesterday&colour=BLUE&open=1&node=mediate", ["mediating"]),
    ],
)  # fmt: skip
def test_list_filters_by_the_address(
    case_in: CaseMaker, numbers: Callable[..., set[str]], query: str, found: list[str]
) -> None:
    cases = {
        "assessed": case_in(Status.ASSESSED),
        "mediating": case_in(Status.MEDIATING),
        "performing": case_in(Status.PERFORMING),
        "closed": case_in(Status.CLOSED),
        "red": case_in(answers=DEADLY),
        "wages": case_in(category="10"),
    }

    shown = numbers("bao", query)

    assert sorted(name for name, case in cases.items() if case.number in shown) == found


def test_list_finds_what_is_late(case_in: CaseMaker, numbers: Callable[..., set[str]]) -> None:
    late, fine = case_in(Status.MEDIATING), case_in(Status.ASSESSED)

    with still(at("2026-04-20 09:00")):
        shown = numbers("bao", "overdue=1")

    assert (late.number in shown, fine.number in shown) == (True, False)


def test_list_finds_agreements_that_are_not_performed(
    case_in: CaseMaker, numbers: Callable[..., set[str]]
) -> None:
    late, done = case_in(Status.PERFORMING), case_in(Status.CLOSE_REVIEW)
    breached = case_in(Status.BREACHED)

    with still(at("2026-04-02 09:00")):
        shown = numbers("bao", "unperformed=1")

    assert shown == {late.number, breached.number}
    assert done.number not in shown


def test_list_shows_the_cases_of_a_mediator(
    case_in: CaseMaker, numbers: Callable[..., set[str]]
) -> None:
    mine, other = case_in(Status.MEDIATING), case_in()

    assert numbers("li", "mediator=me") == {mine.number}
    assert other.number in numbers("li")


def test_list_finds_by_number_code_serial_title_and_place(
    case_in: CaseMaker, numbers: Callable[..., set[str]]
) -> None:
    case = case_in(place="长春西路18号", title="屋顶漏水")
    case_in()
    typed = [case.number, case.code, case.code.lower().replace("-", ""), "长春西路", "漏水"]
    typed.append(str(int(case.number[-6:-1])))

    found = [numbers("bao", f"q={text}") for text in typed]

    assert found == [{case.number}] * len(typed)


@pytest.mark.parametrize(
    ("who", "finds"), [("bao", True), ("wang", True), ("ling", False), ("sun", False)]
)
def test_list_finds_by_name_only_for_those_who_read_names(
    case_in: CaseMaker, numbers: Callable[..., set[str]], who: str, finds: bool
) -> None:
    case_in(Status.MEDIATING)

    assert bool(numbers(who, "q=彭测安")) == finds


def test_list_is_walked_by_key(
    sign_in: SignIn, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "PAGE_SIZE", 2)
    cases = [register(cast.bao) for _ in range(5)]
    browser, address = sign_in("bao"), reverse("disputes")
    walked = []

    while address:
        context = browser.get(address).context
        walked.append([row["pk"] for row in context["rows"]])
        address = context["next"] and reverse("disputes") + context["next"]
    back = browser.get(reverse("disputes") + context["previous"]).context

    keys = [case.pk for case in reversed(cases)]
    assert walked == [keys[:2], keys[2:4], keys[4:]]
    assert [row["pk"] for row in back["rows"]] == keys[2:4]


def test_list_counts_no_further_than_it_must(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "COUNTED_TO", 2)
    for _ in range(3):
        register(cast.bao)

    response = sign_in("bao").get(reverse("disputes"))

    assert response.context["count_words"] == "1000+"


def test_list_answers_a_refresh_with_the_list_alone(sign_in: SignIn, case_in: CaseMaker) -> None:
    case_in()

    page = sign_in("bao").get(reverse("disputes"), headers=HTMX).content.decode()

    assert page.startswith('<div id="fq-cases" data-live="any"')


def test_filter_reads_its_own_address() -> None:
    query = (
        "status=mediating&stage=MEDIATION&colour=RED&category=02&area=430902006901&mediator=me"
        "&node=mediate&overdue=1&open=1&unperformed=1&new=2026-03-02&closed=2026-03&q=abc"
    )

    wanted = CaseFilter.read(QueryDict(query))

    assert CaseFilter.read(QueryDict(wanted.query)) == wanted
    assert sorted(wanted.query.split("&")) == sorted(query.split("&"))
