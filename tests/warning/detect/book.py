"""The method as it is written down, each sum taken anew and every tail with sixty digits. Slow, and written
without a look at the code that it is held against."""

import math
from decimal import Decimal, localcontext

from mediation.warning.detect.scan import WINDOWS
from mediation.warning.detect.streams import ALL

LEVELS = ("grid", "comm", "sub", "county")
PRIORS = {"grid": 1, "comm": 2, "sub": 4, "county": 1}
PARENT = {"grid": "sub", "comm": "sub", "sub": "county", "county": ""}


def exact_tail(count, mean, size):
    """The upper tail of the negative binomial, term by term."""
    with localcontext() as context:
        context.prec = 60
        share = mean / (mean + size)
        term = (size * (1 - share).ln()).exp()
        for k in range(count):
            term *= (k + size) / (k + 1) * share
        total, k = Decimal(0), count
        while k <= mean or term > total * Decimal("1e-30"):
            total += term
            term *= (k + size) / (k + 1) * share
            k += 1
        return float(total)


class Book:
    def __init__(self, tree, cases, *, kinds, day, monday, clumping):
        self.tree, self.cases, self.kinds = tree, cases, kinds
        self.day, self.monday, self.clumping = day, monday, clumping

    def place(self, level, grid):
        comm = self.tree.comm_of[grid]
        sub = self.tree.sub_of[comm]
        return dict(zip(LEVELS, (grid, comm, sub, self.tree.county_of[sub]), strict=True))[level]

    def days(self, level, unit, kind, low, high):
        return [
            case.day
            for case in self.cases
            if self.place(level, case.grid) == unit
            and kind in {ALL, case.category}
            and low <= case.day < high
        ]

    def faded(self, days):
        return sum(0.985 ** ((self.monday - 29 - day) / 7) for day in days)

    def grids(self, level, grid):
        unit = self.place(level, grid)
        return sum(self.place(level, one) == unit for one in self.tree.comm_of)

    def normal(self, grid, level, kind):
        """Cases per day, and the shape."""
        past = self.days(level, self.place(level, grid), kind, -math.inf, self.monday - 28)
        prior = PRIORS[level]
        shape = self.faded(past) + prior
        exposure = self.faded(range(self.monday - 28))
        return shape / (exposure + prior / self.expected(grid, level, kind)), shape

    def expected(self, grid, level, kind):
        """What the larger place makes one expect."""
        if level == "county":
            return 1.0
        above = LEVELS[LEVELS.index(level) + 1]
        if level == "sub" or kind == ALL:
            share = self.grids(level, grid) / self.grids(above, grid)
            return self.normal(grid, above, kind)[0] * share
        total = sum(self.normal(grid, above, one)[0] for one in self.kinds)
        own = self.normal(grid, level, ALL)[0]
        return own * self.normal(grid, above, kind)[0] / total

    def count(self, level, grid, kind, window):
        unit = self.place(level, grid)
        return len(self.days(level, unit, kind, self.day - window + 1, self.day + 1))

    def factor(self, grid, level, kind, window):
        larger = PARENT[level]
        if not larger:
            return 1.0
        rest = self.normal(grid, larger, kind)[0] - self.normal(grid, level, kind)[0]
        busy = self.count(larger, grid, kind, window) - self.count(level, grid, kind, window)
        return min(max((busy + 10) / (max(rest * window, 0) + 10), 0.5), 3)

    def looked_at(self, grid, level, kind, window):
        """Chance, window, count, mean, factor."""
        count = self.count(level, grid, kind, window)
        per_day, shape = self.normal(grid, level, kind)
        factor = self.factor(grid, level, kind, window)
        mean = per_day * window * factor
        size = 1 / (1 / shape + (self.clumping - 1) / mean)
        return exact_tail(count, Decimal(mean), Decimal(size)), window, count, mean, factor

    def findings(self):
        """Of every stream that a case of the day touches: its least likely window."""
        found = {}
        for case in {(case.grid, case.category) for case in self.cases if case.day == self.day}:
            for level in LEVELS:
                for kind in (ALL, case[1]):
                    windows = [w for w in WINDOWS if self.count(level, case[0], kind, w) >= 3]
                    told = [self.looked_at(case[0], level, kind, window) for window in windows]
                    if told:
                        found[level, self.place(level, case[0]), kind] = min(told)
        return found
