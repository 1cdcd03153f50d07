"""Questions about people and duties, for the pages of administration: one query for each list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Concat

from mediation.accounts.models import AccessChange, Duty, Person, Role
from mediation.areas.models import Area, Level, ancestor_codes
from mediation.areas.selectors import within


def open_on(day: date, prefix: str = "") -> Q:
    """Duties that are open on ``day``."""
    return Q(**{f"{prefix}since__lte": day}) & unfinished(day, prefix)


def unfinished(day: date, prefix: str = "") -> Q:
    """Duties that are open on ``day`` or begin later."""
    return Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": day})


def deputised_on(day: date) -> Q:
    """``Duty.is_deputised_on`` of an open duty, in the words of the database."""
    begun = Q(deputy_since__isnull=True) | Q(deputy_since__lte=day)
    lasting = Q(deputy_until__isnull=True) | Q(deputy_until__gte=day)
    return Q(deputy__isnull=False) & begun & lasting


# People -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of people is narrowed to."""

    words: str = ""
    role: str = ""
    area_code: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One duty as a list shows it."""

    role: str
    role_label: str
    area_name: str


@dataclass(slots=True)
class PersonRow:
    pk: int
    username: str
    name: str
    post: str
    is_active: bool
    duties: list[Place] = field(default_factory=list)


def list_people(
    reach: QuerySet[Person], wanted: Wanted, *, today: date, after: str, limit: int
) -> list[PersonRow]:
    """A page of people after the account name ``after``, each with his duties of today. One query."""
    page = _narrowed(reach, wanted, today).filter(username__gt=after).order_by("username")
    rows = (
        Person.objects.filter(pk__in=page.values("pk")[:limit])
        .annotate(open=FilteredRelation("duties", condition=open_on(today, "duties__")))
        .order_by("username", "open__area__code", "open__role")
        .values_list(
            "pk",
            "username",
            "name",
            "post",
            "is_active",
            "open__role",
            "open__area__name",
            "open__area__level",
            "open__area__parent__name",
        )
    )
    found: dict[int, PersonRow] = {}
    for pk, username, name, post, is_active, role, area, level, parent in rows:
        person = found.setdefault(pk, PersonRow(pk, username, name, post, is_active))
        if role:
            person.duties.append(
                Place(
                    role, str(Role(role).label), f"{parent}{area}" if level == Level.GRID else area
                )
            )
    return list(found.values())


def idle(people: QuerySet[Person], *, today: date) -> QuerySet[Person]:
    """Who has an open account and no duty today."""
    return _narrowed(people, Wanted(state="idle"), today)


def _narrowed(people: QuerySet[Person], wanted: Wanted, today: date) -> QuerySet[Person]:
    if wanted.words:
        people = people.filter(
            Q(name__icontains=wanted.words) | Q(username__icontains=wanted.words)
        )
    if wanted.state in STATES:
        people = people.filter(STATES[wanted.state])
    duties = Duty.objects.filter(open_on(today), person=OuterRef("pk"))
    if wanted.state == "idle":
        return people.filter(~Exists(duties), is_active=True)
    if wanted.role:
        duties = duties.filter(role=wanted.role)
    if wanted.area_code:
        duties = duties.filter(within(wanted.area_code, field="area__code"))
    return people.filter(Exists(duties)) if wanted.role or wanted.area_code else people


STATES = {"active": Q(is_active=True), "closed": Q(is_active=False)}


def all_duties(person_id: int) -> list[Duty]:
    """Every duty that somebody has or had, the latest first."""
    return list(
        Duty.objects.filter(person_id=person_id)
        .select_related("area__parent", "deputy", "person")
        .order_by("-since", "-pk")
    )


def unfinished_duties(person_id: int, *, today: date) -> list[Duty]:
    rows = Duty.objects.filter(unfinished(today), person_id=person_id)
    return list(rows.select_related("area", "deputy", "person").order_by("area__code", "role"))


def history(*, person_id: int, before: int | None, limit: int) -> list[AccessChange]:
    """The records about somebody, the latest first, from below ``before`` on."""
    rows = AccessChange.objects.filter(person_id=person_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:limit])


def area_history(area_id: int, *, limit: int) -> list[AccessChange]:
    return list(AccessChange.objects.filter(area_id=area_id).order_by("-pk")[:limit])


def stand_ins(duties: Sequence[Duty], *, today: date) -> dict[int, list[str]]:
    """Duty key → names of others who serve in the same role there or above. One query."""
    if not duties:
        return {}
    scope = Q(pk__in=[])
    for duty in duties:
        scope |= Q(role=duty.role, area__code__in=ancestor_codes(duty.area.code))
    rows = (
        Duty.objects.filter(scope, open_on(today), person__is_active=True)
        .exclude(person_id__in={duty.person_id for duty in duties})
        .order_by("-area__level", "person__username")
        .values_list("role", "area__code", "person__name")
    )
    found: dict[int, list[str]] = {duty.pk: [] for duty in duties}
    for role, code, name in rows:
        for duty in duties:
            if duty.role == role and duty.area.code.startswith(code):
                found[duty.pk].append(name)
    return {pk: list(dict.fromkeys(names)) for pk, names in found.items()}


# Areas with their people --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Server:
    """Somebody who serves in an area, and who stands in for him."""

    person_id: int
    name: str
    role: str
    role_label: str
    deputy: str


@dataclass(slots=True)
class AreaRow:
    code: str
    name: str
    level: Level
    households: int | None
    is_active: bool
    is_staffed: bool
    people: list[Server] = field(default_factory=list)

    @property
    def lacks_worker(self) -> bool:
        return self.level == Level.GRID and self.is_active and not self.is_staffed


def list_areas(areas: QuerySet[Area], *, today: date, limit: int | None = None) -> list[AreaRow]:
    """Areas with the people who serve there; grids without a worker first. One query."""
    staffed = _with_staffing(areas, today).order_by("is_staffed", "code")
    page = staffed if limit is None else staffed[:limit]
    rows = (
        _with_staffing(Area.objects.filter(pk__in=page.values("pk")), today)
        .annotate(
            duty=FilteredRelation("duties", condition=open_on(today, "duties__")),
            homes=Coalesce("households", _of_its_grids()),
        )
        .order_by("-is_active", "is_staffed", "code", "duty__role", "duty__person__username")
        .values_list(
            "code", "name", "level", "homes", "is_active", "is_staffed",
            "duty__role", "duty__person_id", "duty__person__name", "duty__person__is_active",
            "duty__deputy__name",
        )
    )  # fmt: skip
    found: dict[str, AreaRow] = {}
    for (
        code,
        name,
        level,
        households,
        is_active,
        is_staffed,
        role,
        pk,
        person,
        active,
        deputy,
    ) in rows:
        area = found.get(code)
        if area is None:
            area = AreaRow(code, name, Level(level), households, is_active, is_staffed)
            found[code] = area
        if role and active:
            area.people.append(Server(pk, person, role, str(Role(role).label), deputy or ""))
    return list(found.values())


def _of_its_grids() -> Subquery:
    """The households of the grids in use below an area; nothing where none of them has any."""
    grids = Area.objects.filter(
        code__gt=OuterRef("code"),
        code__lt=Concat(OuterRef("code"), Value("a")),  # a letter sorts after every digit
        level=Level.GRID,
        is_active=True,
    )
    summed = grids.order_by().annotate(total=Func(F("households"), function="SUM"))
    return Subquery(summed.values("total"), output_field=IntegerField())


def _with_staffing(areas: QuerySet[Area], today: date) -> QuerySet[Any]:
    """``is_staffed``: somebody is the grid worker here. Only grids can lack one."""
    workers = Duty.objects.filter(
        open_on(today), area=OuterRef("pk"), role=Role.GRID_WORKER, person__is_active=True
    )
    return areas.annotate(is_staffed=Exists(workers) | ~Q(level=Level.GRID))


def grids_without_worker(code: str, *, today: date) -> QuerySet[Area]:
    grids = Area.objects.filter(within(code, field="code"), level=Level.GRID, is_active=True)
    return _with_staffing(grids, today).filter(is_staffed=False).order_by("code")


@dataclass(frozen=True, slots=True)
class Figures:
    """The grids of an area, its own people, and what the grids add up to."""

    grids: int
    unstaffed: int
    households: int


def figures(code: str, *, today: date) -> Figures:
    grids = Area.objects.filter(within(code, field="code"), level=Level.GRID, is_active=True)
    found = _with_staffing(grids, today).aggregate(
        grids=Count("pk"),
        unstaffed=Count("pk", filter=Q(is_staffed=False)),
        total=Sum(F("households")),
    )
    return Figures(found["grids"], found["unstaffed"], found["total"] or 0)


def children_of(area: Area) -> QuerySet[Area]:
    return Area.objects.filter(parent=area)


def at(codes: Iterable[str]) -> QuerySet[Area]:
    return Area.objects.filter(code__in=list(codes))
