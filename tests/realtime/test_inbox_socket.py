"""The socket as a client sees it."""

import asyncio

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import transaction

from mediation.accounts import services as accounts
from mediation.accounts.models import Duty, Person, Role
from mediation.areas.models import Area
from mediation.core import db
from mediation.disputes.models import Dispute
from mediation.notifications.models import Notice
from mediation.realtime import hub
from mediation.realtime.protocol import Close
from tests.factories import Cast
from tests.factories.people import SECOND_GRID, SERVING_SINCE
from tests.realtime.talk import (
    PATIENCE,
    address,
    closing_code,
    connect,
    numbers,
    read,
    resume,
    sign_in,
    tell,
    tell_often,
)

pytestmark = pytest.mark.django_db(transaction=True)
write = database_sync_to_async


async def refusal(socket: WebsocketCommunicator) -> int:
    await socket.connect(timeout=PATIENCE)
    return await closing_code(socket)


async def test_stranger_is_told_to_sign_in() -> None:
    assert await refusal(address()) == Close.SIGNED_OUT


async def test_invented_session_is_told_to_sign_in() -> None:
    assert await refusal(address("a" * 32)) == Close.SIGNED_OUT


async def test_closed_account_is_told_to_sign_in(cast: Cast) -> None:
    key = await write(sign_in)(cast.person("gao"))

    assert await refusal(address(key)) == Close.SIGNED_OUT


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
async def test_foreign_page_gets_no_socket(cast: Cast, origin: str) -> None:
    key = await write(sign_in)(cast.person("wang"))

    connected, _ = await address(key, origin=origin).connect(timeout=PATIENCE)

    assert not connected


async def test_unknown_address_gets_no_socket(cast: Cast) -> None:
    socket = address(await write(sign_in)(cast.person("wang")))
    socket.scope["path"] = "/ws/elsewhere/"

    connected, _ = await socket.connect(timeout=PATIENCE)

    assert not connected


async def test_notice_names_case_kind_and_level_and_nothing_else(cast: Cast, case: Dispute) -> None:
    socket = await connect(cast.person("wang"))

    await resume(socket, 0)

    assert await read(socket, 1) == [
        {
            "type": "notice",
            "seq": 1,
            "kind": "register",
            "dispute": case.number,
            "level": case.colour,
        }
    ]
    await socket.disconnect()


async def test_resume_brings_all_since_then_live_in_order(cast: Cast, case: Dispute) -> None:
    wang = cast.person("wang")
    await write(tell_often)(wang.pk, case, 249)
    socket = await connect(wang)

    await resume(socket, 20)
    replayed = await numbers(socket, 230)
    await write(tell_often)(wang.pk, case, 10)
    live = await numbers(socket, 10)

    assert (replayed, live) == (list(range(21, 251)), list(range(251, 261)))
    assert await socket.receive_nothing()
    await socket.disconnect()


async def test_notices_written_during_replay_leave_no_gap(cast: Cast, case: Dispute) -> None:
    wang = cast.person("wang")
    await write(tell_often)(wang.pk, case, 150)
    socket = await connect(wang)

    await resume(socket, 0)
    writing = asyncio.create_task(write(tell_often)(wang.pk, case, 60))
    seen = await numbers(socket, 211)
    await writing

    assert seen == list(range(1, 212))
    await socket.disconnect()


async def test_socket_is_silent_until_it_resumes(cast: Cast, case: Dispute) -> None:
    socket = await connect(cast.person("wang"))

    await write(tell)([cast.id("wang")], case)

    assert await socket.receive_nothing()
    await socket.disconnect()


async def test_two_sockets_of_one_person_read_each_at_its_own_number(
    cast: Cast, case: Dispute
) -> None:
    wang = cast.person("wang")
    await write(tell_often)(wang.pk, case, 299)
    behind, ahead = await connect(wang), await connect(wang)

    await resume(behind, 0)
    await resume(ahead, 290)

    assert await numbers(ahead, 10) == list(range(291, 301))
    assert await numbers(behind, 300) == list(range(1, 301))
    assert await ahead.receive_nothing()
    await behind.disconnect()
    await ahead.disconnect()


async def test_number_never_given_out_asks_only_for_what_comes(cast: Cast, case: Dispute) -> None:
    socket = await connect(cast.person("wang"))

    await resume(socket, 10**15)
    assert await socket.receive_nothing()
    await write(tell)([cast.id("wang")], case)

    assert await numbers(socket, 1) == [2]
    await socket.disconnect()


async def test_others_notices_stay_with_others(cast: Cast, case: Dispute) -> None:
    socket = await connect(cast.person("chen"))
    await resume(socket, 0)

    await write(tell)([cast.id("wang")], case)

    assert await socket.receive_nothing()
    await socket.disconnect()


