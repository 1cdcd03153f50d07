"""The areas of a district or a province, and the people who serve in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password

from mediation.accounts.demo import MAIL_DOMAIN, PASSWORD, SUBDISTRICT
from mediation.accounts.models import Duty, Person, Role
from mediation.areas.models import LENGTH_OF, Area, Level, ancestor_codes, level_of
from mediation.areas.selectors import community_code, subdistrict_code
from mediation.jobs.seed.names import GIVEN, SURNAMES
from mediation.jobs.seed.people import SERVED_FOR
from mediation.jobs.seed.places import COMMUNITIES, FIRST_COMMUNITY, Place

# The other towns and subdistricts of the district (GB/T 10114).
NEIGHBOURS = (
    ("430902005", "大码头街道", "资大"),
    ("430902102", "迎风桥镇", "资迎"),
    ("430902104", "沙头镇", "资沙"),
    ("430902105", "茈湖口镇", "资茈"),
    ("430902106", "长春镇", "资长"),
    ("430902107", "新桥河镇", "资新"),
    ("430902203", "张家塞乡", "资张"),
    ("430902401", "长春经济开发区", "资经"),
)
# City → its name and one character for short names.
CITIES = {
    "4301": ("长沙市", "长"), "4302": ("株洲市", "株"), "4303": ("湘潭市", "潭"),
    "4304": ("衡阳市", "衡"), "4305": ("邵阳市", "邵"), "4306": ("岳阳市", "岳"),
    "4307": ("常德市", "常"), "4308": ("张家界市", "张"), "4309": ("益阳市", "益"),
    "4310": ("郴州市", "郴"), "4311": ("永州市", "永"), "4312": ("怀化市", "怀"),
    "4313": ("娄底市", "娄"), "4331": ("湘西土家族苗族自治州", "西"),
}  # fmt: skip
# Codes from 90 (districts) and 901 (subdistricts, communities) on are not assigned.
DISTRICTS, SUBDISTRICTS, TOWN_COMMUNITIES, GRIDS = 9, 8, 4, 5
OFFICES = (
    (Role.CENTRE_STAFF, "c", "综治中心工作人员"),
    (Role.JUSTICE_STAFF, "j", "司法助理员"),
    (Role.LEADER, "l", "分管负责人"),
)


def district() -> Iterator[Place]:
    for code, name, short_name in NEIGHBOURS:
        yield Place(code, name, short_name)
        yield from _below(code, len(COMMUNITIES))


def province() -> Iterator[Place]:
    yield from district()
    for city, (name, letter) in CITIES.items():
        yield Place(city, name)
        for number in range(DISTRICTS):
            district_name = f"{letter}演{number + 1}区"
            yield Place(f"{city}9{number}", district_name)
            for serial in range(1, SUBDISTRICTS + 1):
                code = f"{city}9{number}9{serial:02d}"
                # Numbers of cases and files carry these names: no two may be alike.
                yield Place(code, f"{district_name}{serial}街道", f"{letter}演{number + 1}{serial}")
                yield from _below(code, TOWN_COMMUNITIES)


def _below(subdistrict: str, communities: int) -> Iterator[Place]:
    for number, (name, _) in enumerate(COMMUNITIES[:communities], FIRST_COMMUNITY):
        yield Place(f"{subdistrict}{number}", name)
        for serial in range(1, GRIDS + 1):
            households = 300 + (int(subdistrict[-3:]) + number * 37 + serial * 53) % 160
            yield Place(
                f"{subdistrict}{number}{serial:03d}", f"第{serial}网格", households=households
            )


def plant(places: Iterator[Place]) -> None:
    """Insert the areas that are not there yet, level by level."""
    by_level: dict[Level, list[Place]] = {}
    for place in places:
        by_level.setdefault(level_of(place.code), []).append(place)
    known = dict(Area.objects.values_list("code", "pk"))
    for level in sorted(by_level):
        Area.objects.bulk_create(
            (
                Area(
                    code=place.code,
                    level=level,
                    name=place.name,
                    short_name=place.short_name,
                    households=place.households,
                    parent_id=known[ancestor_codes(place.code)[-2]],
                )
                for place in by_level[level]
                if place.code not in known
            ),
            batch_size=1000,
        )
        known |= dict(Area.objects.filter(level=level).values_list("code", "pk"))


@dataclass(frozen=True, slots=True)
class Crew:
    """Who serves in one grid: part in a case → key and name."""

    grid_id: int
    code: str
    members: dict[str, tuple[int, str]]


def hire(*, today: date) -> None:
    """One worker a grid, one mediator a community, three offices a subdistrict, a clerk a district."""
    own = SUBDISTRICT[: LENGTH_OF[Level.DISTRICT]]
    names = _names()
    posts = [
        (username, next(names), title, role, area_id)
        for area_id, code, level in Area.objects.filter(level__gte=Level.DISTRICT)
        .order_by("code")
        .values_list("pk", "code", "level")
        if not code.startswith(SUBDISTRICT) and code != own
        for username, title, role in _posts(code, Level(level))
    ]
    password = make_password(PASSWORD)
    Person.objects.bulk_create(
        (
            Person(
                username=username,
                name=name,
                post=title,
                email=f"{username}@{MAIL_DOMAIN}",
                password=password,
            )
            for username, name, title, _, _ in posts
        ),
        batch_size=500,
    )
    keys = dict(Person.objects.values_list("username", "pk"))
    Duty.objects.bulk_create(
        (
            Duty(
                person_id=keys[username],
                role=role,
                area_id=area_id,
                since=today - SERVED_FOR,
                cleared=role != Role.GRID_WORKER,
            )
            for username, _, _, role, area_id in posts
        ),
        batch_size=1000,
    )


def _posts(code: str, level: Level) -> Iterator[tuple[str, str, Role]]:
    match level:
        case Level.GRID:
            yield f"g{code}", "专职网格员", Role.GRID_WORKER
        case Level.COMMUNITY:
            yield f"m{code}", "人民调解员", Role.MEDIATOR
        case Level.SUBDISTRICT:
            for role, letter, title in OFFICES:
                yield f"{letter}{code}", title, role
        case Level.DISTRICT:
            yield f"r{code}", "行政复议应诉专干", Role.RECONSIDERATION_CLERK
        case _:
            pass


def _names() -> Iterator[str]:
    rng = Random("staff")
    while True:
        yield f"{rng.choice(SURNAMES)}测{rng.choice(GIVEN)}"


def crews() -> list[Crew]:
    """The crews of all grids outside the played subdistrict, in the order of their codes."""
    people = {
        username: (key, name)
        for key, username, name in Person.objects.values_list("pk", "username", "name")
    }
    grids = Area.objects.filter(level=Level.GRID).exclude(code__startswith=SUBDISTRICT)
    return [
        _crew(pk, code, people) for pk, code in grids.order_by("code").values_list("pk", "code")
    ]


def _crew(grid_id: int, code: str, people: dict[str, tuple[int, str]]) -> Crew:
    subdistrict = subdistrict_code(code)
    return Crew(
        grid_id,
        code,
        {
            "worker": people[f"g{code}"],
            "mediator": people[f"m{community_code(code)}"],
            "centre": people[f"c{subdistrict}"],
            "justice": people[f"j{subdistrict}"],
            "leader": people[f"l{subdistrict}"],
            "clerk": people.get(f"r{code[:6]}", people["fuyi"]),
        },
    )


def organisations() -> dict[str, tuple[str, str]]:
    """Subdistrict → its name and its short name, as they stand in numbers."""
    rows = Area.objects.filter(level=Level.SUBDISTRICT).values_list("code", "name", "short_name")
    return {code: (name, short or name.removesuffix("街道")) for code, name, short in rows}
