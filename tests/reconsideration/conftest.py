"""A case that was guided to reconsideration on the day on which the act was known."""

import pytest

from mediation.disputes.enums import Status as S
from tests.factories import at, give
from tests.factories.cases import ACT


@pytest.fixture
def advised(case_in, cast):
    """A case of the given act, guided to reconsideration on the day on which the act was known."""

    def make(day="2026-06-01", **changes):
        case = case_in(S.REGISTERED)
        give(cast.bao, "assess", case, at(f"{day} 09:00"), nature="ADMINISTRATIVE")
        act = ACT | {"known_on": day} | changes
        give(cast.bao, "refer_to_reconsideration", case, at(f"{day} 10:00"), **act)
        return case

    return make
