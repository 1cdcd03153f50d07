"""The search as a browser sees it: no words in addresses, no counts beyond one's view."""

import pytest
from django.db import connection

from mediation.disputes.enums import Status as S
from mediation.search.models import Lookup, Question
from tests.factories.cases import UPSTAIRS
from tests.web.desk import still

FENCE = "两家为<b>围墙</b>的位置争执，已经闹了半年。"


def ask(client, typed, **filters):
    return client.post("/search/", {"q": typed} | filters, follow=True)


def test_answer_shows_the_case_with_its_words_marked(sign_in, case_in):
    case = case_in(S.MEDIATING, facts=FENCE)

    page = ask(sign_in("bao"), "围墙").content.decode()

    assert case.number.split("〔")[0] in page
    assert "<mark>围墙</mark>" in page
    assert "<b>围墙" not in page  # what was typed into a case is text, never markup


def test_words_do_not_reach_the_address(sign_in, case_in):
    case_in(S.MEDIATING)

    answer = sign_in("bao").post("/search/", {"q": "彭测安", "stage": "MEDIATION"})

    assert answer.status_code == 302
    assert "彭" not in answer["Location"]
    assert "%E5" not in answer["Location"]
    assert answer["Location"].endswith("?stage=MEDIATION")


def test_filter_narrows(sign_in, case_in):
    case_in(S.MEDIATING)
    client = sign_in("bao")

    assert "没有找到" in ask(client, "漏水", stage="CLOSURE").content.decode()
    assert "没有找到" not in ask(client, "漏水", stage="MEDIATION").content.decode()


def test_lookup_by_number_is_recorded_and_said(sign_in, case_in):
    case_in(S.MEDIATING)
    client = sign_in("bao")

    page = ask(client, UPSTAIRS["id_number"]).content.decode()

    assert Lookup.objects.get().found == 1
    assert UPSTAIRS["id_number"] not in page
    assert "****0014" in page
    audit = sign_in("shen").get("/search/records/").content.decode()
    assert "包测密" in audit


def test_refused_role_leaves_no_record(sign_in, case_in):
    case_in(S.MEDIATING)

    answer = sign_in("an").post("/search/", {"q": UPSTAIRS["id_number"]})

    assert answer.status_code == 403
    assert (Lookup.objects.count(), Question.objects.count()) == (0, 0)


def test_question_of_somebody_else_does_not_exist(sign_in, case_in):
    case_in(S.MEDIATING)
    ask(sign_in("bao"), "漏水")
    key = Question.objects.get().key

    assert sign_in("si").get(f"/search/{key}/").status_code == 404
    assert sign_in("si").post(f"/search/{key}/forget/").status_code == 404


def test_saved_search_stays_with_its_filter_until_forgotten(sign_in, case_in):
    case_in(S.MEDIATING)
    client = sign_in("bao")
    ask(client, "漏水")
    key = Question.objects.get().key

    client.post(f"/search/{key}/keep/", {"title": "漏水案", "filters": "stage=MEDIATION&x=1"})

    assert "漏水案" in client.get("/search/").content.decode()
    assert Question.objects.get().filters == "stage=MEDIATION"
    client.post(f"/search/{key}/forget/")
    assert Question.objects.count() == 0


def test_people_are_named_only_where_names_may_be_read(sign_in, case_in):
    case_in(S.MEDIATING)

    assert "<mark>彭测安</mark>" in ask(sign_in("bao"), "彭测安").content.decode()
    assert "彭测安" not in ask(sign_in("ling"), "漏水").content.decode()


@pytest.mark.parametrize("typed", ["", "   ", "\x00", "x" * 500, "💥'\"\\", "(((", "a:b*"])
def test_any_text_is_answered(sign_in, cast, typed):
    assert ask(sign_in("bao"), typed).status_code == 200


def test_page_costs_the_same_for_one_hit_and_three(sign_in, case_in, django_assert_num_queries):
    case_in(S.MEDIATING)
    client = sign_in("bao")
    # SQLite is asked how often the words occur as well, to choose the way to them.
    cost = 14 if connection.vendor == "postgresql" else 15
    with still():
        ask(client, "漏水")
        address = f"/search/{Question.objects.get().key}/"
        with django_assert_num_queries(cost):
            client.get(address)
        case_in(S.MEDIATING)
        case_in(S.MEDIATING)
        with django_assert_num_queries(cost):
            client.get(address)
