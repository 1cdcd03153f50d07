"""Sockets end within seconds when the right to them does, whoever took it away."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from channels.db import database_sync_to_async
from django.conf import settings as django_settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mediation.accounts import administration, devices
from mediation.accounts import services as accounts
from mediation.accounts.administration import Act
from mediation.accounts.models import Duty, Person
from mediation.core import clock
from mediation.disputes.models import Dispute
from mediation.realtime import drain, hub
from mediation.realtime.protocol import Close
from tests.factories import Cast
from tests.realtime.talk import (
    PATIENCE,
    address,
    closing_code,
    connect,
    numbers,
    resume,
    sign_in,
    tell,
)

pytestmark = pytest.mark.django_db(transaction=True)
write = database_sync_to_async


def duty_of(person: Person) -> Duty:
    return Duty.objects.get(person=person)


def disable(person: Person) -> None:
    accounts.set_active(person=person, active=False)


def change_password(person: Person) -> None:
    accounts.set_password(person=person, raw="another-good-password", now=timezone.now())


def clear(person: Person) -> None:
    accounts.set_clearance(duty_id=duty_of(person).pk, cleared=True)


def end_duty(person: Person) -> None:
    accounts.end_duty(duty_id=duty_of(person).pk, until=clock.today() - timedelta(days=1))


def deputise(person: Person) -> None:
    duty = Duty.objects.get(person__name="陈测格")
    accounts.appoint_deputy(duty_id=duty.pk, deputy=person)


CHANGES = [disable, change_password, clear, end_duty, deputise]


@pytest.mark.parametrize("change", CHANGES)
async def test_change_of_rights_ends_the_socket_at_once(
    cast: Cast, change: Callable[[Person], None]
) -> None:
    socket = await connect(cast.person("wang"))

    await write(change)(cast.person("wang"))

    assert await closing_code(socket) == Close.NO_RIGHT


@pytest.mark.parametrize("change", CHANGES)
async def test_change_whose_kick_was_lost_ends_the_socket_at_the_drain(
    cast: Cast, change: Callable[[Person], None]
) -> None:
    socket = await connect(cast.person("wang"))
    running = hub.here()

    await write(unheard)(change, cast.person("wang"), running)
    await running.drain()

    assert await closing_code(socket) == Close.NO_RIGHT


def unheard(change: Callable[[Person], None], person: Person, running: hub.Hub) -> None:
    """The change is made by a process from which no message arrives."""
    hub._hub = None
    try:
        change(person)
    finally:
        hub._hub = running


async def test_deputy_loses_his_socket_with_the_duty(cast: Cast) -> None:
    await write(deputise)(cast.person("wang"))
    deputy = await write(Person.objects.get)(pk=cast.id("wang"))
    socket = await connect(deputy)

    await write(remove_deputy)()

    assert await closing_code(socket) == Close.NO_RIGHT


def remove_deputy() -> None:
    accounts.remove_deputy(duty_id=Duty.objects.get(person__name="陈测格").pk)


async def test_duty_that_ends_with_the_day_ends_the_socket(cast: Cast) -> None:
    """No command runs at midnight; the drain compares with the calendar."""
    socket = await connect(cast.person("wang"))

    await write(run_out)(cast.person("wang"))
    await hub.here().drain()

    assert await closing_code(socket) == Close.NO_RIGHT


def run_out(person: Person) -> None:
    Duty.objects.filter(person=person).update(until=clock.today() - timedelta(days=1))


async def test_signing_out_ends_the_sockets_of_that_session_only(cast: Cast) -> None:
    wang = cast.person("wang")
    leaving, staying = await write(sign_in)(wang), await write(sign_in)(wang)
    here, elsewhere = address(leaving), address(staying)
    await here.connect(timeout=PATIENCE)
    await elsewhere.connect(timeout=PATIENCE)

    await write(sign_out)(leaving, wang)

    assert await closing_code(here) == Close.SIGNED_OUT
    await hub.here().drain()
    assert await elsewhere.receive_nothing()
    await elsewhere.disconnect()


async def test_socket_of_a_deputy_ends_with_his_days(cast: Cast) -> None:
    """As for whoever serves himself: a duty that he stood in for is none when the days are over."""
    await write(cast.deputise)("li", by="dai")
    socket = await connect(cast.person("dai"))
    yesterday = clock.today() - timedelta(days=1)

    await write(cast.deputise)("li", by="dai", deputy_until=yesterday)
    await hub.here().drain()

    assert await closing_code(socket) == Close.NO_RIGHT


async def test_password_changed_on_the_server_ends_the_socket_at_the_drain(cast: Cast) -> None:
    """``manage.py changepassword`` goes past our services."""
    socket = await connect(cast.person("wang"))

    await write(change_on_the_server)(cast.id("wang"))
    await hub.here().drain()

    assert await closing_code(socket) == Close.NO_RIGHT


def change_on_the_server(person_id: int) -> None:
    person = Person.objects.get(pk=person_id)
    person.set_password("another-good-password")
    person.save()


@pytest.mark.parametrize("way", ["one", "others", "fourth sign-in", "administrator"])
async def test_ended_device_loses_its_sockets_at_once(cast: Cast, way: str) -> None:
    wang = cast.person("wang")
    lost, kept = await write(sign_in)(wang), await write(sign_in)(cast.person("li"))
    there, elsewhere = address(lost), address(kept)
    await there.connect(timeout=PATIENCE)
    await elsewhere.connect(timeout=PATIENCE)

    await write(end_device)(way, lost, cast)

    assert await closing_code(there) == Close.SIGNED_OUT
    assert await elsewhere.receive_nothing()
    await elsewhere.disconnect()


def end_device(way: str, key: str, cast: Cast) -> None:
    """What each way of ending a device calls, without a run of the drain."""
    wang = cast.person("wang")
    device = UserSession.objects.create(user=wang, session_key=key, ip="192.0.2.1")
    if way == "one":
        devices.end(person_id=wang.pk, device_id=device.pk, now=clock.now())
    elif way == "others":
        devices.end_others(person_id=wang.pk, session_key="another", now=clock.now())
    elif way == "administrator":
        administration.end_sessions(Act(cast.an, clock.now()), person_id=wang.pk)
    else:
        for _number in range(django_settings.SESSIONS_KEPT):
            request = HttpRequest()
            request.META["REMOTE_ADDR"] = "192.0.2.2"
            request.session, request.user = SessionStore(sign_in(wang)), wang
            devices.enter(request, person_id=wang.pk, now=clock.now())


def sign_out(key: str, person: Person) -> None:
    request = HttpRequest()
    request.session, request.user = SessionStore(key), person
    logout(request)


@pytest.mark.parametrize("fate", ["deleted", "expired"])
async def test_session_that_is_gone_ends_its_socket_at_the_drain(cast: Cast, fate: str) -> None:
    socket = await connect(cast.person("wang"))

    if fate == "deleted":
        await write(Session.objects.all().delete)()
    else:
        await write(Session.objects.update)(expire_date=clock.now() - timedelta(seconds=1))
    await hub.here().drain()

    assert await closing_code(socket) == Close.SIGNED_OUT


async def test_drain_runs_by_itself(cast: Cast) -> None:
    socket = await connect(cast.person("wang"))
    await write(Session.objects.all().delete)()

    message = await socket.receive_output(timeout=PATIENCE)

    assert message["code"] == Close.SIGNED_OUT


async def test_nothing_is_told_after_the_right_is_gone(cast: Cast, case: Dispute) -> None:
    socket = await connect(cast.person("wang"))
    await resume(socket, 1)
    await socket.receive_nothing()

    await write(disable)(cast.person("wang"))
    await write(tell)([cast.id("wang")], case)

    assert (await socket.receive_output(timeout=PATIENCE))["type"] == "websocket.close"


async def test_drain_asks_two_questions_however_many_are_connected(
    cast: Cast, case: Dispute
) -> None:
    sockets = [await connect(cast.person(name)) for name in ("wang", "chen", "li", "zhong", "si")]
    for socket in sockets:
        await resume(socket, 1)
        await socket.receive_nothing(timeout=0.05)
    people = [cast.id(name) for name in ("wang", "chen", "li", "zhong", "si")]

    questions = await write(count_queries)(people)

    assert questions == 2
    await write(tell)(people, case)
    assert [len(await numbers(socket, 1)) for socket in sockets] == [1] * 5
    for socket in sockets:
        await socket.disconnect()


def count_queries(people: list[int]) -> int:
    with CaptureQueriesContext(connection) as asked:
        drain.look(people, ["a" * 32], now=clock.now())
    return len(asked)
