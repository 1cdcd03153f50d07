"""Who may do which act of administration: a hand-typed table, and what lists show."""

import pytest

from mediation.accounts import policy
from mediation.accounts.models import Person, Role
from mediation.accounts.policy import ACTS, OWNERS, Subject
from mediation.core.errors import NotFound
from tests.factories import Cast, DutyFactory, PersonFactory
from tests.factories.people import DISTRICT, GRID, SUBDISTRICT, AreaFactory

pytestmark = pytest.mark.django_db

SYSTEM, SECURITY, AUDIT, OFFICE = "xi", "an", "shen", {"ling", "zhong", "si"}
ADMINS = {SYSTEM, SECURITY, AUDIT}
ACTORS = [*sorted(ADMINS | OFFICE), "wang", "li", "fu", "mo", "b_zhong"]

# Act → who of the cast may do it to somebody who serves in GRID. GB/T 22239-2019, 8.1.4.2.
ALLOWED = {
    "view_area": ADMINS | OFFICE,
    "view_people": ADMINS,
    "change_area": {SYSTEM},
    "open_account": {SYSTEM},
    "change_account": {SYSTEM},
    "renew_password": {SYSTEM},
    "close_account": {SYSTEM},
    "reopen_account": {SYSTEM},
    "give_duty": {SECURITY},
    "end_duty": {SECURITY},
    "set_clearance": {SECURITY},
    "appoint_deputy": {SECURITY},
    "remove_deputy": {SECURITY},
    "end_sessions": {SECURITY},
    "issue_key": {SECURITY},
    "revoke_key": {SECURITY},
}


@pytest.mark.parametrize("act", ALLOWED)
def test_may_equals_the_table(act: str, cast: Cast) -> None:
    subject = Subject(areas=(GRID,), person_id=cast.id("wang"))

    allowed = {name for name in ACTORS if policy.may(cast.actor(name), act, subject)}

    assert allowed == ALLOWED[act]


def test_every_act_has_an_owner_and_a_row_in_the_table() -> None:
    assert set(ACTS) == set(OWNERS) == set(ALLOWED)


def test_an_unknown_act_is_denied(cast: Cast) -> None:
    assert not policy.may(cast.xi, "rule_the_world", Subject())


PERSONAL = sorted(set(ALLOWED) - {"view_area", "view_people", "change_area", "open_account"})


@pytest.mark.parametrize("act", PERSONAL)
@pytest.mark.parametrize("name", [SYSTEM, SECURITY])
def test_nobody_acts_upon_himself(name: str, act: str, cast: Cast) -> None:
    subject = Subject(areas=(DISTRICT,), person_id=cast.id(name))

    assert not policy.may(cast.actor(name), act, subject)


@pytest.mark.parametrize("act", sorted(ALLOWED))
def test_an_administrator_of_one_subdistrict_stops_at_its_border(act: str, cast: Cast) -> None:
    cast.serve("mo", Role.SYSTEM_ADMIN, SUBDISTRICT)
    cast.serve("dai", Role.SECURITY_ADMIN, SUBDISTRICT)
    outside = Subject(areas=(GRID, "430902007901001"), person_id=cast.id("wang"))

    assert not policy.may(cast.mo, act, outside)
    assert not policy.may(cast.dai, act, outside)


def test_the_password_of_an_administrator_is_not_renewed_by_another(cast: Cast) -> None:
    subject = Subject(areas=(DISTRICT,), person_id=cast.id("an"), is_administrator=True)

    assert not policy.may(cast.xi, "renew_password", subject)


def test_another_area_does_not_exist(cast: Cast) -> None:
    with pytest.raises(NotFound):
        policy.require_view(cast.ling, "view_area", Subject(areas=("430902007",)))


def test_reach_holds_own_areas_and_newcomers_only(cast: Cast) -> None:
    admin = DutyFactory(role=Role.SECURITY_ADMIN, area=AreaFactory(code=SUBDISTRICT)).person
    newcomer = PersonFactory()
    cast.people["admin"] = admin

    seen = set(policy.people_in_reach(cast.actor("admin")).values_list("username", flat=True))

    strangers = {name for name in cast.people if name.startswith("b_")} | {"xi", "an", "shen"}
    everybody = set(Person.objects.values_list("username", flat=True))
    assert seen == everybody - strangers
    assert newcomer.username in seen


def test_scope_names_the_topmost_areas_once(cast: Cast) -> None:
    cast.serve("ling", Role.CENTRE_STAFF, GRID)

    assert policy.scope(cast.ling, policy.AREA_READERS) == [SUBDISTRICT]
    assert policy.scope(cast.ling, [Role.SYSTEM_ADMIN]) == []
