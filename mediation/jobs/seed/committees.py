"""The committees of the town: one in every community and one of the subdistrict, each as the law wants it."""

from collections.abc import Mapping
from datetime import date, timedelta

from mediation.accounts.demo import SUBDISTRICT
from mediation.accounts.models import Person, Role
from mediation.areas.models import Area, Level
from mediation.jobs.seed.people import SERVED_FOR, Post
from mediation.sessions.models import Committee, RosterEntry

# What people of such a committee are good at, in turn.
GOOD_AT = (["02", "15"], ["01", "03"], ["06", "04"], ["10"], ["02", "07"], ["12", "99"])
TONGUES = (["普通话", "益阳话"], ["普通话", "益阳话", "长沙话"], ["普通话"])
MOST = 9


def seat(posts: list[Post], people: Mapping[str, Person], *, today: date) -> None:
    """Found the committees and fill them with those who serve as mediators there."""
    since = today - SERVED_FOR
    until = since.replace(year=since.year + 3) - timedelta(days=1)
    areas = Area.objects.filter(code__startswith=SUBDISTRICT)
    wanted = areas.filter(level__in=[Level.SUBDISTRICT, Level.COMMUNITY]).order_by("code")
    entries: list[RosterEntry] = []
    for area in wanted:
        township = area.level == Level.SUBDISTRICT
        committee = Committee.objects.create(
            area=area,
            name=f"{area.name}人民调解委员会",
            kind=Committee.Kind.TOWNSHIP if township else Committee.Kind.COMMUNITY,
        )
        names = _of_subdistrict(posts) if township else _of_community(posts, area.code)
        for number, username in enumerate(names[:MOST]):
            entries.append(
                RosterEntry(
                    committee=committee,
                    person=people[username],
                    post=RosterEntry.Post.MEMBER if number else RosterEntry.Post.DIRECTOR,
                    is_woman=number % 2 == 1,
                    birth_year=1968 + number * 4,
                    is_full_time=number == 0,
                    expertise=GOOD_AT[(number + len(entries)) % len(GOOD_AT)],
                    languages=TONGUES[number % len(TONGUES)],
                    term_from=since,
                    term_until=until,
                )
            )
    RosterEntry.objects.bulk_create(entries)


def _of_community(posts: list[Post], code: str) -> list[str]:
    """Mediators by duty first, then grid workers who sit on the committee."""
    first = [p.username for p in posts if p.role == Role.MEDIATOR and p.area == code]
    also = [p.username for p in posts if (Role.MEDIATOR, code) in p.also]
    return [*first, *also]


def _of_subdistrict(posts: list[Post]) -> list[str]:
    """One mediator of every community."""
    return [p.username for p in posts if p.role == Role.MEDIATOR]
