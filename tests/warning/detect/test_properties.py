"""What must hold for every cluster, whatever the numbers are."""

import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.warning.calibration import escalation_chance
from mediation.warning.detect import recurrence, sentence
from mediation.warning.detect.baseline import Rate, exposure, one_day_on, weight
from mediation.warning.detect.counting import Record, counted, same_day_groups
from mediation.warning.detect.merge import add
from mediation.warning.detect.panel import Case, Panel
from mediation.warning.detect.push import Notice, may_push
from mediation.warning.detect.scan import WINDOWS, Surroundings, default_dispersion, scan
from mediation.warning.detect.streams import ALL, LEVELS, Stream, Tree
from mediation.warning.detect.tail import SMALLEST, chance_of_at_least, predictive_size
from tests.warning.detect.book import exact_tail

means = st.floats(1e-3, 60)
counts = st.integers(0, 80)
rates = st.builds(Rate, st.floats(1e-4, 2), st.floats(1, 300))
windows = st.tuples(*(st.integers(0, 30) for _ in WINDOWS)).map(
    lambda grown: {window: sum(grown[: n + 1]) for n, window in enumerate(WINDOWS)}
)
parents = st.builds(Surroundings, windows, st.floats(1e-3, 20))


def scanned(counts, rate, around):
    days = {window: float(window) for window in WINDOWS}
    clumping = dict.fromkeys(WINDOWS, 1.2)
    finding = scan(counts, rate=rate, exposure=days, dispersion=clumping, around=around)
    return finding.chance if finding else 1.0


def exact_poisson(count, mean):
    """The upper tail of a Poisson with a mean that is a fraction, without rounding."""
    terms, term = [], Fraction(1)
    for k in range(count):
        terms.append(term)
        term = term * mean / (k + 1)
    return 1 - sum(terms) / Fraction(math.exp(float(mean)))


@pytest.mark.parametrize(
    ("count", "mean"), [(3, Fraction(1, 4)), (1, Fraction(2)), (9, Fraction(9))]
)
def test_chance_of_poisson_equals_the_sum_by_hand(count, mean):
    chance = chance_of_at_least(count, mean=float(mean), size=math.inf)

    assert chance == pytest.approx(float(exact_poisson(count, mean)), rel=1e-9)


@given(count=counts, mean=means, size=st.floats(0.5, 1e12))
def test_one_more_case_never_becomes_likelier(count, mean, size):
    now = chance_of_at_least(count, mean=mean, size=size)

    assert chance_of_at_least(count + 1, mean=mean, size=size) <= now * (1 + 1e-9)
    assert 0 < now <= 1


@given(count=counts, mean=means)
def test_large_size_approaches_poisson(count, mean):
    clumped = chance_of_at_least(count, mean=mean, size=1e12)

    assert clumped == pytest.approx(chance_of_at_least(count, mean=mean, size=math.inf), rel=1e-6)


@given(counts=windows, rate=rates, around=parents, beyond=parents, more=st.integers(1, 40))
def test_more_cases_beyond_the_larger_place_never_lower_the_chance(
    counts, rate, around, beyond, more
):
    # What is counted nearer is counted there too.
    beyond = Surroundings(
        {window: n + around.counts[window] for window, n in beyond.counts.items()}, beyond.per_day
    )
    busier = Surroundings({window: n + more for window, n in beyond.counts.items()}, beyond.per_day)

    before = scanned(counts, rate, replace(around, beyond=beyond))

    assert scanned(counts, rate, replace(around, beyond=busier)) >= before * (1 - 1e-9)


def factor_in(around):
    """Twelve in four weeks where five are usual."""
    found = scan(
        {28: 12}, rate=Rate(5 / 28, 200.0), exposure={28: 28.0}, dispersion={28: 1.0}, around=around
    )
    return found.factor


def larger(count, mean, beyond=None):
    return Surroundings({28: count}, mean / 28, beyond)


@pytest.mark.parametrize(("rest", "factor"), [(100, 1.0), (200, 210 / 110), (1000, 3.0), (0, 0.5)])
def test_a_place_without_neighbours_is_measured_by_the_district(rest, factor):
    """It is all of its subdistrict in this kind; elsewhere in the district a hundred are usual."""
    district = larger(12 + rest, 105)

    assert factor_in(larger(12, 5, district)) == pytest.approx(factor)


def test_a_place_without_neighbours_and_district_is_measured_by_itself():
    assert factor_in(larger(12, 5)) == 1.0


