"""Numbers of cases and files, from the series of the subdistrict."""

from functools import lru_cache

from mediation.areas.models import Area
from mediation.areas.selectors import subdistrict_code
from mediation.disputes import numbers
from mediation.disputes.models import Dispute
from mediation.sessions import committees


@lru_cache(maxsize=1024)
def organisation_name(code: str) -> str:
    """The subdistrict's name. Cached: it is printed in every number and changes with a new code only."""
    return Area.objects.values_list("name", flat=True).get(code=code)


@lru_cache(maxsize=1024)
def file_name(code: str) -> str:
    """The short name in file numbers, or the name without its kind."""
    area = Area.objects.only("name", "short_name").get(code=code)
    return area.short_name or area.name.removesuffix("街道").removesuffix("镇").removesuffix("乡")


def next_case_number(area_code: str, year: int) -> str:
    code = subdistrict_code(area_code)
    return numbers.case_number(organisation_name(code), year, numbers.take(code, "case", year))


def next_file_number(dispute: Dispute, year: int) -> str:
    """From the series of the committee that mediates; without a list, from that of the subdistrict."""
    committee = committees.of_case(dispute)
    code = committees.series_of(committee) if committee else subdistrict_code(dispute.area_code)
    name = committees.short_of(committee) if committee else file_name(code)
    return numbers.file_number(name, year, numbers.take(code, "file", year))
