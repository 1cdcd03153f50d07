"""One dispute, one grade: the published cases, and what must hold for every dispute."""

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.warning.rules import CURRENT
from mediation.warning.ruleset import COLOURS
from mediation.warning.score import BadFacts, assess_risk
from tests.warning.vectors import load

CASES = load()["A_score"]
FLAGS = sorted(CURRENT.flags)
SETTLING = {"signed_agreement", "performed"}
CALM = {"category": "neighbor", "flags": dict.fromkeys(CURRENT.hard.values(), False)}

counts = st.none() | st.integers(0, 40)
facts = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["neighbor", "marriage_family", "labor_wage", "demolition"]),
        "flags": st.dictionaries(st.sampled_from(FLAGS), st.sampled_from([True, False, None])),
        "people_involved": counts,
        "amount_yuan": st.none() | st.integers(0, 10**7),
        "local_income_yuan": st.none() | st.integers(1, 10**6),
        "same_party_prior_365d": counts,
        "same_party_last_days": st.none() | st.integers(0, 400),
        "police_calls_365d": counts,
        "police_calls_90d": counts,
        "failed_mediations": counts,
        "unresolved_days": st.none() | st.integers(0, 2000),
        "days_to_spring_festival": st.none() | st.integers(-200, 365),
        "cluster_tier": st.sampled_from([None, *COLOURS]),
        "near_repeat_90d": counts,
    }
)
GROWING = (
    "people_involved",
    "same_party_prior_365d",
    "police_calls_365d",
    "police_calls_90d",
    "failed_mediations",
    "unresolved_days",
    "near_repeat_90d",
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}-{case['title']}")
def test_assess_published_case_gives_its_grade(case):
    risk = assess_risk(case["input"])

    assert {
        "points": risk.points,
        "base_grade": risk.base_colour,
        "grade": risk.colour,
        "triggers": list(risk.triggers),
        "floors": list(risk.floors),
        "unknown_critical": list(risk.unknown),
        "needs_verification": risk.needs_verification,
        "contributions": [list(pair) for pair in risk.contributions],
    } == case["expect"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_explain_published_case_in_its_words(case):
    assert assess_risk(case["input"]).explain_zh == case["explain"]


def test_rules_equal_the_published_words_and_cuts():
    published = load()
    factors = (*CURRENT.triggers, *CURRENT.floors, *CURRENT.weights)

    assert {factor.id: factor.zh for factor in factors} == published["labels_zh"]
    assert [list(cut) for cut in CURRENT.cuts] == published["spec"]["cuts"]
    assert [list(pair) for pair in CURRENT.hard.items()] == published["spec"]["hard"]


def test_explain_in_english_names_signs_floors_and_main_factors():
    pushing = {"physical_push": True, "verbal_threat": True, "alcohol": True}
    given_facts = {**CALM, "flags": {**CALM["flags"], **pushing}, "police_calls_90d": 3}

    assert assess_risk(given_facts).explain_en == (
        "Red (22 points)."
        " Grave signs: three or more police calls in 90 days with threat or pushing."
        " Floors: three or more police calls in 90 days."
        " Main factors: pushing (+12); threats or abuse in words (+6); alcohol involved (+4)."
    )


def test_assess_nothing_known_asks_for_verification():
    risk = assess_risk({})

    assert (risk.colour, risk.points, risk.floors) == ("yellow", 0, ("Y1",))
    assert risk.unknown == tuple(CURRENT.hard)
    assert risk.explain_zh == "黄色(0分)。保底规则:红线问题尚未核实。"


def test_assess_facts_without_flags_equals_no_flags():
    assert assess_risk({"people_involved": 2, "flags": None}) == assess_risk({"people_involved": 2})


def test_assess_settled_case_never_counts_below_zero():
    flags = {**CALM["flags"], "alcohol": True, "signed_agreement": True, "performed": True}

    risk = assess_risk({**CALM, "flags": flags})

    assert (risk.colour, risk.points) == ("blue", 0)
    assert risk.contributions == (("B5", 4), ("P1", -4), ("P2", -6))
    assert risk.explain_zh == "蓝色(0分)。主要因素:涉酒(+4)、已签调解协议(-4)、协议已履行(-6)。"


@pytest.mark.parametrize(
    ("people", "colour", "triggers"),
    [
        (4, "blue", ()),
        (5, "yellow", ()),
        (9, "yellow", ()),
        (10, "orange", ()),
        (29, "orange", ()),
        (30, "red", ("H6",)),
    ],
)
def test_assess_group_by_its_size(people, colour, triggers):
    risk = assess_risk({**CALM, "people_involved": people})

    assert (risk.colour, risk.triggers) == (colour, triggers)


@pytest.mark.parametrize(
    ("amount", "points"),
    [(Decimal("29999.99"), 0), (30_000, 3), (120_000, 6), (600_000, 8), (600_000.5, 8)],
)
def test_assess_amount_against_a_local_income(amount, points):
    risk = assess_risk({**CALM, "amount_yuan": amount, "local_income_yuan": 60_000})

    assert risk.points == points


@pytest.mark.parametrize(
    ("days", "floors", "points"),
    [(-1, (), 0), (0, ("F6",), 6), (45, ("F6",), 6), (46, (), 6), (60, (), 6), (61, (), 0)],
)
def test_assess_unpaid_wages_before_spring_festival(days, floors, points):
    wages = {**CALM, "category": "labor_wage", "people_involved": 5}

    risk = assess_risk({**wages, "days_to_spring_festival": days})

    assert risk.floors == (*floors, "Y2")
    assert risk.points == 5 + points


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        (["flags"], [""]),
        ("weapon_used", [""]),
        ({"flags": ["weapon_used"]}, ["flags"]),
        ({"flags": {"weapon": True}}, ["flags.weapon"]),
        ({"flags": {"weapon_used": "yes"}}, ["flags.weapon_used"]),
        ({"flags": {"weapon_used": 1, "injury": 0}}, ["flags.weapon_used", "flags.injury"]),
        ({"ethnicity": "han"}, ["ethnicity"]),
        ({"category": "01"}, ["category"]),
        ({"category": ["neighbor"]}, ["category"]),
        ({"people_involved": -1}, ["people_involved"]),
        ({"people_involved": True}, ["people_involved"]),
        ({"people_involved": 2.0}, ["people_involved"]),
        ({"people_involved": 10**400}, ["people_involved"]),
        ({"amount_yuan": float("nan")}, ["amount_yuan"]),
        ({"amount_yuan": float("inf")}, ["amount_yuan"]),
        ({"amount_yuan": Decimal("NaN")}, ["amount_yuan"]),
        ({"amount_yuan": 10**400}, ["amount_yuan"]),
        ({"amount_yuan": "100"}, ["amount_yuan"]),
        ({"local_income_yuan": 0}, ["local_income_yuan"]),
        ({"same_party_last_days": -3}, ["same_party_last_days"]),
        ({"days_to_spring_festival": 1e9}, ["days_to_spring_festival"]),
        ({"cluster_tier": "purple"}, ["cluster_tier"]),
        ({"cluster_tier": 3}, ["cluster_tier"]),
    ],
    ids=repr,
)
def test_assess_bad_facts_names_the_field(wrong, fields):
    with pytest.raises(BadFacts) as refused:
        assess_risk(wrong)

    assert list(refused.value.fields) == fields
    assert refused.value.sentences == list(dict.fromkeys(refused.value.fields.values()))
    assert all(sentence.endswith(".") for sentence in refused.value.sentences)


