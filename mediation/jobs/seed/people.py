"""Sixty invented officials: names with 测 in the middle, duties, deputies, clearances."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from mediation.accounts.demo import CAST, COMMUNITY, GRID, MAIL_DOMAIN, PASSWORD, SUBDISTRICT
from mediation.accounts.models import Duty, Person, Role
from mediation.areas.models import Area, Level
from mediation.areas.selectors import community_code
from mediation.jobs.seed.names import SURNAMES

GIVEN = "网勤芳敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞红鑫波斌宇浩凯健俊帆雪荣旭"
SERVED_FOR = timedelta(days=700)


@dataclass(frozen=True, slots=True)
class Post:
    """Who serves where. ``also``: further duties beside the first."""

    username: str
    name: str
    title: str
    role: Role
    area: str
    cleared: bool = False
    deputy: str = ""
    also: tuple[tuple[Role, str], ...] = ()


def roster() -> list[Post]:
    """The whole staff of the subdistrict: the cast first, then the others."""
    posts = [*_cast(), *_others()]
    return [replace(post, deputy=_deputy(post, posts)) for post in posts]


def _cast() -> Iterator[Post]:
    not_cleared = {Role.GRID_WORKER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
    for member in CAST:
        also = ((Role.MEDIATOR, COMMUNITY),) if member.role == Role.GRID_WORKER else ()
        yield Post(
            member.username,
            member.name,
            member.post,
            member.role,
            member.area,
            cleared=member.role not in not_cleared,
            also=also,
        )


def _others() -> Iterator[Post]:
    names = _names()
    codes = list(Area.objects.filter(code__startswith=f"{SUBDISTRICT}9").order_by("code"))
    grids = [area.code for area in codes if area.level == Level.GRID and area.code != GRID]
    for number, code in enumerate(grids, 2):
        # Four in five grid workers also sit on the committee of their community.
        also = ((Role.MEDIATOR, community_code(code)),) if number % 5 else ()
        yield Post(
            f"grid{number:02d}", next(names), "专职网格员", Role.GRID_WORKER, code, also=also
        )
    rooms = [area.code for area in codes if area.level == Level.COMMUNITY]
    for number, code in enumerate((c for c in rooms if c != COMMUNITY), 2):
        yield Post(
            f"mediator{number}",
            next(names),
            "人民调解员",
            Role.MEDIATOR,
            code,
            cleared=number % 2 == 0,
        )
    for username, title, role, cleared in (
        ("centre2", "综治中心工作人员", Role.CENTRE_STAFF, True),
        ("centre3", "综治中心工作人员", Role.CENTRE_STAFF, False),
        ("justice2", "司法助理员", Role.JUSTICE_STAFF, True),
        ("leader2", "街道政法委员", Role.LEADER, True),
    ):
        yield Post(username, next(names), title, role, SUBDISTRICT, cleared=cleared)


def _names() -> Iterator[str]:
    taken = {member.name for member in CAST}
    for number, given in enumerate(GIVEN * 3):
        name = f"{SURNAMES[number * 7 % len(SURNAMES)]}测{given}"
        if name not in taken:
            taken.add(name)
            yield name


def _deputy(post: Post, posts: list[Post]) -> str:
    """A neighbour in the same role and community; the offices stand in for one another."""
    if post.username in {"wangge", "tiaojie"}:
        pairs = {"wangge": "grid02", "tiaojie": "grid03"}
        return pairs[post.username]
    if post.username in {"zhongxin", "sifa", "lingdao"}:
        near = [p for p in posts if p.role == post.role and p.username != post.username]
        return near[0].username
    near = [
        p
        for p in posts
        if p.role == post.role == Role.GRID_WORKER
        and p.username != post.username
        and community_code(p.area) == community_code(post.area)
    ]
    return near[0].username if near and post.username[-1] in "37" else ""


def hire(posts: list[Post], *, today: date) -> dict[str, Person]:
    """Create the accounts and their duties. One password, hashed once: hashing is dear by design."""
    known = make_password(PASSWORD)
    people = {
        post.username: Person.objects.create(
            username=post.username,
            name=post.name,
            post=post.title,
            phone=f"0737-42{number:05d}",
            email=f"{post.username}@{MAIL_DOMAIN}",
            password=known,
        )
        for number, post in enumerate(posts, 10_001)
    }
    areas = {area.code: area for area in Area.objects.filter(code__in=_codes(posts))}
    Duty.objects.bulk_create(
        Duty(
            person=people[post.username],
            role=role,
            area=areas[code],
            since=today - SERVED_FOR,
            cleared=post.cleared,
            # Without dates a deputy stands in at any time; the cast's deputies do so this month.
            deputy=people.get(post.deputy),
            deputy_since=today - timedelta(days=3) if post.deputy else None,
            deputy_until=today + timedelta(days=11) if post.deputy else None,
        )
        for post in posts
        for role, code in ((post.role, post.area), *post.also)
    )
    return people


def _codes(posts: list[Post]) -> set[str]:
    return {code for post in posts for code in (post.area, *(area for _, area in post.also))}
