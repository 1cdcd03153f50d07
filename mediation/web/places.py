"""Finding one's grid without knowing its code: downwards, a short list at a time."""

from dataclasses import dataclass

from django.db.models import QuerySet

from mediation.areas.models import Area, Level
from mediation.areas.selectors import within

LONGEST_LIST = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """One question: which of these. ``name``: the parameter that carries the answer."""

    name: str
    level: Level
    above: Area | None
    groups: list[tuple[str, list[tuple[str, str]]]]


def grid_of(code: str) -> Area | None:
    if not _is_code(code):
        return None
    grids = Area.objects.filter(code=code, level=Level.GRID, is_active=True)
    return grids.select_related("parent").first()


def offered(code: str) -> Choice:
    """What to choose below the area ``code``: its grids, else communities, else the next level."""
    above = Area.objects.filter(code=code, is_active=True).first() if _is_code(code) else None
    if above is not None and above.level == Level.COMMUNITY:
        return _choice("g", Level.GRID, above)
    communities = _below(above).filter(level=Level.COMMUNITY)
    if communities.count() <= LONGEST_LIST:
        return _choice("a", Level.COMMUNITY, above)
    level = _next_level(above)
    return _choice("a", level, above)


def _next_level(above: Area | None) -> Level:
    """The first level below that leaves a choice: a single province is not asked for."""
    first = above.level + 1 if above else Level.PROVINCE
    for level in range(first, Level.COMMUNITY):
        if _below(above).filter(level=level).count() > 1:
            return Level(level)
    return Level.COMMUNITY


def _choice(name: str, level: Level, above: Area | None) -> Choice:
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in _below(above).filter(level=level).select_related("parent").order_by("code"):
        heading = area.parent.name if area.parent else ""
        groups.setdefault(heading, []).append((area.code, area.name))
    return Choice(name=name, level=level, above=above, groups=list(groups.items()))


def _below(above: Area | None) -> QuerySet[Area]:
    active = Area.objects.filter(is_active=True)
    return active.filter(within(above.code, field="code")) if above else active


def _is_code(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) <= 15
