"""What may be said about a dispute to grade it, and how a wrong statement is refused.

Plain Python. Not accepted at all, because the law or fairness forbids it: ethnicity, religion,
household registration, political status, history of petitions, diagnosis, credit, any label of a
person (Personal Information Protection Law, arts. 24, 28). An unknown name is therefore refused.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from mediation.core.text import gettext_noop
from mediation.warning.ruleset import COLOURS

MOST_PEOPLE = 1_000_000
MOST_DAYS = 36_500
MOST_YUAN = 10**12

_CATEGORY = re.compile("[a-z][a-z_]{0,39}")

Check = Callable[[Any], str | None]


class BadFacts(ValueError):
    """``fields``: fact → one sentence (a msgid); the empty name stands for the whole."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{name}: {why}".lstrip(": ") for name, why in fields.items()))
        self.fields = dict(fields)

    @property
    def sentences(self) -> list[str]:
        return list(dict.fromkeys(self.fields.values()))


def _whole(least: int, most: int, sentence: str) -> Check:
    def check(value: Any) -> str | None:
        # True is an int to Python, but not a number to the person who typed it.
        fits = type(value) is int and least <= value <= most
        return None if fits else sentence

    return check


def _yuan(*, least_open: bool) -> Check:
    def check(value: Any) -> str | None:
        # An int is never infinite, but may be too large to ask.
        number = type(value) is int or (type(value) in {float, Decimal} and math.isfinite(value))
        if number and 0 <= value <= MOST_YUAN and not (least_open and value == 0):
            return None
        return _INCOME if least_open else _AMOUNT

    return check


def _category(value: Any) -> str | None:
    return None if isinstance(value, str) and _CATEGORY.fullmatch(value) else _WORD


def _tier(value: Any) -> str | None:
    return None if isinstance(value, str) and value in COLOURS else _COLOUR


def _flag(value: Any) -> str | None:
    return None if value is None or isinstance(value, bool) else _YES_NO


_MAPPING = gettext_noop("Give the facts as names with values.")
_NOT_A_FACT = gettext_noop("This is not a fact that the rules know.")
_YES_NO = gettext_noop("Answer with true, false or null (unknown).")
_COUNT = gettext_noop("Give a whole number from 0 to 1,000,000, or null (unknown).")
_DAYS = gettext_noop("Give whole days from 0 to 36,500, or null (unknown).")
_DAYS_TO = gettext_noop("Give whole days from -36,500 to 36,500, or null (unknown).")
_AMOUNT = gettext_noop("Give an amount in yuan from 0 to 1,000,000,000,000, or null (unknown).")
_INCOME = gettext_noop("Give a yearly income in yuan above 0, or null (unknown).")
_WORD = gettext_noop("Give the kind of dispute as a word such as labor_wage, or null (unknown).")
_COLOUR = gettext_noop("Give blue, yellow, orange or red, or null (none).")

_count = _whole(0, MOST_PEOPLE, _COUNT)
_days = _whole(0, MOST_DAYS, _DAYS)

CHECKS: Mapping[str, Check] = {
    "category": _category,
    "people_involved": _count,
    "amount_yuan": _yuan(least_open=False),
    "local_income_yuan": _yuan(least_open=True),
    "same_party_prior_365d": _count,
    "same_party_last_days": _days,
    "police_calls_365d": _count,
    "police_calls_90d": _count,
    "failed_mediations": _count,
    "unresolved_days": _days,
    "days_to_spring_festival": _whole(-MOST_DAYS, MOST_DAYS, _DAYS_TO),
    "cluster_tier": _tier,
    "near_repeat_90d": _count,
}


def read(facts: Any, *, flags: frozenset[str]) -> dict[str, Any]:
    """The facts in one flat mapping, with the amount set against income. Raises ``BadFacts``."""
    if not isinstance(facts, Mapping):
        raise BadFacts({"": _MAPPING})
    if wrong := dict(_wrong(facts, flags)):
        raise BadFacts(wrong)
    numbers = {name: facts.get(name) for name in CHECKS}
    return {**(facts.get("flags") or {}), **numbers, "amount_to_income": _ratio(numbers)}


def _wrong(facts: Mapping[Any, Any], flags: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        if name == "flags":
            yield from _wrong_flags(value, flags)
        elif name not in CHECKS:
            yield shown(name), _NOT_A_FACT
        elif value is not None and (why := CHECKS[name](value)):
            yield name, why


def _wrong_flags(given: Any, flags: frozenset[str]) -> Iterator[tuple[str, str]]:
    if given is None:
        return
    if not isinstance(given, Mapping):
        yield "flags", _MAPPING
        return
    for name, value in given.items():
        why = _flag(value) if name in flags else _NOT_A_FACT
        if why:
            yield f"flags.{shown(name)}", why


def _ratio(numbers: Mapping[str, Any]) -> Fraction | None:
    amount, income = numbers["amount_yuan"], numbers["local_income_yuan"]
    if amount is None or income is None:
        return None
    # Exact: half a year's income is half a year's income, whatever kind of number was given.
    return Fraction(amount) / Fraction(income)


def shown(name: Any) -> str:
    """A foreign name as a refusal may repeat it: short, and without power over a terminal."""
    return "".join(sign for sign in str(name)[:40] if sign.isprintable())
