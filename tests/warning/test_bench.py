"""The generator of the benchmark repeats itself, and its measures are what they say."""

from mediation.jobs.bench.early.methods import METHODS, farrington
from mediation.jobs.bench.early.play import episodes, false_alarms, play, threshold
from mediation.jobs.bench.early.world import KINDS, RECIPES, Shape, calm, disturbed
from mediation.warning.detect.dispersion import Pool
from mediation.warning.detect.streams import Stream

TINY = Shape(subdistricts=1, communities=2, grids=4, years=2)
HERE = Stream("grid", 1, "ALL")


def test_same_seed_gives_the_same_world():
    assert calm(TINY, seed=5).cases == calm(TINY, seed=5).cases
    assert calm(TINY, seed=5).cases != calm(TINY, seed=6).cases


def test_outbreaks_add_their_cases_and_nothing_else():
    world = calm(TINY, seed=5)

    sick = disturbed(world, each=1, seed=1)

    assert len(sick.cases) - len(world.cases) == sum(cases for _n, _l, cases, _s in RECIPES)
    assert len(sick.outbreaks) == len(RECIPES)


def test_alarms_of_one_stream_are_one_episode_in_28_days():
    assert episodes([(1, HERE), (5, HERE), (28, HERE), (29, HERE)]) == [(1, HERE), (29, HERE)]


def test_threshold_spends_its_budget_and_no_more():
    rows = [(float(n), n * 40, HERE) for n in range(10)]

    assert threshold(rows, budget=3) == 7.0


def test_calm_world_is_judged_by_every_method():
    world = calm(TINY, seed=5)

    scores = play(world, range(KINDS), others=True, from_day=world.first_judged)

    assert {name for name, _level in scores.rows} >= {"fixed threshold", "EARS C2", "CUSUM"}
    assert false_alarms(scores, weeks=10**6) == 0


def test_farrington_finds_ten_where_one_is_normal():
    days = [week * 7 for week in range(110)] + [770] * 10

    score = METHODS["improved Farrington"](None, HERE, 770, days)

    assert score > 10
    assert farrington(None, HERE, 770, days[:-9]) is None


def test_clumped_counts_scatter_more_than_one():
    even, clumped = Pool(), Pool()
    for count in (1, 1, 1, 1) * 30:
        even.add(count, mean=1.0, shape=1e9)
    for count in (4, 0, 0, 0) * 30:
        clumped.add(count, mean=1.0, shape=1e9)

    assert even.factor == 1
    assert clumped.factor > 2
