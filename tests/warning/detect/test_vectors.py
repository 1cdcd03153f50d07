"""Every published number of the cluster method, to the digits that were published."""

import math
from datetime import timedelta
from itertools import pairwise

import pytest

from mediation.warning.calibration import band_rate, escalation_chance
from mediation.warning.detect import baseline, recurrence, scan, sentence, streams, tail
from mediation.warning.detect.merge import merged
from mediation.warning.detect.near_repeat import Incident, near_repeat
from mediation.warning.detect.panel import Case, Panel
from mediation.warning.detect.push import ACKNOWLEDGE_WITHIN, Notice, levels_up, may_push
from tests.warning.vectors import load

V = load()
SPEC = V["spec"]
PIPELINE = V["B12_pipeline"]

near = pytest.approx


def by_window(table):
    return {int(window): value for window, value in table.items()}


def test_numbers_of_the_method_equal_the_published_ones():
    assert near(SPEC["delta_per_day"], rel=1e-12) == baseline.KEPT_PER_DAY
    assert SPEC["guard_days"] == baseline.GUARD_DAYS
    assert SPEC["a0"] == baseline.PRIOR_WEIGHT
    assert SPEC["windows"] == list(scan.WINDOWS)
    assert SPEC["kmin"] == scan.LEAST_CASES
    assert list(SPEC["local_factor"].values()) == [
        scan.INERTIA,
        scan.LEAST_FACTOR,
        scan.MOST_FACTOR,
    ]
    assert SPEC["default_phi_before_fit"] == {
        "ALL": scan.DISPERSION_ALL,
        "category": scan.DISPERSION_CATEGORY,
    }
    assert SPEC["null_p"] == list(recurrence.CHANCES)
    assert SPEC["null_rate_per_960_grids_week"] == {
        level: list(rates) for level, rates in recurrence.FALSE_PER_WEEK.items()
    }
    assert SPEC["null_units"] == recurrence.SIMULATED_UNITS
    assert SPEC["share"] == recurrence.SHARE
    assert SPEC["tiers_weeks"] == [[weeks, tier] for tier, weeks in recurrence.TIER_WEEKS.items()]
    assert SPEC["ack_hours"] == {
        tier: limit / timedelta(hours=1) for tier, limit in ACKNOWLEDGE_WITHIN.items()
    }


@pytest.mark.parametrize("case", V["B1_nb_tail"], ids=str)
def test_chance_of_at_least(case):
    chance = tail.chance_of_at_least(case["c"], mean=case["mu"], size=float(case["r"]))

    assert chance == near(case["p"], rel=1e-9)


@pytest.mark.parametrize("case", V["B2_pred_size"], ids=str)
def test_predictive_size(case):
    size = tail.predictive_size(mean=case["mu"], shape=case["shape"], dispersion=case["phi"])

    assert size == near(float(case["r"]), rel=1e-9)


def consecutive_days():
    """Published steps that follow each other: a day in between may have been left out."""
    steps = [{"a": 0.0, "b": 0.0}, *V["B3_baseline_steps"]]
    kept = SPEC["delta_per_day"]
    return [
        (before, step)
        for before, step in pairwise(steps)
        if step["b"] == near(before["b"] * kept + step["e"], rel=1e-9)
    ]


@pytest.mark.parametrize(("before", "step"), consecutive_days())
def test_baseline_forgets_day_by_day(before, step):
    seen = baseline.one_day_on(before["a"], new=step["n"])
    exposure = baseline.one_day_on(before["b"], new=step["e"])

    assert (seen, exposure) == near((step["a"], step["b"]), rel=1e-9)


@pytest.mark.parametrize("case", V["B4_rate"], ids=str)
def test_rate_leans_on_the_prior(case):
    rate = baseline.rate(
        seen=case["a"],
        exposure=case["b"],
        prior_mean=case["prior_mean"],
        prior_weight=case["a0"],
    )

    assert (rate.per_day, rate.shape) == near((case["lam"], case["shape"]), rel=1e-9)


@pytest.mark.parametrize("case", V["B5_local_factor"], ids=str)
def test_local_factor(case):
    factor = scan.local_factor(
        parent_count=case["c_par"],
        own_count=case["c_own"],
        parent_mean=case["mu_par"],
        own_mean=case["mu_own"],
    )

    assert factor == near(case["F"], rel=1e-9)


@pytest.mark.parametrize("case", V["B6_scan"], ids=lambda case: case["title"])
def test_scan_finds_the_most_surprising_window(case):
    finding = scan.scan(
        by_window(case["c"]),
        rate=baseline.Rate(case["lam"], case["shape"]),
        exposure=by_window(case["expo"]),
        dispersion=by_window(case["phi"]),
        around=scan.Surroundings(by_window(case["c_par"]), case["lam_par"]),
    )

    found = finding and {
        "p": near(finding.chance, rel=1e-9),
        "w": finding.window,
        "c": finding.count,
        "mu": near(finding.mean, rel=1e-9),
        "F": near(finding.factor, rel=1e-9),
    }
    assert found == case["expect"]


@pytest.mark.parametrize("case", V["B7_tier"], ids=str)
def test_tier_of_an_alarm(case):
    place = {"grids": case["grids"], "units": case["units"]}

    weeks = recurrence.recurrence_weeks(case["level"], case["p"], **place)
    tier = recurrence.tier(
        case["level"], case["p"], **place, has_red_dispute=case["has_red_dispute"]
    )

    assert (tier, weeks) == (case["tier"], near(case["ri_weeks"], rel=1e-9))