def test_change_a_grade_is_impossible():
    risk = assess_risk(CALM)

    with pytest.raises(FrozenInstanceError):
        risk.colour = "blue"


@given(facts=facts, flag=st.sampled_from([flag for flag in FLAGS if flag not in SETTLING]))
def test_add_a_yes_never_lowers_the_grade(facts, flag):
    before = assess_risk(facts)

    after = assess_risk({**facts, "flags": {**facts["flags"], flag: True}})

    assert COLOURS.index(after.colour) >= COLOURS.index(before.colour)
    assert after.points >= before.points


@given(facts=facts, name=st.sampled_from(GROWING), more=st.integers(1, 40))
def test_add_to_a_count_never_lowers_the_grade(facts, name, more):
    before = assess_risk(facts)

    after = assess_risk({**facts, name: (facts[name] or 0) + more})

    assert COLOURS.index(after.colour) >= COLOURS.index(before.colour)


@given(facts=facts)
def test_assess_same_facts_twice_gives_the_same_risk(facts):
    reordered = dict(reversed(facts.items()))

    assert assess_risk(facts) == assess_risk(reordered)


@given(facts=facts)
def test_grade_is_never_below_its_points_triggers_and_floors(facts):
    risk = assess_risk(facts)

    grades = {factor.id: factor.colour for factor in (*CURRENT.triggers, *CURRENT.floors)}
    asked = [risk.base_colour, *(grades[id_] for id_ in (*risk.triggers, *risk.floors))]
    assert risk.colour == max(asked, key=COLOURS.index)
