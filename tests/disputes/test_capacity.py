"""Who acts for himself and who needs a guardian, on the days on which the law draws the line."""

from datetime import date

import pytest
import time_machine

from mediation.core.errors import Malformed, Unmet
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Party
from tests.disputes.obstacles import ACCEPT
from tests.factories import at, give
from tests.factories.cases import DOWNSTAIRS, NEXT_DAY, consent

BOY = {"name": "周测少", "side": "respondent", "id_number": "439999200805200217"}
"""Golden vector I23: born 2008-05-20, of age from 2026-05-20; on 2026-03-02 he is seventeen."""
CHILD = {"name": "周测童", "side": "respondent", "id_number": "439999201509010114"}


@pytest.mark.parametrize(
    ("born", "works", "day", "needs"),
    [
        (date(2008, 5, 20), False, date(2026, 5, 19), True),  # 民法典第十七条
        (date(2008, 5, 20), False, date(2026, 5, 20), False),  # the birthday itself
        (date(2008, 2, 29), False, date(2026, 2, 28), True),
        (date(2008, 2, 29), False, date(2026, 3, 1), False),
        (date(2008, 5, 20), True, date(2026, 3, 2), False),  # 民法典第十八条第二款
        (None, False, date(2026, 3, 2), True),  # ticked as a minor, born nobody knows when
        (None, True, date(2026, 3, 2), False),
    ],
)
def test_line_between_minor_and_adult(born, works, day, needs):
    party = Party(is_minor=True, birth=born, lives_on_own_work=works)

    assert party.needs_guardian(day) is needs
    assert not Party(is_minor=False, birth=born).needs_guardian(day)


@pytest.fixture(autouse=True)
def that_spring():
    """Numbers are judged by the clock of the house."""
    with time_machine.travel(NEXT_DAY, tick=False):
        yield


def pending(case_in, **more):
    return case_in(S.CONSENT_PENDING, parties=[BOY | more, DOWNSTAIRS])


def test_seventeen_year_old_needs_his_guardian(case_in, cast, snapshot_rows):
    case = pending(case_in)
    for ordinal in (1, 2):
        give(cast.li, "record_consent", case, NEXT_DAY, **consent(ordinal))
    rows = snapshot_rows()

    with pytest.raises(Unmet) as refusal:
        give(cast.li, "accept", case, NEXT_DAY, **ACCEPT)
    with pytest.raises(Malformed) as answer:
        give(cast.li, "record_consent", case, NEXT_DAY, **(consent(1) | {"given_by": "self"}))

    assert [reason.code for reason in refusal.value.reasons] == ["minors_have_guardians"]
    assert list(answer.value.fields) == ["given_by"]
    assert snapshot_rows() == rows


def test_who_lives_on_his_own_work_answers_for_himself(case_in, cast):
    """Civil Code art. 18(2): as an adult; his name stays sealed all the same."""
    case = pending(case_in, lives_on_own_work=True)
    give(cast.li, "record_consent", case, NEXT_DAY, **(consent(1) | {"given_by": "self"}))
    give(cast.li, "record_consent", case, NEXT_DAY, **consent(2))

    assert give(cast.li, "accept", case, NEXT_DAY, **ACCEPT).status == S.ACCEPTED
    assert case.parties.get(ordinal=1).plain_name == ""


def test_who_comes_of_age_while_the_case_runs_answers_for_himself(case_in, cast):
    case = pending(case_in)
    birthday = at("2026-05-20 09:00")
    answer = consent(1, day="2026-05-20") | {"given_by": "self"}
    give(cast.li, "record_consent", case, birthday, **answer)
    give(cast.li, "record_consent", case, birthday, **consent(2, day="2026-05-20"))

    outcome = give(cast.li, "accept", case, birthday, accepted_on="2026-05-20", no_conflict=True)

    assert outcome.status == S.ACCEPTED


def test_under_sixteen_nobody_acts_for_himself(case_in, cast, snapshot_rows):
    case = pending(case_in)
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(
            cast.bao, "add_party", case, NEXT_DAY,
            **CHILD, replaces=1, lives_on_own_work=True,
        )  # fmt: skip

    assert list(refusal.value.fields) == ["lives_on_own_work"]
    assert snapshot_rows() == rows
