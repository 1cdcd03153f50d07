"""The search for programs: the same answers as the page, in a body."""

from mediation.disputes.enums import Status as S
from mediation.search.models import Lookup
from tests.factories.cases import UPSTAIRS


def test_words_answer_the_case(caller, case_in):
    case = case_in(S.MEDIATING)

    answer = caller("bao").post("search", {"q": "漏水"}).json()

    assert [hit["number"] for hit in answer["items"]] == [case.number]
    assert (answer["count"], answer["next"], answer["recorded"]) == (1, None, False)


def test_pages_follow_each_other(caller, case_in):
    numbers = [case_in(S.REGISTERED).number for _ in range(3)]
    program = caller("bao")

    first = program.post("search", {"q": "漏水", "limit": 2}).json()
    second = program.post("search", {"q": "漏水", "limit": 2, "before": first["next"]}).json()

    told = [hit["number"] for page in (first, second) for hit in page["items"]]
    assert told == numbers[::-1]


def test_id_number_is_recorded(caller, case_in):
    case_in(S.MEDIATING)

    answer = caller("bao").post("search", {"q": UPSTAIRS["id_number"]}).json()

    assert (len(answer["items"]), answer["recorded"], Lookup.objects.get().door) == (1, True, "api")


def test_stranger_finds_nothing_and_administrators_may_not_ask(caller, case_in):
    case_in(S.MEDIATING)

    assert caller("b_zhong").post("search", {"q": "漏水"}).json()["items"] == []
    assert caller("an").post("search", {"q": "漏水"}).status_code == 403


def test_empty_or_odd_body_is_refused_at_its_field(caller, cast):
    assert caller("bao").post("search", {"q": ""}).status_code == 422
    assert caller("bao").post("search", {"q": "x", "area": "1"}).status_code == 422