@pytest.mark.parametrize("key", V["B7_thresholds"])
def test_chance_limit_of_every_tier(key):
    level, grids, units = (part.rpartition("=")[2] for part in key.split("|"))

    limits = {
        colour: recurrence.chance_limit(level, colour, grids=int(grids), units=int(units))
        for colour in recurrence.TIER_WEEKS
    }

    # The published limits were found by bisection.
    assert limits == near(V["B7_thresholds"][key], rel=1e-6)


def test_merge_alarms_into_clusters():
    alarms = V["B8_merge"]["alarms"]

    clusters = merged((n, day, cases) for n, (day, _, _, _, cases) in enumerate(alarms))

    assert [
        {"alarms": list(cluster.alarms), "cases": sorted(cluster.cases)} for cluster in clusters
    ] == V["B8_merge"]["expect"]


def incident(row):
    return Incident(row["day"], row["x"], row["y"], row["cat"], frozenset(row["parties"]))


@pytest.mark.parametrize("case", V["B9_near_repeat"]["cases"], ids=str)
def test_near_repeat(case):
    past = {row["id"]: incident(row) for row in V["B9_near_repeat"]["past"]}

    kind, ids = near_repeat(incident(case["new"]), past)

    assert (kind, list(ids)) == (case["kind"], case["ids"])


def notice(row):
    return row and Notice(row["tier"], row["n"], row["day"], row.get("red", 0))


@pytest.mark.parametrize("case", V["B10_notify"], ids=str)
def test_push_only_what_is_news(case):
    answer = may_push(notice(case["cur"]), pushed=notice(case["prev"]))

    assert list(answer) == case["expect"]


@pytest.mark.parametrize("case", V["B11_ack"], ids=str)
def test_silence_climbs_to_the_next_level(case):
    assert levels_up(case["tier"], waited=timedelta(hours=case["hours"])) == case["escalate"]


@pytest.mark.parametrize("case", V["B0_explain"], ids=lambda case: case["args"][0])
def test_sentence_of_a_cluster(case):
    place, category, window, count, mean, weeks = case["args"]

    told = sentence.sentence_zh(place, category, window=window, count=count, mean=mean, weeks=weeks)

    assert told == case["text"]


@pytest.mark.parametrize("case", V["C1_calibration"]["platt"], ids=str)
def test_escalation_chance(case):
    chance = escalation_chance(case["z"], intercept=case["a"], slope=case["b"])

    assert chance == near(case["p"], rel=1e-9)


@pytest.mark.parametrize("case", V["C1_calibration"]["band"], ids=str)
def test_band_rate(case):
    assert band_rate(events=case["pos"], cases=case["n"]) == near(case["rate"], rel=1e-9)


@pytest.fixture(scope="module")
def alarms():
    """Every scan of the published county, day by day, with the baseline of each Monday."""
    comms, subs = PIPELINE["g2c"], PIPELINE["c2s"]
    tree = streams.Tree(
        comm_of=dict(enumerate(comms)),
        sub_of=dict(enumerate(subs)),
        county_of=dict.fromkeys(subs, 0),
    )
    panel = Panel(
        tree,
        [Case(*row) for row in PIPELINE["events_day_grid_cat"]],
        categories=range(1, PIPELINE["ncat"] + 1),
        dispersion=lambda _stream, _window: PIPELINE["phi"],
    )
    rates = {
        monday: panel.rates(earliest=0, refreshed=monday)
        for monday in range(PIPELINE["day0"], PIPELINE["day1"] + 1, 7)
    }
    return {
        (day, *stream): finding
        for day in range(PIPELINE["day0"], PIPELINE["day1"] + 1)
        for stream, finding in panel.findings(day=day, rates=rates[day - day % 7]).items()
    }


def numbered(key):
    day, level, unit, category = key
    return day, level, unit, 0 if category == streams.ALL else category


def test_pipeline_gives_the_published_alarms(alarms):
    strong = {key: found for key, found in alarms.items() if found.chance <= 0.002}
    likely = [found for found in alarms.values() if found.chance <= 0.05]

    records = {
        numbered(key): (found.chance, found.window, found.count, found.mean)
        for key, found in strong.items()
    }
    published = {
        (day, level, unit, category): numbers
        for day, level, unit, category, *numbers in PIPELINE["records_p<=0.002"]
    }
    assert len(likely) == PIPELINE["n_alarm_records_p<=0.05"]
    assert records.keys() == published.keys()
    assert all(records[key] == near(published[key], rel=1e-6) for key in records)


def test_pipeline_gives_the_published_tiers(alarms):
    strong = {numbered(key): found for key, found in alarms.items() if found.chance <= 0.002}
    units = {"grid": 100, "comm": 12, "sub": 1, "county": 1}

    tiers = {
        key: recurrence.tier(
            key[1], found.chance, grids=100, units=units[key[1]], has_red_dispute=False
        )
        for key, found in strong.items()
    }

    published = PIPELINE["tiers_if_subdistrict_had_100_grids_12_comms"]
    assert tiers == {tuple(key): tier for *key, tier in published}


def test_chance_is_never_zero():
    assert tail.chance_of_at_least(10**4, mean=1e-6, size=math.inf) == tail.SMALLEST
