"""What is asked about the danger of a dispute: ten taps at registration, more at assessment.

Plain Python. Nobody has to answer: a question left open counts as unknown, and unknown is not no.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from mediation.core.text import gettext_noop
from mediation.warning import known_facts
from mediation.warning.known_facts import CHECKS, BadFacts

YES, NO, UNKNOWN = "yes", "no", "unknown"
YEAR, QUARTER = 365, 90

# National disposable income per head in 2024 (National Bureau of Statistics). An office that
# knows the figure of its own place says so through ``known``.
INCOME_YUAN = 41_314


class BadAnswers(BadFacts):
    """``fields``: question → one sentence (a msgid); the empty name stands for the whole."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its stored value, its words, and what it says about the dispute."""

    value: str
    zh: str
    en: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    zh: str
    en: str
    choices: tuple[Choice, ...]
    days: int = 365
    """So long the answer holds; afterwards it is unknown again and somebody has to ask."""

    def choice(self, answer: Any) -> Choice | None:
        """The choice that ``answer`` names; none when it names no choice of this question."""
        if answer is None or answer == "":
            answer = UNKNOWN
        elif isinstance(answer, bool):
            answer = YES if answer else NO
        return next((choice for choice in self.choices if choice.value == answer), None)


_NOT_KNOWN = Choice(UNKNOWN, "不清楚", "Not known", {})


def _tap(flag: str, zh: str, en: str, *, days: int = QUARTER) -> Question:
    """Yes, no or unknown about one flag; the question carries the name of the flag."""
    yes_no = Choice(YES, "是", "Yes", {flag: True}), Choice(NO, "否", "No", {flag: False})
    return Question(flag, zh, en, (*yes_no, _NOT_KNOWN), days)


def _pick(key: str, zh: str, en: str, *choices: Choice, days: int = YEAR) -> Question:
    return Question(key, zh, en, (*choices, _NOT_KNOWN), days)


def _talk(value: str, zh: str, en: str, *, threat: bool, push: bool) -> Choice:
    return Choice(value, zh, en, {"verbal_threat": threat, "physical_push": push})


def _earlier(value: str, zh: str, en: str) -> Choice:
    return Choice(value, zh, en, {"same_party_prior_365d": int(value)})


def _calls(value: str, zh: str, en: str, *, year: int, quarter: int | None) -> Choice:
    return Choice(value, zh, en, {"police_calls_365d": year, "police_calls_90d": quarter})


# At registration ---------------------------------------------------------------------------------

QUESTIONS: tuple[Question, ...] = (
    _tap("injury", "有人受伤吗", "Is anybody hurt?"),
    _tap(
        "weapon_used",
        "有人动刀、棍棒等器械吗",
        "Did anybody use a knife, a club or another weapon?",
    ),
    _tap(
        "death_threat",
        "有人扬言杀人、报复或同归于尽吗",
        "Did anybody threaten to kill, to take revenge or to die together?",
    ),
    _tap(
        "self_harm",
        "有人说要自杀、自残，或已经这样做吗",
        "Did anybody speak of suicide or self-harm, or try it?",
    ),
    _tap(
        "dangerous_goods",
        "有汽油、燃气、爆炸物、毒物，或有人扬言使用吗",
        "Is petrol, gas, an explosive or poison there or threatened?",
    ),
    _tap("ongoing_mass_event", "现在有人群聚集吗", "Is a crowd gathering now?"),
    _tap(
        "vulnerable_victim",
        "未成年人、老人、孕妇或残疾人正受伤害吗",
        "Is a minor, an elderly, pregnant or disabled person being harmed?",
    ),
    _tap(
        "strangulation_or_confinement",
        "有人被掐脖子、捆绑或不让离开吗",
        "Was anybody strangled, tied up or kept from leaving?",
    ),
    _tap(
        "protection_order_breach",
        "有人违反人身安全保护令或告诫书吗",
        "Did anybody break a protection order or a warning letter?",
    ),
    _pick(
        "conduct",
        "双方闹到什么程度",
        "How far did it go?",
        _talk("calm", "没有吵骂", "No abuse", threat=False, push=False),
        _talk("threat", "辱骂或威胁", "Abuse or threats", threat=True, push=False),
        _talk("push", "有推搡", "Pushing", threat=False, push=True),
        _talk("both", "辱骂威胁并推搡", "Abuse or threats, and pushing", threat=True, push=True),
        days=QUARTER,
    ),
)

# At assessment -----------------------------------------------------------------------------------

