"""Keys that are found first, on both databases."""

import pytest
from django.db import connection
from django.db.models import Q

from mediation.areas.models import Area, Level
from mediation.core.lookups import FoundFirst

pytestmark = pytest.mark.django_db


def _towns(**where: str) -> Q:
    found = Area.objects.filter(**where).order_by("-code").values("pk")
    return Q(**{f"pk__{FoundFirst.lookup_name}": found})


def test_keys_found_first_are_those_of_in() -> None:
    for code in ("43", "4309", "430902"):
        Area.objects.create(code=code, level=Level.CITY, name=code)

    found = Area.objects.filter(_towns(code__lt="4309") | Q(code="430902"))

    assert sorted(found.values_list("code", flat=True)) == ["43", "430902"]
    assert not Area.objects.filter(_towns(code="99")).exists()


def test_postgresql_is_given_one_array() -> None:
    sql = str(Area.objects.filter(_towns(code="43")).query)

    assert ("ANY (ARRAY(SELECT" in sql) == (connection.vendor == "postgresql")
