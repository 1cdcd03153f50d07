"""What a clock is called where people read it."""

from mediation.deadlines.period import Bound
from mediation.deadlines.table import PERIODS
from mediation.deadlines.words import Said

# Clocks whose last day was agreed or ordered, so that no statute names them.
BY_HAND = {
    "REPLY": Said("Answer of the other channel", "转办答复"),
    "OBLIGATION": Said("Performance of an obligation", "履行期限"),
    "VISIT": Said("Follow-up visit", "回访"),
    "INSTRUCTION": Said("Answer to an instruction", "批示答复"),
    "CARD_REMINDER": Said("Answer to a reminder", "提醒答复"),
    "CARD_YELLOW": Said("Answer to a yellow card", "黄牌督办答复"),
    "CARD_RED": Said("Answer to a red card", "红牌督办答复"),
    "ORDER": Said("Answer to the organ that sent the case", "来件答复"),
    "RC_HEARING": Said("Hearing of the reconsideration", "行政复议听证"),
    "RC_PERFORM": Said("Performance of the reconsideration decision", "履行复议决定"),
    "RC_PERFORM_A": Said("Performance by another organ", "其他机关履行复议决定"),
    "RC_RETURN": Said("Answer of the mediation to the reconsideration", "调解结果回复复议机构"),
}
CARD_RULES = ("CARD_REMINDER", "CARD_YELLOW", "CARD_RED")

LAPSES = frozenset(code for code, period in PERIODS.items() if period.bound is not Bound.US) | {
    "RC_PERFORM_A"
}
"""Rights of parties and terms of other organs: when they end, nobody here is late."""


def is_ours(rule: str) -> bool:
    """Whether somebody here is late when this clock has run out."""
    return rule not in LAPSES


def rule_label(rule: str, language: str) -> str:
    """The name of the period behind ``rule``; a code that is unknown shows as it is."""
    if rule in BY_HAND:
        return BY_HAND[rule].in_language(language)
    return PERIODS[rule].names.in_language(language) if rule in PERIODS else rule
