"""The questions about danger: few, plain, and each one moves a fact that the rules know."""

from decimal import Decimal

import pytest

from mediation.disputes.enums import Category
from mediation.warning.known_facts import CHECKS
from mediation.warning.questions import (
    FURTHER,
    INCOME_YUAN,
    QUESTIONS,
    BadAnswers,
    clean_answers,
    facts_from_answers,
)
from mediation.warning.rules import CURRENT, HARD
from mediation.warning.score import assess_risk

CALM = {**dict.fromkeys(HARD.values(), "no"), "conduct": "calm", "earlier_disputes": "0"}


def graded(answers, *, category="02", people=2, amount=None, known=None):
    facts = facts_from_answers(
        answers, category=category, people=people, amount=amount, known=known
    )
    return assess_risk(facts)


def test_registration_asks_ten_questions_with_every_hard_one():
    keys = [question.key for question in QUESTIONS]

    assert len(keys) == 10
    assert set(HARD.values()) < set(keys)


def test_every_answer_states_facts_that_the_rules_know():
    choices = [choice for question in (*QUESTIONS, *FURTHER) for choice in question.choices]
    stated = {name for choice in choices for name in choice.facts}

    assert stated <= CURRENT.flags | set(CHECKS)


def test_every_flag_of_danger_can_be_asked():
    choices = [choice for question in (*QUESTIONS, *FURTHER) for choice in question.choices]
    stated = {name for choice in choices for name in choice.facts}

    # These two are known from the case itself.
    assert CURRENT.flags - stated == {"signed_agreement", "performed"}


def test_clean_answers_stores_words_in_the_order_of_the_questions():
    typed = {"conduct": "push", "alcohol": None, "weapon_used": False, "injury": True}

    cleaned = clean_answers(typed)

    assert list(cleaned.items()) == [
        ("injury", "yes"),
        ("weapon_used", "no"),
        ("conduct", "push"),
        ("alcohol", "unknown"),
    ]
    assert clean_answers(cleaned) == cleaned


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ([], [""]),
        ("yes", [""]),
        ({"ethnicity": "yes"}, ["ethnicity"]),
        ({"injury": "perhaps"}, ["injury"]),
        ({"injury": 1}, ["injury"]),
        ({"injury": ["yes"]}, ["injury"]),
        ({"conduct": True}, ["conduct"]),
        ({"police_calls": "9", "x": 1}, ["police_calls", "x"]),
    ],
    ids=repr,
)
def test_clean_answers_refuses_what_was_not_offered(typed, fields):
    with pytest.raises(BadAnswers) as refused:
        clean_answers(typed)

    assert list(refused.value.fields) == fields


def test_facts_from_no_answers_are_all_unknown():
    facts = facts_from_answers({}, category="10", people=3, amount=Decimal("2800.50"))

    assert facts == {
        **dict.fromkeys(CHECKS),
        "category": "labor_wage",
        "people_involved": 3,
        "amount_yuan": Decimal("2800.50"),
        "local_income_yuan": INCOME_YUAN,
        "flags": {},
    }


@pytest.mark.parametrize(
    ("answers", "colour", "decided_by"),
    [
        ({}, "yellow", ("Y1",)),
        (CALM, "blue", ()),
        (CALM | {"self_harm": "unknown"}, "yellow", ("Y1",)),
        (CALM | {"self_harm": "yes"}, "red", ("H4",)),
        (CALM | {"conduct": "push", "earlier_disputes": "1"}, "orange", ("F1",)),
        (CALM | {"police_calls": "3q"}, "orange", ("F9",)),
        (CALM | {"police_calls": "3q", "conduct": "threat"}, "red", ("H10", "F9")),
        (CALM | {"conduct": "both", "failed_mediations": "2"}, "orange", ("F5",)),
        (CALM | {"stalking": "yes", "intimate_relation": "yes"}, "orange", ("F7",)),
    ],
)
def test_grade_from_answers(answers, colour, decided_by):
    risk = graded(answers)

    assert (risk.colour, (*risk.triggers, *risk.floors)) == (colour, decided_by)


def test_grade_takes_the_larger_of_what_is_told_and_what_is_known():
    known = {"same_party_prior_365d": 3, "same_party_last_days": 20, "flags": {"performed": True}}

    risk = graded(CALM | {"earlier_disputes": "1"}, known=known)

    assert risk.floors == ("F4",)
    assert risk.contributions == (("A1", 14), ("A2", 5), ("P2", -6))


def test_grade_passes_over_an_answer_to_a_question_of_former_days():
    assert graded(CALM | {"former": "yes", "conduct": "former"}) == graded(CALM)


@pytest.mark.parametrize("category", Category)
def test_grade_every_statistical_category(category):
    assert graded(CALM, category=category.value).triggers == ()


def test_grade_unpaid_wages_before_spring_festival_from_the_category():
    risk = graded(CALM, category="10", people=5, known={"days_to_spring_festival": 45})

    assert risk.floors == ("F6", "Y2")
