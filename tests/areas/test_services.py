"""The code of an area: GB/T 2260 and GB/T 10114, and what a clerk may mistype."""

import pytest

from mediation.areas import services
from mediation.areas.models import Area
from mediation.core.errors import Malformed, NotFound, Unmet
from tests.factories import AreaFactory
from tests.factories.people import COMMUNITY, GRID, SUBDISTRICT

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Area:
    AreaFactory(code=GRID)
    return Area.objects.get(code=COMMUNITY)


WRONG = {
    "letters": f"{COMMUNITY}00A",
    "full-width": f"{COMMUNITY}００５",
    "another-parent": "430902007901001",
    "too-short": f"{COMMUNITY}05",
    "too-long": f"{COMMUNITY}0005",
    "zeros-are-the-parent": f"{COMMUNITY}000",
    "taken": GRID,
    "empty": "",
}


@pytest.mark.parametrize("code", WRONG.values(), ids=WRONG)
def test_create_child_refuses_a_code_that_does_not_fit(code: str, tree: Area) -> None:
    before = Area.objects.count()

    with pytest.raises(Malformed) as refusal:
        services.create_child(parent_code=COMMUNITY, code=code, name="第5网格")

    assert list(refusal.value.fields) == ["code"]
    assert Area.objects.count() == before


def test_create_child_refuses_the_name_of_a_sibling(tree: Area) -> None:
    with pytest.raises(Malformed) as refusal:
        services.create_child(parent_code=COMMUNITY, code=f"{COMMUNITY}009", name="第3网格")

    assert list(refusal.value.fields) == ["name"]


def test_nothing_lies_below_a_grid(tree: Area) -> None:
    with pytest.raises(Malformed):
        services.create_child(parent_code=GRID, code=f"{GRID}001", name="楼栋")

    assert services.next_code(Area.objects.get(code=GRID)) == ""


def test_create_child_below_a_closed_or_missing_area_is_refused(tree: Area) -> None:
    Area.objects.filter(code=COMMUNITY).update(is_active=False)

    with pytest.raises(Unmet):
        services.create_child(parent_code=COMMUNITY, code=f"{COMMUNITY}009", name="第9网格")
    with pytest.raises(NotFound):
        services.create_child(parent_code="430902008", code="430902008001", name="无")


@pytest.mark.parametrize(
    ("parent", "code"), [(COMMUNITY, f"{COMMUNITY}004"), (SUBDISTRICT, f"{SUBDISTRICT}902")]
)
def test_next_code_is_one_above_the_greatest(parent: str, code: str, tree: Area) -> None:
    assert services.next_code(Area.objects.get(code=parent)) == code


def test_next_code_is_empty_when_all_are_taken(tree: Area) -> None:
    AreaFactory(code=f"{COMMUNITY}999", name="末")

    assert services.next_code(tree) == ""
