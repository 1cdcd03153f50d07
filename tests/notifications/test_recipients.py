"""Who is told: by role and colour, deputies in their days alone, and of the sensitive only the cleared."""

from datetime import date, timedelta

import pytest

from mediation.accounts.models import Duty, Role
from mediation.disputes.enums import Colour, Sensitivity
from mediation.notifications.recipients import recipients
from tests.factories import register

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture
def told(cast):
    """``told("centre", colour=…)``: the names of those who hear of it."""
    names = {cast.id(name): name for name in cast.people}

    def ask(*words, today=TODAY, **changes):
        case = register(cast.wang)
        case.paint(changes.pop("colour", Colour.BLUE))
        for name, value in changes.items():
            setattr(case, name, value)
        return {names[one.person_id] for one in recipients(case, words, today=today)}

    return ask


def test_grid_worker_of_the_grid_hears_of_everything(told):
    assert told() == {"wang"}


def test_offices_hear_when_the_step_names_them(told):
    assert told("centre") == {"wang", "zhong", "bao"}
    assert told("justice") == {"wang", "si", "lu"}
    assert told("clerk") == {"wang", "fu"}


@pytest.mark.parametrize(
    ("colour", "leaders"),
    [
        (Colour.BLUE, set()),
        (Colour.YELLOW, set()),
        (Colour.ORANGE, {"ling", "ping"}),
        (Colour.RED, {"ling", "ping"}),
    ],
)
def test_leaders_hear_of_orange_and_red(told, colour, leaders):
    assert told("leader", colour=colour) == {"wang"} | leaders


def test_only_the_mediator_of_the_case_is_its_mediator(told, cast):
    assert told("mediator") == {"wang"}
    assert told("mediator", mediator_id=cast.id("li")) == {"wang", "li"}


@pytest.mark.parametrize("kind", [Sensitivity.MINOR, Sensitivity.VIOLENCE, Sensitivity.SEALED])
def test_offices_hear_of_the_sensitive_through_the_cleared_alone(told, kind):
    everybody = ("centre", "justice", "leader")

    assert told(*everybody, colour=Colour.RED, sensitivity=kind) == {"wang", "bao", "si", "ling"}


@pytest.mark.parametrize(
    ("since", "until", "hears"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY - DAY, None, True),
        (None, TODAY + DAY, True),
        (TODAY + DAY, None, False),
        (None, TODAY - DAY, False),
    ],
)
def test_deputy_hears_in_his_days_alone(told, cast, since, until, hears):
    cast.deputise("wang", by="dai", role=Role.GRID_WORKER, deputy_since=since, deputy_until=until)

    assert told() == ({"wang", "dai"} if hears else {"wang"})


def test_closed_account_hears_nothing_and_lends_no_deputy(told, cast):
    cast.deputise("wang", by="gao", role=Role.GRID_WORKER)

    assert told() == {"wang"}


def test_ended_duty_hears_nothing(cast):
    case = register(cast.wang)
    Duty.objects.filter(person=cast.person("wang")).update(until=TODAY - DAY)

    assert recipients(case, (), today=TODAY) == []


def test_neighbours_hear_nothing(told):
    everybody = told("centre", "justice", "leader", "clerk", "mediator", colour=Colour.RED)

    assert not {name for name in everybody if name.startswith("b_")}
