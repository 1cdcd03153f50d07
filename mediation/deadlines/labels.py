"""What a clock is called where people read it."""

from mediation.deadlines.table import PERIODS
from mediation.deadlines.words import Said

# Clocks whose last day was agreed or ordered, so that no statute names them.
BY_HAND = {
    "REPLY": Said("Answer of the other channel", "转办答复"),
    "OBLIGATION": Said("Performance of an obligation", "履行期限"),
    "VISIT": Said("Follow-up visit", "回访"),
}


def rule_label(rule: str, language: str) -> str:
    """The name of the period behind ``rule``; a code that is unknown shows as it is."""
    if rule in BY_HAND:
        return BY_HAND[rule].in_language(language)
    return PERIODS[rule].names.in_language(language) if rule in PERIODS else rule