def test_many_busy_neighbours_outweigh_a_quiet_district():
    busy, quiet = larger(412, 205), larger(612, 405)

    assert factor_in(larger(412, 205, quiet)) == pytest.approx(factor_in(busy), rel=0.03)


@given(counts=windows, rate=rates, around=parents, window=st.sampled_from(WINDOWS))
def test_more_cases_in_the_place_never_raise_the_chance(counts, rate, around, window):
    longer = [each for each in WINDOWS if each >= window]
    grown = {each: n + (each in longer) for each, n in counts.items()}
    grown_around = Surroundings(
        {each: n + (each in longer) for each, n in around.counts.items()}, around.per_day
    )

    before = scanned(counts, rate, around)

    assert scanned(grown, rate, grown_around) <= before * (1 + 1e-9)


@given(counts=windows, rate=rates, around=parents, window=st.sampled_from(WINDOWS))
def test_more_cases_around_never_lower_the_chance(counts, rate, around, window):
    busier = Surroundings(
        {each: n + (each >= window) for each, n in around.counts.items()}, around.per_day
    )

    before = scanned(counts, rate, around)

    assert scanned(counts, rate, busier) >= before * (1 - 1e-9)


@given(
    level=st.sampled_from(LEVELS),
    chance=st.floats(1e-12, 1),
    grids=st.integers(1, 3000),
    units=st.integers(1, 3000),
)
def test_rarer_alarms_recur_later(level, chance, grids, units):
    place = {"grids": grids, "units": units}

    weeks = recurrence.recurrence_weeks(level, chance, **place)

    assert recurrence.recurrence_weeks(level, chance / 2, **place) >= weeks * (1 - 1e-9)


@given(
    level=st.sampled_from(LEVELS),
    colour=st.sampled_from(list(recurrence.TIER_WEEKS)),
    grids=st.integers(20, 960),
)
def test_limit_of_a_tier_is_where_it_begins(level, colour, grids):
    place = {"grids": grids, "units": 1}

    limit = recurrence.chance_limit(level, colour, **place)

    tiers = [
        recurrence.tier(level, limit * part, **place, has_red_dispute=False)
        for part in (1 - 1e-9, 1 + 1e-6)
    ]
    assert tiers[0] == colour
    assert tiers[1] != colour or limit == recurrence.CHANCES[0]


def test_red_dispute_lifts_a_tier_but_makes_none():
    place = {"grids": 100, "units": 100, "has_red_dispute": True}

    tiers = [recurrence.tier("grid", chance, **place) for chance in (1e-2, 1e-4, 3e-5, 1e-9)]

    assert tiers == [None, "yellow", "orange", "red"]


def test_decayed_sum_equals_the_weights_of_its_days():
    refreshed, days = 300, [3, 3, 90, 271, 272, 299]
    total = 0.0
    for day in range(refreshed - 28):
        total = one_day_on(total, new=days.count(day))

    weights = [weight(day, refreshed=refreshed) for day in days]

    assert sum(weights) == pytest.approx(total, rel=1e-12)
    assert weights[3:] == [1.0, 0.0, 0.0]  # the guard of 28 days


def test_exposure_follows_the_season():
    def double(_category, _day):
        return 2.0

    plain = exposure("01", earliest=0, refreshed=200)

    assert exposure("01", earliest=0, refreshed=200, season=double) == pytest.approx(2 * plain)
    assert exposure("01", earliest=200, refreshed=200) == 0


def test_alarm_joins_the_cluster_that_shares_most():
    clusters = []
    add(clusters, alarm=1, day=1, cases=frozenset({1, 2, 3}))
    add(clusters, alarm=2, day=1, cases=frozenset({11, 12, 13, 14}))

    joined = add(clusters, alarm=3, day=2, cases=frozenset({1, 11, 12, 13}))

    assert joined.alarms == (2, 3)
    assert [cluster.alarms for cluster in clusters] == [(1,), (2, 3)]


@pytest.mark.parametrize(
    ("now", "pushed", "expect"),
    [
        (Notice("orange", 4, 5), Notice("yellow", 4, 5), (True, "tier_up")),
        (Notice("yellow", 5, 6), Notice("yellow", 4, 5), (False, "suppressed")),
        (Notice("yellow", 3, 6), Notice("yellow", 2, 5), (False, "suppressed")),
        (Notice("blue", 9, 9), Notice("yellow", 4, 5), (False, "digest_only")),
    ],
)
def test_push_again(now, pushed, expect):
    assert may_push(now, pushed=pushed) == expect