FURTHER: tuple[Question, ...] = (
    _tap(
        "intimate_relation", "双方是夫妻、恋人或曾经是吗", "Are or were they a couple?", days=YEAR
    ),
    _tap("stalking", "有跟踪、纠缠、骚扰吗", "Is anybody followed or harassed?"),
    _tap("escalating", "这次比上次更严重吗", "Was it worse than the time before?"),
    _tap("alcohol", "当时有人喝酒吗", "Had anybody been drinking?"),
    _tap(
        "despair_loss",
        "有人刚遭受重大损失，并亲口流露绝望吗",
        "Did anybody suffer a great loss of late and speak of despair?",
    ),
    _tap(
        "vulnerable_present",
        "家中老人、孩子等当时在场吗",
        "Was a child, an elderly or another person in need of protection present?",
    ),
    _tap(
        "unavoidable_contact",
        "双方天天要碰面吗",
        "Can the parties not avoid each other?",
        days=YEAR,
    ),
    _tap("livelihood", "影响到基本生活吗", "Is anybody's basic livelihood at stake?", days=YEAR),
    _tap("cross_jurisdiction", "涉及别的街道或区县吗", "Does it reach into another area?"),
    _tap("online_spread", "已在网上传播吗", "Is it spreading online?"),
    _tap("organising_group", "有人在串联聚集吗", "Is anybody organising a gathering?"),
    _pick(
        "earlier_disputes",
        "这些人一年内闹过几次纠纷",
        "How many earlier disputes did these people have within a year?",
        _earlier("0", "没有", "None"),
        _earlier("1", "1次", "One"),
        _earlier("2", "2次", "Two"),
        _earlier("3", "3次", "Three"),
        _earlier("4", "4次及以上", "Four or more"),
    ),
    _pick(
        "police_calls",
        "为这件事报过警吗",
        "Were the police called about this?",
        _calls("0", "一年内没有", "Not within a year", year=0, quarter=0),
        _calls("1", "一年内1次", "Once within a year", year=1, quarter=None),
        _calls("2", "一年内2次", "Twice within a year", year=2, quarter=None),
        _calls("3", "一年内3次及以上", "Three times or more within a year", year=3, quarter=None),
        _calls("3q", "90天内3次及以上", "Three times or more within 90 days", year=3, quarter=3),
    ),
    _pick(
        "failed_mediations",
        "以前调解失败或反悔过几次",
        "How often did mediation fail or an agreement break before?",
        Choice("0", "没有", "Never", {"failed_mediations": 0}),
        Choice("1", "1次", "Once", {"failed_mediations": 1}),
        Choice("2", "2次及以上", "Twice or more", {"failed_mediations": 2}),
    ),
)

_BY_KEY: Mapping[str, Question] = {question.key: question for question in (*QUESTIONS, *FURTHER)}

# Statistical category of the Ministry of Justice → the kinds that the rules tell apart. Labour
# disputes count as unpaid wages: they are the bulk, and the rule only ever raises the grade.
_KINDS: Mapping[str, str] = {
    "01": "marriage_family",
    "02": "neighbor",
    "03": "land_house",
    "07": "land_house",
    "08": "demolition",
    "09": "environment",
    "10": "labor_wage",
    "15": "property_mgmt",
}

_NO_ANSWERS = gettext_noop("Give the answers by question.")
_NO_QUESTION = gettext_noop("This question is not asked.")
_NO_CHOICE = gettext_noop("Please choose one of the offered answers.")


def clean_answers(answers: Any) -> dict[str, str]:
    """The answers as they are stored, in the order of the questions. Raises ``BadAnswers``.

    ``True``, ``False`` and ``None`` stand for yes, no and unknown. A question that is not
    mentioned stays out, so that later answers can be laid over earlier ones.
    """
    if not isinstance(answers, Mapping):
        raise BadAnswers({"": _NO_ANSWERS})
    if wrong := dict(_wrong(answers)):
        raise BadAnswers(wrong)
    picked = {key: _BY_KEY[key].choice(answers[key]) for key in _BY_KEY if key in answers}
    return {key: choice.value for key, choice in picked.items() if choice}


def _wrong(answers: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    for key, answer in answers.items():
        if key not in _BY_KEY:
            yield known_facts.shown(key), _NO_QUESTION
        elif _BY_KEY[key].choice(answer) is None:
            yield key, _NO_CHOICE


def still_valid(
    answers: Mapping[str, str], asked: Mapping[str, str], *, today: date
) -> dict[str, str]:
    """The answers that still count on ``today``; ``asked``: the ISO day on which each was given.

    What was seen three months ago is unknown again, which is not no. Of three police calls within 90
    days there remain, later, three calls within a year.
    """
    ages = {
        key: (today - date.fromisoformat(asked[key])).days if key in asked else 0 for key in answers
    }
    kept = {
        key: value
        for key, value in answers.items()
        if key in _BY_KEY and ages[key] <= _BY_KEY[key].days
    }
    if kept.get("police_calls") == "3q" and ages["police_calls"] > QUARTER:
        kept["police_calls"] = "3"
    return kept


def facts_from_answers(
    answers: Mapping[str, Any],
    *,
    category: str,
    people: int | None,
    amount: Decimal | float | None,
    known: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The facts that ``assess_risk`` grades, from answers that ``clean_answers`` once returned.

    A stored answer to a question that is no longer asked is passed over. ``category`` is the
    statistical code of the dispute. ``known`` brings what the house knows by itself (history,
    cluster, festival, flags of the settlement); of two counts the larger one is taken.
    """
    stated = _stated(answers)
    own = dict(known or {})
    flags = {name: value for name, value in stated.items() if name not in CHECKS}
    numbers = {name: _larger(stated.get(name), own.get(name)) for name in CHECKS}
    return numbers | {
        "category": _KINDS.get(category, "other"),
        "people_involved": people,
        "amount_yuan": amount,
        "local_income_yuan": own.get("local_income_yuan") or INCOME_YUAN,
        "flags": flags | dict(own.get("flags") or {}),
    }


def _stated(answers: Mapping[str, Any]) -> dict[str, Any]:
    stated: dict[str, Any] = {}
    for key, question in _BY_KEY.items():
        if choice := question.choice(answers.get(key)):
            stated |= choice.facts
    return stated


def _larger(stated: Any, known: Any) -> Any:
    if stated is None or known is None:
        return known if stated is None else stated
    return max(stated, known)
