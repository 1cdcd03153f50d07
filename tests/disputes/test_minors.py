"""Looking at a child's details: somebody else must have agreed, for this person, within a day."""

from datetime import timedelta

import pytest

from mediation.disputes.models import Approval
from mediation.disputes.services import approval_name, child_is_open
from tests.factories import register
from tests.factories.cases import CHILD, DAY_ONE, DOWNSTAIRS

NOW = DAY_ONE + timedelta(hours=30)


@pytest.fixture
def agreed(cast):
    """``agreed(by=…)``: a consent to the mediator's look; says whether it opens the child to ``who``."""
    case = register(cast.wang, parties=[DOWNSTAIRS, CHILD])

    def ask(*, by="si", who="li", state=Approval.State.GRANTED, ago=timedelta(hours=1)):
        Approval.objects.create(
            dispute=case, command=approval_name(cast.id("li")), reason="核对监护人", state=state,
            asked_by=cast.person("wang"), asked_at=NOW - ago, decided_by=cast.person(by),
            decided_at=NOW - ago,
        )  # fmt: skip
        return child_is_open(case, getattr(cast, who), now=NOW)

    return ask


def test_consent_of_another_opens_it_for_a_day(agreed):
    assert agreed()


@pytest.mark.parametrize(
    "changes",
    [
        {"by": "li"},
        {"who": "sun"},
        {"state": Approval.State.ASKED},
        {"state": Approval.State.DECLINED},
        {"ago": timedelta(hours=24)},
    ],
    ids=["his own", "for another", "not yet", "declined", "yesterday"],
)
def test_nothing_else_opens_it(agreed, changes):
    assert not agreed(**changes)
