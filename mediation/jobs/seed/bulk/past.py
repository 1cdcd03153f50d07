"""The year before the play: closed cases, so that the town has something to compare the present with."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from mediation.accounts.demo import SUBDISTRICT
from mediation.accounts.models import Person
from mediation.areas.models import Area, Level
from mediation.areas.selectors import community_code
from mediation.core.clock import local_day
from mediation.disputes.enums import Colour
from mediation.disputes.models import Dispute, NumberSeries
from mediation.jobs.seed.bulk import plate, press, sink
from mediation.jobs.seed.bulk.country import Crew
from mediation.jobs.seed.bulk.plate import Original, Plate
from mediation.jobs.seed.casting import Company
from mediation.jobs.seed.phases.intake import OUTCOMES
from mediation.jobs.seed.repertoire import PAST_TROUBLE, PLAGUED, Trouble
from mediation.warning.clusters.counted import kind_of
from mediation.warning.models import Escalation

WEEKS = 60
EVEN = 1.0
"""What a grid without a single played case still had, beside one for each case that it has."""
RARITY = {Colour.BLUE: 1.0, Colour.YELLOW: 0.6, Colour.ORANGE: 2.5, Colour.RED: 0.25}
"""Of what is over little was grave."""


GRAVE = 0.12
"""The part of the cases of a week that are orange or red."""
MILD, STEEP = 5, 45
"""Points below which nothing came of a case, and beyond these so many until it always did: what the rules
weigh is what matters, so the calibration of a believable town rises with the points."""


@dataclass(frozen=True, slots=True)
class Past:
    """How many cases are printed over the weeks, and who worked on them."""

    cases: int
    company: Company


def reserve(cases: int, *, today: date) -> None:
    """Leave numbers and keys for the past: what is played afterwards has later ones and heads the lists."""
    sink.reserve_keys(Dispute, cases)
    first = today - timedelta(weeks=WEEKS)
    NumberSeries.objects.bulk_create(
        NumberSeries(organisation=SUBDISTRICT, kind=kind, year=year, latest=cases)
        for year in range(first.year, today.year + 1)
        for kind in ("case", "file")
    )


def fill(past: Past, *, seed: int, today: date) -> int:
    """Print the past of the played town. Returns how many cases were printed."""
    played = {
        (row.organisation, row.kind, row.year): row.latest for row in NumberSeries.objects.all()
    }
    size = press.Size(past.cases, WEEKS, thin=False)
    played_out = (one for one in plate.originals() if one.is_over)
    originals = [drawn for one in played_out for drawn in _as_judged(one)]
    machine = press.set_up(size, _crews(past.company), seed=seed, today=today)
    machine.series.clear()
    machine.latest[Dispute._meta.db_table] = _first_played() - past.cases - 1
    usual = _busy(machine)
    for one, community in _weeks(originals, past, machine, today=today):
        machine.busy = _within(community, usual, machine)
        machine.print(one)
    machine.series = {
        key: max(machine.series.get(key, 0), played.get(key, 0))
        for key in machine.series.keys() | played.keys()
    }
    machine.flush()
    press.settle()
    return machine.printed


def _first_played() -> int:
    return int(Dispute.objects.order_by("pk").values_list("pk", flat=True)[0])


def _busy(machine: press.Press) -> list[float]:
    """Where people quarrel today they quarrelled before."""
    cases = Counter(Dispute.objects.values_list("area_code", flat=True))
    codes = [address.crew.code for address in machine.addresses]
    return [EVEN * (2 if code.startswith(PLAGUED) else 1) + cases[code] for code in codes]


def _within(community: str, usual: list[float], machine: press.Press) -> list[float]:
    """How often each address is drawn when something happens in this community; empty: anywhere."""
    return [
        weight if address.crew.code.startswith(community) else 0.0
        for weight, address in zip(usual, machine.addresses, strict=True)
    ]


def _weeks(
    originals: Sequence[Original], past: Past, machine: press.Press, *, today: date
) -> Iterator[tuple[Plate, str]]:
    """The oldest week first; each is filled up to what is usual with what was over by today. With each
    plate goes the community in which it is printed, if a trouble of that week made it."""
    for week, wanted in _shares(past.cases, machine.rng, today=today):
        fitting = [one for one in originals if _age(one, today) <= week]
        if not fitting or not wanted:
            continue
        usual = machine.rng.choices(fitting, _weights(fitting), k=wanted)
        made = list(_made_by_trouble(week, fitting))[:wanted]
        drawn = [*made, *((one, "") for one in usual[len(made) :])]
        plates = [
            (one.plate(week - _age(one, today), machine.sink, with_flow=True), community)
            for one, community in drawn
        ]
        yield from sorted(plates, key=lambda pair: pair[0].registered_at)
        for one in originals:
            one.cut.clear()


def _made_by_trouble(week: int, fitting: Sequence[Original]) -> Iterator[tuple[Original, str]]:
    """The calmest of its kind: what made them was found before it came to blows."""
    for trouble in PAST_TROUBLE:
        alike = [one for one in fitting if one.dispute.category == trouble.kind]
        alike.sort(key=lambda one: one.dispute.severity)
        for number in range(_share(trouble, week) if alike else 0):
            yield alike[number % len(alike)], trouble.community


def _share(trouble: Trouble, week: int) -> int:
    """Half of a trouble's cases come in its first week, the rest in the second."""
    first = trouble.cases // 2
    return {trouble.weeks: first, trouble.weeks - 1: trouble.cases - first}.get(week, 0)


