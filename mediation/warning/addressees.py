"""Whom an alert is for, and whom silence reaches next: the deputy, one level up, two levels up.

Of a sensitive case only people with clearance are told, at every rung.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Case, When

from mediation.accounts.models import Duty, Role
from mediation.accounts.selectors import deputised_on
from mediation.areas.models import LENGTH_OF, Level, ancestor_codes
from mediation.disputes.enums import Colour
from mediation.warning.models import Alert

ADDRESSEE, DEPUTY, ONE_UP, TWO_UP = range(4)


class Post(NamedTuple):
    """One duty that may be told."""

    area_code: str
    person_id: int
    role: str
    cleared: bool
    # None when there is none who could be told.
    deputy_id: int | None
    stands_in: bool


Roll = Mapping[str, Sequence[Post]]
"""The posts of each area."""


def posts_of(alert: Alert, *, today: date) -> list[Post]:
    """The leaders and the centres over the place of the alert, the nearest first."""
    return posts_on(roll_of([alert.area_code], today=today), alert)


def roll_of(area_codes: Iterable[str], *, today: date) -> Roll:
    """The leaders and the centres over these places: one query, however many places."""
    codes = {above for code in area_codes for above in ancestor_codes(code)}
    rows = (
        Duty.objects.filter(
            area__code__in=codes,
            role__in=[Role.LEADER, Role.CENTRE_STAFF],
            since__lte=today,
            person__is_active=True,
        )
        .exclude(until__lt=today)
        .order_by("person_id")
        .values_list(
            "area__code",
            "person_id",
            "role",
            "cleared",
            Case(When(deputy__is_active=True, then="deputy_id")),
            Case(When(deputised_on(today), then=True), default=False),
        )
    )
    roll: defaultdict[str, list[Post]] = defaultdict(list)
    for row in rows:
        post = Post(*row)
        roll[post.area_code].append(post)
    return roll


def posts_on(roll: Roll, alert: Alert) -> list[Post]:
    """Those of the roll that stand over the place of the alert, the nearest first."""
    sensitive = alert.dispute is not None and alert.dispute.is_sensitive
    return [
        post
        for code in reversed(ancestor_codes(alert.area_code))
        for post in roll.get(code, ())
        if post.cleared or not sensitive
    ]


def addressed(alert: Alert, posts: Sequence[Post]) -> list[int]:
    """Whose alert it is: the leaders of the nearest level that has any, and the centre.

    Red is also for the level above from the first minute (early_warning 4.2.8).
    """
    levels = _levels(posts)
    nearest = levels[: 2 if alert.colour == Colour.RED else 1]
    told = [post for post in posts if post.role == Role.LEADER and len(post.area_code) in nearest]
    told += [post for post in posts if post.role == Role.CENTRE_STAFF and _near(post, alert)]
    return _people(told)


def at_rung(alert: Alert, posts: Sequence[Post], rung: int) -> list[int]:
    """Who is told at ``rung``; nobody when there is no such person, and the ladder goes on."""
    levels = _levels(posts)
    leaders = [post for post in posts if post.role == Role.LEADER]
    if rung == DEPUTY:
        own = set(addressed(alert, posts))
        deputies = {post.deputy_id for post in posts if post.person_id in own and post.deputy_id}
        return sorted(deputies - own)
    above = levels[rung - 1 : rung]
    return _people(post for post in leaders if len(post.area_code) in above)


def everybody(alert: Alert, posts: Sequence[Post], rung: int) -> list[int]:
    """All who have been told up to ``rung``."""
    told = set(addressed(alert, posts))
    for step in range(DEPUTY, rung + 1):
        told.update(at_rung(alert, posts, step))
    return sorted(told)


def _levels(posts: Sequence[Post]) -> list[int]:
    """Lengths of the area codes that have a leader, the nearest first."""
    lengths = {len(post.area_code) for post in posts if post.role == Role.LEADER}
    return sorted(lengths, reverse=True)


def _near(post: Post, alert: Alert) -> bool:
    """The centre of the subdistrict; of the district for what concerns a whole district."""
    least = min(len(alert.area_code), LENGTH_OF[Level.SUBDISTRICT])
    return len(post.area_code) >= least


def _people(posts: Iterable[Post]) -> list[int]:
    """The holders of the posts, and whoever stands in for them today."""
    found = set()
    for post in posts:
        found.add(post.person_id)
        if post.stands_in and post.deputy_id:
            found.add(post.deputy_id)
    return sorted(found)
