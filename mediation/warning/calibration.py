"""What the colours turned out to mean: rates for display, never a reason to change a grade."""

import math

# Half an event in ten cases: a band without data shows five percent, not zero.
PRIOR_EVENTS, PRIOR_CASES = 0.5, 10


def escalation_chance(score: float, *, intercept: float, slope: float) -> float:
    """The chance of harm for a standardised score, by a fitted logistic curve (Platt)."""
    lean = intercept + slope * score
    if lean < 0:  # the other half of the same curve: no score is too far out for a float
        return math.exp(lean) / (1 + math.exp(lean))
    return 1 / (1 + math.exp(-lean))


def band_rate(*, events: int, cases: int) -> float:
    """The share of a colour that ended in harm, smoothed so that few cases promise nothing."""
    return (events + PRIOR_EVENTS) / (cases + PRIOR_CASES)
