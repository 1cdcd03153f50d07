"""The area tree of the demonstration. Codes from 901 on stand for communities that nobody has."""

from collections.abc import Iterator
from dataclasses import dataclass

from mediation.accounts.demo import SUBDISTRICT
from mediation.areas.models import Area, ancestor_codes, level_of

UPPER = (
    ("43", "湖南省", ""),
    ("4309", "益阳市", ""),
    ("430902", "资阳区", ""),
    (SUBDISTRICT, "汽车路街道", "资汽"),
)
COMMUNITIES = (
    ("枫林社区", 5),
    ("桥南社区", 5),
    ("新风社区", 5),
    ("同心社区", 5),
    ("安澜社区", 4),
    ("望江社区", 4),
    ("长乐社区", 4),
    ("福源社区", 4),
    ("崇文社区", 4),
)
FIRST_COMMUNITY = 901


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    short_name: str = ""
    households: int | None = None


def town() -> Iterator[Place]:
    """Province to grid of one subdistrict, parents first."""
    yield from (Place(*row) for row in UPPER)
    for number, (name, grids) in enumerate(COMMUNITIES, FIRST_COMMUNITY):
        yield Place(f"{SUBDISTRICT}{number}", name)
        for serial in range(1, grids + 1):
            yield _grid(f"{SUBDISTRICT}{number}", serial)


def _grid(community: str, serial: int) -> Place:
    # 300 to 500 households in a town (GB/T 34300-2017 as practised).
    households = 300 + (int(community[-3:]) * 37 + serial * 53) % 160
    return Place(f"{community}{serial:03d}", f"第{serial}网格", households=households)


def community_name(grid: str) -> str:
    return COMMUNITIES[int(grid[9:12]) - FIRST_COMMUNITY][0]


def build(places: Iterator[Place]) -> None:
    """Insert what is not there yet."""
    known = dict(Area.objects.values_list("code", "pk"))
    for place in places:
        if place.code in known:
            continue
        above = ancestor_codes(place.code)[:-1]
        area = Area.objects.create(
            code=place.code,
            level=level_of(place.code),
            name=place.name,
            short_name=place.short_name,
            parent_id=known[above[-1]] if above else None,
            households=place.households,
        )
        known[place.code] = area.pk
