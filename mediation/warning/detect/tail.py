"""How likely so many cases are by chance."""

import math

SMALLEST = 1e-300
"""What is reported when the chance is too small for a float."""


def predictive_size(*, mean: float, shape: float, dispersion: float) -> float:
    """The size of the negative binomial that carries the doubt about the rate and the clumping.

    Infinite means Poisson: neither doubt nor clumping is left.
    """
    if mean <= 0:
        return 0.0 if dispersion > 1 else shape
    inverse = 1 / shape + (dispersion - 1) / mean
    return 1 / inverse if inverse > 0 else math.inf


def chance_of_at_least(count: int, *, mean: float, size: float) -> float:
    """P(X ≥ ``count``) of a negative binomial, exact to the last digits however small it is."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return SMALLEST  # where nothing is expected, anything is a surprise
    if count <= mean:
        return max(1 - _below(count, mean, size), SMALLEST)
    return max(_from(count, mean, size), SMALLEST)


def _log_chance(count: int, mean: float, size: float) -> float:
    poisson = count * math.log(mean) - math.lgamma(count + 1)
    if math.isinf(size):
        return poisson - mean
    # As a correction to Poisson, so that a large size loses no digits.
    clumps = math.fsum(math.log1p(k / size) for k in range(count))
    return poisson - (size + count) * math.log1p(mean / size) + clumps


def _growth(k: int, mean: float, size: float) -> float:
    """P(X = k + 1) / P(X = k)."""
    if math.isinf(size):
        return mean / (k + 1)
    return (k + size) / (k + 1) * mean / (mean + size)


def _from(count: int, mean: float, size: float) -> float:
    """The upper tail itself: one minus the rest would lose every digit of a rare event."""
    total, term, k = 0.0, math.exp(_log_chance(count, mean, size)), count
    while term > total * 1e-17:
        total += term
        term *= _growth(k, mean, size)
        k += 1
    return total


def _below(count: int, mean: float, size: float) -> float:
    term = math.exp(_log_chance(count - 1, mean, size))
    total = term
    for k in range(count - 2, -1, -1):
        term /= _growth(k, mean, size)
        total += term
    return total
