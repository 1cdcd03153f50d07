"""One box: what it finds, what it never tells, and that the index keeps up with every command."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from mediation.search import index, questions, selectors, services
from mediation.search.models import Entry, Lookup, Question
from tests.factories import at, give
from tests.factories.cases import CHILD, DAY_ONE, DOWNSTAIRS, UPSTAIRS, agreement
from workflows import proofs, repair

NOW = at("2026-03-02 12:00")
FENCE = "两家为围墙的位置争执，宅基地的界线写在1987年的协议里。"


def found(actor, typed):
    asked = questions.understand(typed)
    cases = selectors.found(asked, actor, now=NOW)
    hits = selectors.capped_count(cases)
    return list(selectors.newest(cases, hits=hits).values_list("pk", flat=True))


@pytest.fixture
def fence(case_in):
    return case_in(S.MEDIATING, facts=FENCE, place="幸福路3号楼")


@pytest.mark.parametrize(
    "typed",
    ["围墙", "宅基地", "墙", "幸福路", "路3号", "3号楼", "1987", "围墙 宅基", "汽车路街道", "彭测安",
     "测安", "围墙 彭测安", "第3网格", "00001", "1"],
)  # fmt: skip
@pytest.mark.parametrize("most_rare", [selectors.MOST_RARE, 0])
def test_words_find_the_case(cast, fence, typed, most_rare, monkeypatch):
    """On the way of rare words and on that of frequent ones."""
    monkeypatch.setattr(selectors, "MOST_RARE", most_rare)

    assert found(cast.bao, typed) == [fence.pk]
    assert found(cast.b_zhong, typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "墙围",
        "围墙的协议",
        "位置争执宅基地",
        "198",
        "围墙 高利贷",
        "彭测宁",
        "",
        "' OR 1=1 --",
        "\x00",
        "*:*",
    ],
)
def test_other_words_do_not(cast, fence, typed):
    assert found(cast.bao, typed) == []


def test_number_and_code_find_exactly_it(cast, case_in, fence):
    case_in(S.REGISTERED)

    assert found(cast.bao, fence.number) == [fence.pk]
    assert found(cast.bao, fence.code.lower().replace("-", " ")) == [fence.pk]


def test_newest_comes_first(cast, case_in):
    cases = [case_in(S.REGISTERED).pk for _ in range(3)]

    assert found(cast.bao, "漏水") == cases[::-1]


@pytest.mark.parametrize("most_rare", [selectors.MOST_RARE, 0])
def test_leader_finds_by_words_but_not_by_name(cast, fence, most_rare, monkeypatch):
    monkeypatch.setattr(selectors, "MOST_RARE", most_rare)

    assert found(cast.ling, "围墙") == [fence.pk]
    assert found(cast.ling, "彭测安") == []
    assert found(cast.ling, "围墙 彭测安") == []
    assert found(cast.ling, UPSTAIRS["id_number"]) == []


@pytest.mark.parametrize("who", ["b_zhong", "b_ling", "xi", "an", "shen", "mo"])
@pytest.mark.parametrize("typed", ["围墙", "彭测安", "汽车路", UPSTAIRS["id_number"]])
def test_strangers_find_nothing(cast, fence, who, typed):
    assert found(getattr(cast, who), typed) == []


def test_id_number_finds_exact_matches_only(cast, fence):
    assert found(cast.bao, UPSTAIRS["id_number"]) == [fence.pk]
    assert found(cast.bao, f" {UPSTAIRS['id_number'][:6]} {UPSTAIRS['id_number'][6:]}") == [
        fence.pk
    ]
    assert found(cast.bao, "439999198506120022") == []


def test_sensitive_case_is_found_by_the_cleared_alone(cast, case_in):
    case = case_in(S.REGISTERED, parties=[UPSTAIRS, DOWNSTAIRS, CHILD])

    assert found(cast.bao, "漏水") == found(cast.bao, "彭测安") == [case.pk]
    assert found(cast.zhong, "漏水") == found(cast.zhong, "彭测安") == []
    assert found(cast.bao, "周测童") == []  # a child is found by nobody's typing


def test_names_of_a_sensitive_case_are_not_in_the_index(cast, case_in):
    case = case_in(S.MEDIATING)
    before = index.wanted([case.pk])[case.pk]

    give(cast.li, "add_party", case, DAY_ONE, **CHILD, is_affected_only=True)

    assert "彭测" in before.names
    assert index.wanted([case.pk])[case.pk].names == []
    assert index.behind([case.pk]) == set()
    assert found(cast.bao, "测安") == []


def test_corrected_name_is_found_and_the_former_is_not(cast, case_in):
    case = case_in(S.MEDIATING)

    give(
        cast.li, "add_party", case, DAY_ONE,
        name="彭测平", side="respondent", id_number=UPSTAIRS["id_number"], replaces=1,
    )  # fmt: skip

    assert found(cast.bao, "彭测平") == [case.pk]
    assert found(cast.bao, "彭测安") == []


def test_step_that_changes_no_words_writes_no_index(cast, case_in):
    case = case_in(S.MEDIATING)

    with CaptureQueriesContext(connection) as asked:
        give(cast.li, "reach_agreement", case, DAY_ONE, **agreement())

    assert [q for q in asked.captured_queries if "search_entry" in q["sql"]] == []


def test_lost_row_is_noticed_and_put_back(cast, fence):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_entry")

    assert set(proofs.run(now=NOW).broken) == {"search"}
    repair.run(now=NOW)

    assert proofs.run(now=NOW).ok
    assert found(cast.bao, "围墙") == [fence.pk]


def test_stale_row_is_noticed_and_mended(cast, fence):
    Dispute.objects.filter(pk=fence.pk).update(facts="后来改写的经过：为了停车位。")

    assert set(proofs.run(now=NOW).broken) == {"search"}
    assert [one.what for one in repair.run(now=NOW)] == ["search index rebuilt"]

    assert found(cast.bao, "停车位") == [fence.pk]
    assert found(cast.bao, "围墙") == []


@pytest.mark.parametrize("many", [0, index.MANY], ids=["many", "few"])
def test_catch_up_indexes_what_came_without_a_command(cast, fence, monkeypatch, many):
    monkeypatch.setattr(index, "MANY", many)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_entry")

    assert index.catch_up() == 1
    assert index.catch_up() == 0
    assert Entry.objects.get().digest == index.wanted([fence.pk])[fence.pk].digest


def test_frequent_word_is_walked_with_the_same_answer(cast, case_in, monkeypatch):
    cases = [case_in(S.REGISTERED).pk for _ in range(3)]
    monkeypatch.setattr(selectors, "COUNTED_TO", 2)

    assert found(cast.bao, "漏水") == cases[::-1]


def test_recent_questions_are_few_and_sealed(cast):
    for number in range(12):
        services.remember(cast.bao, f"彭测安{number}", now=NOW)
    services.remember(cast.bao, "彭测安11", now=NOW)

    kept = services.recent(cast.bao)
    assert len(kept) == services.RECENT
    assert kept[0].text == "彭测安11"
    assert Question.objects.filter(text_sealed__contains="彭测安".encode()).count() == 0


def test_lookup_record_is_never_changed(cast, fence):
    asked = questions.understand(UPSTAIRS["id_number"])
    services.record(asked, cast.bao, found=1, door="page", now=NOW)
    row = Lookup.objects.get()

    assert (row.what, row.masked, row.found) == ("id", "****0014", 1)
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
