"""From plots to tales: which grid, which people, which parties, and when it begins."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import Any

from mediation.accounts.demo import COMMUNITY, GRID
from mediation.accounts.models import Person, Role
from mediation.areas.selectors import community_code
from mediation.jobs.seed import names, plots, repertoire
from mediation.jobs.seed.people import Post
from mediation.jobs.seed.phases import intake
from mediation.jobs.seed.repertoire import Plot
from mediation.jobs.seed.tale import SHANGHAI, Tale, Team
from mediation.jobs.seed.topics import ADMINISTRATIVE, CIVIL, Topic

# Shares of the categories of the Ministry's statistics, roughly: family and neighbours lead.
COMMONNESS = {"01": 5, "02": 6, "10": 4, "15": 3, "06": 3, "14": 3, "12": 2}
PARTS_OF_SPLIT = 2


@dataclass
class Company:
    """The staff as the casting knows it."""

    posts: list[Post]
    people: dict[str, Person]

    @cached_property
    def workers(self) -> dict[str, Post]:
        """Grid → its worker."""
        return {post.area: post for post in self.posts if post.role == Role.GRID_WORKER}

    def mediators(self, community: str) -> list[str]:
        """Those of the committee, the full-time one first."""
        own = [p.username for p in self.posts if (p.role, p.area) == (Role.MEDIATOR, community)]
        also = [p.username for p in self.posts if (Role.MEDIATOR, community) in p.also]
        return own + also

    def can_settle(self, grid: str) -> bool:
        """现场化解 needs a grid worker who is also a mediator of the committee."""
        return (Role.MEDIATOR, community_code(grid)) in self.workers[grid].also

    def team(self, rng: Random, grid: str, *, cleared: bool) -> Team:
        committee = self.mediators(community_code(grid))
        chosen = committee[0] if cleared or rng.random() < 0.75 else rng.choice(committee)
        centre = ("zhongxin", "zhongxin", "centre2") + (() if cleared else ("centre3",))
        leader = rng.choice(("lingdao", "lingdao", "leader2"))
        return Team(
            grid=grid,
            worker=self.workers[grid].username,
            mediator=chosen,
            mediator_id=self.people[chosen].pk,
            centre=rng.choice(centre),
            justice=rng.choice(("sifa", "sifa", "justice2")),
            leader=leader,
            leader_id=self.people[leader].pk,
            clerk="fuyi",
        )


@dataclass
class Casting:
    """Draws tales. The same seed and day draw the same ones."""

    company: Company
    seed: int
    today: date
    used: dict[str, Tale] = field(default_factory=dict)

    def tales(self, count: int) -> Iterator[Tale]:
        """``count`` disputes, the two parts of each split one included."""
        drawn = list(self._plots(count))
        people = names.people(Random(f"{self.seed} names"), taken=self._staff())
        for number, plot in enumerate(drawn):
            tale = self._cast(number, plot, next(people), next(people), next(people))
            intake.note_daily(tale, until=self.today)
            self.used[tale.key] = tale
            yield tale

    def _staff(self) -> set[str]:
        return {post.name for post in self.company.posts}

    def _plots(self, count: int) -> Iterator[Plot]:
        special = repertoire.SPECIAL[: max(count - PARTS_OF_SPLIT, 0)]
        further = repertoire.REMEMBERED + repertoire.CLUSTER
        if count - PARTS_OF_SPLIT >= len(special) + len(further):
            special += further
        yield from special
        rng = self._rng("plots")
        weights, common = zip(*repertoire.COMMON, strict=True)
        for number in range(count - PARTS_OF_SPLIT - len(special)):
            plot = rng.choices(common, weights)[0]
            yield replace(plot, name=f"{plot.name}#{number}")

    def _rng(self, *parts: object) -> Random:
        return Random(f"{self.seed} {self.today} {parts}")

    def _cast(self, number: int, plot: Plot, *who: str) -> Tale:
        """Tell the story from ever earlier days until it ends when it should."""
        rest = self._rng("rest", number).randint(*plot.rests)
        last = self.today - timedelta(days=rest + 1)
        start = last
        while True:
            tale = self._draft(number, plot, who, start, fresh=rest < 0)
            plot.tell(tale)
            if tale.end.date() <= last:
                return tale
            start -= timedelta(days=max((tale.end.date() - last).days, 1))

    def _draft(
        self, number: int, plot: Plot, who: tuple[str, ...], start: date, *, fresh: bool
    ) -> Tale:
        rng = self._rng("tale", number)
        topic = plot.topic or _topic(rng, plot)
        sensitive = plot.name.startswith("violent")
        team = self.company.team(rng, self._grid(rng, plot), cleared=sensitive)
        twin = self.used.get(plot.twin)
        low, high = topic.yuan or (0, 0)
        tale = Tale(
            key=plot.name,
            rng=rng,
            team=team if twin is None else twin.team,
            topic=topic if twin is None else twin.topic,
            colour=rng.choice(plot.colours),
            now=_morning(rng, start) if fresh else _daytime(rng, start),
            nature=plot.nature,
            amount=rng.randrange(low, high, 100) if high else None,
            people_count=plot.people_count,
            alert=plot.alert,
            verdict=plot.verdict,
            target=plot.target,
            agreement=plot.agreement or rng.choice(("written", "written", "oral")),
            twin=plot.twin,
            fresh=fresh,
        )
        tale.parties = self._parties(tale, plot, who, number) if twin is None else twin.parties
        return tale

    def _grid(self, rng: Random, plot: Plot) -> str:
        grids = sorted(self.company.workers)
        if plot.tell in {plots.settled, plots.settled_closed, plots.settled_archived}:
            grids = [grid for grid in grids if self.company.can_settle(grid)]
        if plot.at_home:
            return GRID
        if plot.grid:
            return plot.grid
        # There the cluster is to be seen as it was drawn.
        grids = [grid for grid in grids if not grid.startswith(repertoire.PLAGUED)]
        at_home = rng.random() < 0.25
        near = [grid for grid in grids if grid.startswith(COMMUNITY)]
        return rng.choice(near if at_home else grids)

    def _parties(
        self, tale: Tale, plot: Plot, who: tuple[str, ...], number: int
    ) -> list[dict[str, Any]]:
        first, second, third = who
        if number % 9 == 4:
            first = names.RARE[number // 9 % len(names.RARE)]
        rows = [names.adult(tale.rng, first, side="applicant", today=self.today)]
        rows[0]["relation"] = tale.topic.relation
        if tale.topic.firm:
            rows.append(names.company(tale.rng, tale.topic.firm, side="respondent", serial=number))
        elif plot.nature != "ADMINISTRATIVE":
            rows.append(names.adult(tale.rng, second, side="respondent", today=self.today))
        if plot.minor:
            rows.append(names.child(tale.rng, third, guardian=first, today=self.today))
        return rows


def _topic(rng: Random, plot: Plot) -> Topic:
    if plot.nature == "ADMINISTRATIVE":
        return rng.choice(ADMINISTRATIVE)
    weights = [COMMONNESS.get(topic.category, 1) for topic in CIVIL]
    return rng.choices(CIVIL, weights)[0]


def _daytime(rng: Random, day: date) -> datetime:
    return datetime.combine(day, time(7, 30), SHANGHAI) + timedelta(minutes=rng.randint(0, 660))


def _morning(rng: Random, day: date) -> datetime:
    return datetime.combine(day, time(7, 2), SHANGHAI) + timedelta(minutes=rng.randint(0, 70))