def test_count_one_case_per_parties_or_address_in_28_days():
    rows = [
        (1, 10, {"zhao-qian", "1 Lane"}),
        (2, 20, {"zhao-qian"}),
        (3, 37, {"1 Lane"}),
        (4, 38, {"1 Lane"}),
        (5, 38, set()),
    ]
    records = [Record(id_, day, "g1", "02", frozenset(same)) for id_, day, same in rows]

    assert [record.id for record in counted(records)] == [1, 4, 5]


def test_count_at_most_two_per_grid_category_and_day_but_name_the_group():
    cells = [("g1", "02"), ("g1", "02"), ("g1", "02"), ("g1", "08"), ("g2", "02")]
    records = [Record(n, 7, *cell, frozenset()) for n, cell in enumerate(cells, 1)]

    assert [record.id for record in counted(records)] == [1, 2, 4, 5]
    assert same_day_groups(records) == {(7, "g1", "02"): [1, 2, 3]}


def test_panel_scans_only_the_streams_of_the_day():
    tree = Tree(comm_of={"g": "c"}, sub_of={"c": "s"}, county_of={"s": "n"})
    panel = Panel(tree, [Case(100 + n, "g", "02") for n in range(5)], categories=["02"])
    rates = panel.rates(earliest=0, refreshed=99)

    findings = panel.findings(day=104, rates=rates)

    assert set(findings) == set(tree.streams("g", "02"))
    assert panel.findings(day=105, rates=rates) == {}
    assert {(found.window, found.count) for found in findings.values()} == {(7, 5)}


def test_clumping_is_assumed_by_level_before_it_is_measured():
    streams = [Stream("sub", "s", ALL), Stream("sub", "s", "02")]

    assert [default_dispersion(stream, 7) for stream in streams] == [1.5, 1.15]


@pytest.mark.parametrize(
    ("count", "mean", "size"),
    [
        (1, "1e-9", "0.001"), (3, "0.25", "1e9"), (9, "9", "0.5"), (80, "0.4", "2"), (300, "12", "3"),
        (2, "2", "2"), (60, "60", "0.5"), (1500, "1400", "50"),
    ],
)  # fmt: skip
def test_chance_equals_the_sum_with_sixty_digits(count, mean, size):
    chance = chance_of_at_least(count, mean=float(mean), size=float(size))

    assert chance == pytest.approx(exact_tail(count, Decimal(mean), Decimal(size)), rel=1e-10)


def test_nothing_expected_is_no_error():
    assert chance_of_at_least(0, mean=0.0, size=1.0) == 1
    assert chance_of_at_least(3, mean=0.0, size=1.0) == SMALLEST
    assert predictive_size(mean=0.0, shape=2.0, dispersion=1.2) == 0
    assert predictive_size(mean=0.0, shape=2.0, dispersion=1.0) == 2


@pytest.mark.parametrize("level", LEVELS)
def test_chance_below_every_float_has_a_recurrence(level):
    weeks = [
        recurrence.recurrence_weeks(level, chance, grids=100, units=1)
        for chance in (0.0, 5e-324, SMALLEST)
    ]

    assert len(set(weeks)) == 1
    assert math.isfinite(weeks[0])


@pytest.mark.parametrize(("score", "chance"), [(-1e4, 0.0), (1e4, 1.0)])
def test_no_score_is_too_far_out(score, chance):
    assert escalation_chance(score, intercept=-4.2, slope=1.1) == chance


def test_great_burst_does_not_fill_the_page_with_digits():
    told = sentence.sentence_zh("第3网格", "", window=7, count=60, mean=0.3, weeks=1e76)

    assert told.endswith("纯属巧合的话,本辖区百年不遇。")


def test_sentence_about_everything_in_a_quiet_place():
    numbers = {"window": 7, "count": 3, "mean": 0.02, "weeks": 104.0}

    assert sentence.sentence_zh("第3网格", "", **numbers) == (
        "第3网格近7天纠纷3起,按历史与同期周边水平应不足0.1起(150.0倍)。"
        "纯属巧合的话,本辖区平均约2年才会出现一次。"
    )
    assert sentence.sentence_en("Grid 3", "", **numbers) == (
        "Grid 3: 3 disputes in 7 days, where its past and its surroundings suggest fewer than 0.1"
        " (150.0 times). By pure chance this area would see it once in about 2 years."
    )
