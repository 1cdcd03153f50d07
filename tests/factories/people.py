"""Two subdistricts with their people. All of them are invented."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from mediation.accounts.actor import Actor, load_actor
from mediation.accounts.models import Duty, Person, Role
from mediation.areas.models import Area, ancestor_codes, level_of

SERVING_SINCE = date(2020, 1, 1)
FIRST_DAY = date(2026, 3, 2)

DISTRICT = "430902"
SUBDISTRICT, SIBLING = "430902006", "430902007"
COMMUNITY, OTHER_COMMUNITY = "430902006901", "430902006909"
GRID, SECOND_GRID, LAST_GRID = "430902006901003", "430902006901004", "430902006909009"
SIBLING_COMMUNITY, SIBLING_GRID = "430902007901", "430902007901001"

# Code → name and the short name in file numbers. Nine at an end: the last code of its level.
TREE = {
    "43": ("湖南省", ""),
    "4309": ("益阳市", ""),
    DISTRICT: ("资阳区", ""),
    SUBDISTRICT: ("汽车路街道", "资汽"),
    COMMUNITY: ("汽车路社区", ""),
    GRID: ("第3网格", ""),
    SECOND_GRID: ("第4网格", ""),
    OTHER_COMMUNITY: ("金花坪社区", ""),
    LAST_GRID: ("第9网格", ""),
    SIBLING: ("大码头街道", "资大"),
    SIBLING_COMMUNITY: ("大码头社区", ""),
    SIBLING_GRID: ("第1网格", ""),
}


@dataclass(frozen=True)
class Member:
    """One of the cast: what people call him, and his duties as role, area, cleared."""

    name: str
    duties: tuple[tuple[Role, str, bool], ...] = ()
    active: bool = True


def _one(name: str, role: Role, area: str, *, cleared: bool = False) -> Member:
    return Member(name, ((role, area, cleared),))


CAST: dict[str, Member] = {
    # 汽车路街道
    "wang": _one("谌测网", Role.GRID_WORKER, GRID),
    "chen": _one("陈测格", Role.GRID_WORKER, SECOND_GRID),
    # Grid worker and mediator in one person: may settle on the spot.
    "he": Member(
        "贺测兼",
        ((Role.GRID_WORKER, SECOND_GRID, False), (Role.MEDIATOR, COMMUNITY, False)),
    ),
    "li": _one("李测和", Role.MEDIATOR, COMMUNITY),
    "sun": _one("孙测调", Role.MEDIATOR, COMMUNITY),
    "zhong": _one("钟测中", Role.CENTRE_STAFF, SUBDISTRICT),
    "bao": _one("包测密", Role.CENTRE_STAFF, SUBDISTRICT, cleared=True),
    "si": _one("司测所", Role.JUSTICE_STAFF, SUBDISTRICT, cleared=True),
    "lu": _one("陆测律", Role.JUSTICE_STAFF, SUBDISTRICT),
    "ling": _one("凌测领", Role.LEADER, SUBDISTRICT, cleared=True),
    "ping": _one("平测副", Role.LEADER, SUBDISTRICT),
    "fu": _one("傅测议", Role.RECONSIDERATION_CLERK, SUBDISTRICT),
    "xi": _one("席测管", Role.SYSTEM_ADMIN, DISTRICT),
    "an": _one("安测全", Role.SECURITY_ADMIN, DISTRICT),
    "shen": _one("沈测计", Role.AUDITOR, DISTRICT),
    # 大码头街道
    "b_wang": _one("万测网", Role.GRID_WORKER, SIBLING_GRID),
    "b_li": _one("黎测和", Role.MEDIATOR, SIBLING_COMMUNITY, cleared=True),
    "b_zhong": _one("仲测中", Role.CENTRE_STAFF, SIBLING, cleared=True),
    "b_si": _one("斯测所", Role.JUSTICE_STAFF, SIBLING, cleared=True),
    "b_ling": _one("林测领", Role.LEADER, SIBLING, cleared=True),
    "b_fu": _one("付测议", Role.RECONSIDERATION_CLERK, SIBLING, cleared=True),
    # Nobody in particular
    "mo": Member("莫测生"),
    "dai": Member("戴测替"),
    "gao": Member("高测停", ((Role.CENTRE_STAFF, SUBDISTRICT, True),), active=False),
}


class AreaFactory(DjangoModelFactory):
    """A place by its code; level and parent follow from the code."""

    class Meta:
        model = Area
        django_get_or_create = ("code",)

    code = GRID
    name = factory.LazyAttribute(lambda o: TREE.get(o.code, (o.code, ""))[0])
    short_name = factory.LazyAttribute(lambda o: TREE.get(o.code, ("", ""))[1])
    level = factory.LazyAttribute(lambda o: level_of(o.code))
    parent = factory.LazyAttribute(
        lambda o: AreaFactory(code=ancestor_codes(o.code)[-2]) if len(o.code) > 2 else None
    )


class PersonFactory(DjangoModelFactory):
    """Somebody who may sign in and serves nowhere."""

    class Meta:
        model = Person

    username = factory.Sequence("person{}".format)
    name = factory.Sequence("赵测{}".format)


class DutyFactory(DjangoModelFactory):
    """An open duty without clearance or deputy."""

    class Meta:
        model = Duty

    person = factory.SubFactory(PersonFactory)
    role = Role.GRID_WORKER
    area = factory.SubFactory(AreaFactory)
    since = SERVING_SINCE


@dataclass
class Cast:
    """The people by name: ``cast.li`` is the actor, ``cast.person("li")`` the row behind it."""

    people: dict[str, Person]
    _actors: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        if name.startswith("_") or name not in self.people:
            raise AttributeError(name)
        if name not in self._actors:
            self._actors[name] = self.actor(name)
        return self._actors[name]

    def person(self, name: str) -> Person:
        return self.people[name]

    def actor(self, name: str, *, today: date = FIRST_DAY) -> Actor:
        """The actor as of ``today``, loaded anew."""
        return load_actor(self.people[name], today=today)

    def id(self, name: str) -> int:
        return self.people[name].pk

    def serve(self, name: str, role: Role, area: str, **more: Any) -> Duty:
        """Give somebody one more duty; his actor is loaded anew."""
        self._actors.pop(name, None)
        return DutyFactory(
            person=self.people[name], role=role, area=Area.objects.get(code=area), **more
        )

    def deputise(self, name: str, *, by: str, role: Role = Role.MEDIATOR, **days: Any) -> None:
        """Let ``by`` stand in for the duty of ``name``."""
        self._actors.pop(by, None)
        Duty.objects.filter(person=self.people[name], role=role).update(
            deputy=self.people[by], **days
        )


def build_cast() -> Cast:
    """Tree, people and duties in a handful of statements; safe to call on what exists."""
    _plant_tree()
    Person.objects.bulk_create(
        [
            Person(username=key, name=member.name, is_active=member.active)
            for key, member in CAST.items()
        ],
        ignore_conflicts=True,
    )
    people = {p.username: p for p in Person.objects.filter(username__in=CAST)}
    areas = {area.code: area for area in Area.objects.filter(code__in=TREE)}
    if not Duty.objects.filter(person__in=people.values()).exists():
        Duty.objects.bulk_create(
            Duty(
                person=people[key],
                role=role,
                area=areas[code],
                since=SERVING_SINCE,
                cleared=cleared,
            )
            for key, member in CAST.items()
            for role, code, cleared in member.duties
        )
    return Cast(people)


def _plant_tree() -> None:
    known: dict[str, Area] = {area.code: area for area in Area.objects.filter(code__in=TREE)}
    by_level: dict[int, list[str]] = {}
    for code in TREE:
        if code not in known:
            by_level.setdefault(len(code), []).append(code)
    for codes in by_level.values():
        areas = [
            Area(
                code=code,
                name=TREE[code][0],
                short_name=TREE[code][1],
                level=level_of(code),
                parent=known[ancestor_codes(code)[-2]] if len(code) > 2 else None,
            )
            for code in codes
        ]
        Area.objects.bulk_create(areas)
        known |= {area.code: area for area in areas}
