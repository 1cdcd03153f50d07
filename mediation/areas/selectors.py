"""Questions about the area tree."""

from django.db.models import Q

from mediation.areas.models import LENGTH_OF, Area, Level, ancestor_codes, code_range


def within(code: str, *, field: str = "area_code") -> Q:
    """Rows whose ``field`` lies in the area ``code``."""
    low, high = code_range(code)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


def trail(code: str) -> list[Area]:
    """The areas from the province down to ``code``."""
    return list(Area.objects.filter(code__in=ancestor_codes(code)).order_by("code"))


def subdistrict_code(code: str) -> str:
    return code[: LENGTH_OF[Level.SUBDISTRICT]]


def community_code(code: str) -> str:
    return code[: LENGTH_OF[Level.COMMUNITY]]