async def test_lost_wake_up_is_made_good_by_the_drain(cast: Cast, case: Dispute) -> None:
    socket = await connect(cast.person("wang"))
    await resume(socket, 1)
    await socket.receive_nothing()

    await write(tell)([cast.id("wang")], case, silent=True)
    assert await socket.receive_nothing()
    await hub.here().drain()

    assert await numbers(socket, 1) == [2]
    await socket.disconnect()


async def test_wake_up_that_promises_too_much_loses_nothing(cast: Cast, case: Dispute) -> None:
    """As after a restored backup, or with two installations on one bus."""
    socket = await connect(cast.person("wang"))
    await resume(socket, 1)
    await socket.receive_nothing()

    hub.carry_news({cast.id("wang"): 900})
    assert await socket.receive_nothing()
    await write(tell_often)(cast.id("wang"), case, 3)

    assert await numbers(socket, 3) == [2, 3, 4]
    await socket.disconnect()


async def test_case_that_left_the_view_is_not_named_in_a_replay(cast: Cast, case: Dispute) -> None:
    await write(move)(cast.person("wang"))
    socket = await connect(cast.person("wang"))

    await resume(socket, 0)

    assert await read(socket, 1) == [
        {"type": "notice", "seq": 1, "kind": "register", "dispute": None, "level": ""}
    ]
    await socket.disconnect()


def move(person: Person) -> None:
    """The worker serves another grid now."""
    Duty.objects.filter(person=person).delete()
    accounts.give_duty(
        person=person,
        role=Role.GRID_WORKER,
        area=Area.objects.get(code=SECOND_GRID),
        since=SERVING_SINCE,
    )


async def test_ping_is_answered(cast: Cast) -> None:
    socket = await connect(cast.person("wang"))

    await socket.send_json_to({"type": "ping"})

    assert await read(socket, 1) == [{"type": "pong"}]
    await socket.disconnect()


NONSENSE = {
    "no json": "hello",
    "half a frame": '{"type": "resume"',
    "a list": "[1, 2]",
    "a number": "7",
    "null": "null",
    "no type": '{"after": 3}',
    "unknown type": '{"type": "subscribe", "person": 1}',
    "no number": '{"type": "resume"}',
    "negative": '{"type": "resume", "after": -1}',
    "a fraction": '{"type": "resume", "after": 1.5}',
    "infinite": '{"type": "resume", "after": 1e400}',
    "a text": '{"type": "resume", "after": "1"}',
    "a truth": '{"type": "resume", "after": true}',
    "beyond bigint": '{"type": "resume", "after": 9223372036854775808}',
    "five thousand digits": '{"type": "resume", "after": ' + "9" * 5000 + "}",
    "deeply nested": "[" * 20_000,
    "prototype": '{"__proto__": {"type": "resume"}}',
    "blank": " ",
}


@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE)
async def test_nonsense_is_answered_with_an_error_and_then_the_door(cast: Cast, text: str) -> None:
    socket = await connect(cast.person("wang"))

    for _ in range(3):
        await socket.send_to(text_data=text)

    assert await read(socket, 3) == [{"type": "error"}] * 3
    assert await closing_code(socket) == Close.NONSENSE


async def test_bytes_are_nonsense(cast: Cast) -> None:
    socket = await connect(cast.person("wang"))

    await socket.send_to(bytes_data=b"\x00\xff")

    assert await read(socket, 1) == [{"type": "error"}]
    await socket.disconnect()


async def test_frame_beyond_the_limit_ends_the_socket(cast: Cast) -> None:
    socket = await connect(cast.person("wang"))

    await socket.send_to(text_data="x" * (64 * 1024 + 1))

    assert await closing_code(socket) == Close.TOO_BIG


async def test_twenty_one_frames_in_a_row_are_too_many(cast: Cast) -> None:
    socket = await connect(cast.person("wang"))

    for _ in range(21):
        await socket.send_json_to({"type": "ping"})

    assert await closing_code(socket) == Close.TOO_MANY


async def test_sixth_socket_of_a_person_is_too_many(cast: Cast) -> None:
    five = [await connect(cast.person("wang")) for _ in range(5)]
    key = await write(sign_in)(cast.person("wang"))

    assert await refusal(address(key)) == Close.TOO_MANY
    await five[0].disconnect()
    assert (await address(key).connect(timeout=PATIENCE))[0]


async def test_rolled_back_notice_reaches_nobody(cast: Cast, case: Dispute) -> None:
    socket = await connect(cast.person("wang"))
    await resume(socket, 1)

    await write(tell_and_regret)(cast.id("wang"), case)

    assert await socket.receive_nothing()
    assert await write(Notice.objects.filter(person=cast.id("wang")).count)() == 1
    await socket.disconnect()


def tell_and_regret(person_id: int, case: Dispute) -> None:
    with db.write():
        tell([person_id], case)
        transaction.set_rollback(True)
