"""Acts of administration: done, recorded, felt at once; or refused with nothing written."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction

from mediation.accounts import access, administration
from mediation.accounts.actor import load_actor
from mediation.accounts.administration import Act, DeputyWish
from mediation.accounts.models import AccessChange, Duty, Person, Role
from mediation.accounts.policy import NotYourPart
from mediation.areas.models import Area
from mediation.core.errors import Malformed, NotFound, Unmet
from tests.factories import Cast, at
from tests.factories.people import COMMUNITY, GRID, LAST_GRID, SUBDISTRICT

pytestmark = pytest.mark.django_db

NOW = at("2026-03-02 10:00")
TODAY = date(2026, 3, 2)
Counts = Callable[[], dict[str, int]]


def keep(_duties: Sequence[Duty]) -> None:
    """These people leave no work behind."""


def duty_of(cast: Cast, name: str) -> Duty:
    return Duty.objects.get(person=cast.person(name))


def give(cast: Cast, whom: str, role: Role, code: str = SUBDISTRICT, **more: object) -> Duty:
    return administration.give_duty(
        Act(cast.an, NOW, "轮岗"),
        person_id=cast.id(whom),
        role=role,
        area=Area.objects.get(code=code),
        since=more.pop("since", TODAY),
        **more,
    )


def test_give_duty_is_recorded_and_raises_the_stamp(cast: Cast) -> None:
    stamp = cast.person("mo").access_stamp

    give(cast, "mo", Role.MEDIATOR, COMMUNITY, cleared=True)

    record = AccessChange.objects.get()
    assert (record.what, record.by_id, record.person_id, record.reason, record.before) == (
        "duty_given", cast.id("an"), cast.id("mo"), "轮岗", {},
    )  # fmt: skip
    assert record.after["area"] == f"汽车路社区 {COMMUNITY}"
    cast.person("mo").refresh_from_db()
    assert cast.person("mo").access_stamp == stamp + 1


def test_give_duty_to_oneself_is_refused(cast: Cast, snapshot_counts: Counts) -> None:
    before = snapshot_counts()

    with pytest.raises(NotYourPart):
        give(cast, "an", Role.LEADER)

    assert snapshot_counts() == before


def test_appoint_oneself_as_deputy_is_refused(cast: Cast, snapshot_counts: Counts) -> None:
    before = snapshot_counts()

    with pytest.raises(NotYourPart):
        administration.appoint_deputy(
            Act(cast.an, NOW),
            duty_id=duty_of(cast, "ling").pk,
            deputy=DeputyWish(cast.person("an")),
        )
    with pytest.raises(NotYourPart):
        give(cast, "mo", Role.LEADER, deputy=DeputyWish(cast.person("an")))

    assert snapshot_counts() == before


@pytest.mark.parametrize("dated", [None, date(2030, 1, 1)], ids=["open-ended", "dated"])
def test_second_admin_role_is_refused_beside_the_role(
    dated: date | None, cast: Cast, snapshot_counts: Counts
) -> None:
    before = snapshot_counts()

    with pytest.raises(Malformed) as refusal:
        give(cast, "shen", Role.SYSTEM_ADMIN, until=dated)

    assert list(refusal.value.fields) == ["role"]
    assert snapshot_counts() == before


def test_the_same_duty_twice_is_refused_beside_the_role(cast: Cast) -> None:
    with pytest.raises(Malformed) as refusal:
        give(cast, "wang", Role.GRID_WORKER, GRID)

    assert list(refusal.value.fields) == ["role"]


def test_an_administrator_has_no_deputy(cast: Cast) -> None:
    with pytest.raises(Malformed) as refusal:
        give(cast, "mo", Role.AUDITOR, deputy=DeputyWish(cast.person("dai")))

    assert list(refusal.value.fields) == ["deputy"]
    assert not Duty.objects.filter(person=cast.person("mo")).exists()


def test_end_duty_at_once_takes_every_right_today(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    told: list[int] = []
    access._kickers.append(told.append)

    with django_capture_on_commit_callbacks(execute=True):
        administration.end_duty(
            Act(cast.an, NOW, "调离"), duty_id=duty_of(cast, "wang").pk, hand_over=keep
        )

    access._kickers.remove(told.append)
    assert load_actor(cast.person("wang"), today=TODAY).grants == ()
    assert told == [cast.id("wang")]
    assert AccessChange.objects.get().after["until"] == "at_once"


def test_end_duty_of_today_removes_it_and_keeps_the_record(cast: Cast) -> None:
    duty = give(cast, "mo", Role.MEDIATOR, COMMUNITY)

    administration.end_duty(Act(cast.an, NOW, "误授"), duty_id=duty.pk, hand_over=keep)

    assert not Duty.objects.filter(pk=duty.pk).exists()
    assert [record.what for record in AccessChange.objects.order_by("pk")] == [
        "duty_given", "duty_ended",
    ]  # fmt: skip


def test_end_duty_later_keeps_the_last_day(cast: Cast) -> None:
    last = date(2026, 3, 31)

    administration.end_duty(
        Act(cast.an, NOW, "合同到期"), duty_id=duty_of(cast, "wang").pk, until=last, hand_over=keep
    )

    assert load_actor(cast.person("wang"), today=last).grants
    assert not load_actor(cast.person("wang"), today=date(2026, 4, 1)).grants


def test_end_duty_of_a_stranger_finds_nothing(cast: Cast, snapshot_counts: Counts) -> None:
    cast.serve("mo", Role.SECURITY_ADMIN, SUBDISTRICT)
    before = snapshot_counts()

    with pytest.raises(NotFound):
        administration.end_duty(
            Act(cast.mo, NOW, "试"), duty_id=duty_of(cast, "b_wang").pk, hand_over=keep
        )

    assert snapshot_counts() == before


def test_open_account_gives_a_password_that_must_be_changed(cast: Cast) -> None:
    person, raw = administration.open_account(
        Act(cast.xi, NOW), username="xinren", name="辛测人", post="网格员", phone="0737-4210001"
    )

    assert person.check_password(raw)
    assert person.password_is_first
    assert raw not in str(AccessChange.objects.get().after)


def test_close_account_shuts_out_and_refuses_a_second_time(cast: Cast) -> None:
    act = Act(cast.xi, NOW, "离职")

    administration.close_account(act, person_id=cast.id("wang"), hand_over=keep)

    with pytest.raises(Unmet):
        administration.close_account(act, person_id=cast.id("wang"), hand_over=keep)
    cast.person("wang").refresh_from_db()
    assert (cast.person("wang").is_active, cast.person("wang").access_stamp) == (False, 2)
    assert AccessChange.objects.count() == 1


@pytest.mark.parametrize("whom", ["xi", "an"], ids=["himself", "another-administrator"])
def test_renew_password_of_an_administrator_is_refused(
    whom: str, cast: Cast, snapshot_counts: Counts
) -> None:
    before = snapshot_counts()

    with pytest.raises(NotYourPart):
        administration.renew_password(Act(cast.xi, NOW, "忘记"), person_id=cast.id(whom))

    assert snapshot_counts() == before


def test_end_sessions_is_recorded_and_ends_every_session_of_that_person(cast: Cast) -> None:
    mine = [signed_in_on(cast.person("wang")) for _number in range(2)]
    anothers = signed_in_on(cast.person("li"))

    administration.end_sessions(Act(cast.an, NOW, "手机丢失"), person_id=cast.id("wang"))

    record = AccessChange.objects.get()
    assert (record.what, record.person_id, record.reason, record.after) == (
        "sessions_ended", cast.id("wang"), "手机丢失", {"sessions": 2},
    )  # fmt: skip
    assert not Session.objects.filter(pk__in=mine).exists()
    assert Session.objects.filter(pk=anothers).exists()


@pytest.mark.parametrize(
    ("who", "whom"), [("xi", "wang"), ("shen", "wang"), ("an", "an"), ("li", "wang")]
)
def test_end_sessions_is_the_part_of_the_security_administrator(
    who: str, whom: str, cast: Cast, snapshot_counts: Counts
) -> None:
    signed_in_on(cast.person(whom))
    before = snapshot_counts()

    with pytest.raises(NotYourPart):
        administration.end_sessions(Act(cast.actor(who), NOW, "试"), person_id=cast.id(whom))

    assert snapshot_counts() == before


def signed_in_on(person: Person) -> str:
    """A session and its record, as the login page leaves them; returns its key."""
    session = SessionStore()
    session.create()
    UserSession.objects.create(user=person, session_key=session.session_key, ip="192.0.2.1")
    return str(session.session_key)


def test_first_password_has_every_class_and_never_repeats() -> None:
    drawn = {administration.first_password() for _time in range(200)}

    assert len(drawn) == 200
    for raw in drawn:
        assert len(raw) == 14
        assert any(c.islower() for c in raw)
        assert any(c.isupper() for c in raw)
        assert any(c.isdigit() for c in raw)
        assert not set("0O1lIi") & set(raw) - set("i")


def test_create_area_is_recorded(cast: Cast) -> None:
    made = administration.create_area(
        Act(cast.xi, NOW, "新设"), parent_code=COMMUNITY, code=f"{COMMUNITY}005", name="第5网格"
    )

    assert (made.level, made.parent.code) == (6, COMMUNITY)
    assert AccessChange.objects.get().area == made


def test_close_area_names_every_hindrance(cast: Cast, snapshot_counts: Counts) -> None:
    before = snapshot_counts()

    with pytest.raises(Unmet) as refusal:
        administration.close_area(Act(cast.xi, NOW), code=COMMUNITY, hindrances=lambda _area: [])

    assert [reason.code for reason in refusal.value.reasons] == ["open_children"]
    assert snapshot_counts() == before


def test_close_area_and_open_it_again(cast: Cast) -> None:
    act = Act(cast.xi, NOW, "撤并")

    administration.close_area(act, code=LAST_GRID, hindrances=lambda _area: [])
    closed = Area.objects.get(code=LAST_GRID).is_active
    administration.reopen_area(act, code=LAST_GRID)

    assert (closed, Area.objects.get(code=LAST_GRID).is_active) == (False, True)
    assert AccessChange.objects.count() == 2


@pytest.mark.parametrize("sql", ["UPDATE {t} SET reason = 'x'", "DELETE FROM {t}"])
def test_records_cannot_be_changed_even_by_raw_sql(sql: str, cast: Cast) -> None:
    administration.close_account(
        Act(cast.xi, NOW, "离职"), person_id=cast.id("wang"), hand_over=keep
    )

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(t=AccessChange._meta.db_table))


def test_records_are_never_saved_twice_nor_deleted(cast: Cast) -> None:
    administration.close_account(
        Act(cast.xi, NOW, "离职"), person_id=cast.id("wang"), hand_over=keep
    )
    record = AccessChange.objects.get()

    with pytest.raises(TypeError):
        record.save()
    with pytest.raises(TypeError):
        record.delete()