def _shares(cases: int, rng: Random, *, today: date) -> list[tuple[int, int]]:
    """Weeks before today with how many cases each lacks, the oldest first; never more than ``cases``."""
    days = Dispute.objects.values_list("registered_at", flat=True)
    played = Counter((today - local_day(at)).days // 7 for at in days)
    usual = (cases + sum(played.values())) / WEEKS
    left, found = cases, []
    for week in range(1, WEEKS):
        wanted = max(round(rng.gauss(usual, usual**0.5)) - played[week], 0)
        found.append((week, min(wanted, left)))
        left -= found[-1][1]
    return found[::-1]


def _as_judged(one: Original) -> list[Original]:
    """A case whose alert was judged, once with harm and once without: the dice choose by its points."""
    if one.alert is None:
        return [one]
    return [one.judged(verdict, OUTCOMES[verdict]) for verdict in ("prevented", "true", "false")]


def _chance(one: Original) -> float:
    """How likely this way of ending is among all that the same case has."""
    harm = min(max((one.points - MILD) / STEEP, 0.02), 0.98)
    if one.rows[
        Escalation
    ]:  # what was reported cannot have ended otherwise: only how often it came
        return harm
    if one.alert is None:
        return 1.0
    return {"prevented": harm * 0.7, "true": harm * 0.3}.get(one.alert.verdict, 1 - harm)


def _weights(originals: Sequence[Original]) -> list[float]:
    """Each kind as often as it is common today, whatever number of them is over."""
    usual = Counter(map(kind_of, Dispute.objects.values_list("category", flat=True)))
    over = Counter(
        kind_of(category)
        for _key, category in {(o.dispute.pk, o.dispute.category) for o in originals}
    )
    drawn = [
        usual[kind_of(one.dispute.category)] / over[kind_of(one.dispute.category)]
        * RARITY[Colour(one.dispute.colour)] * _chance(one)
        * (0.1 if one.dispute.status == "voided" else 1)
        for one in originals
    ]  # fmt: skip
    return _with_usual_danger(originals, drawn)


def _with_usual_danger(originals: Sequence[Original], weights: Sequence[float]) -> list[float]:
    """Orange and red together as often as ever: which of the few grave cases are over is chance."""
    grave = [one.dispute.severity >= 3 for one in originals]
    heavy = sum(weight for weight, is_grave in zip(weights, grave, strict=True) if is_grave)
    if not heavy or heavy == sum(weights):
        return list(weights)
    factor = GRAVE / (1 - GRAVE) * (sum(weights) - heavy) / heavy
    return [
        weight * (factor if is_grave else 1)
        for weight, is_grave in zip(weights, grave, strict=True)
    ]


def _age(one: Original, today: date) -> int:
    return (today - local_day(one.dispute.registered_at)).days // 7


def _crews(company: Company) -> list[Crew]:
    people = {
        username: (key, name)
        for key, username, name in Person.objects.values_list("pk", "username", "name")
    }
    offices = {"centre": "zhongxin", "justice": "sifa", "leader": "lingdao", "clerk": "fuyi"}
    grids = Area.objects.filter(level=Level.GRID, code__startswith=SUBDISTRICT).order_by("code")
    return [
        Crew(
            pk,
            code,
            {part: people[name] for part, name in offices.items()}
            | {
                "worker": people[company.workers[code].username],
                "mediator": people[company.mediators(community_code(code))[0]],
            },
        )
        for pk, code in grids.values_list("pk", "code")
    ]
