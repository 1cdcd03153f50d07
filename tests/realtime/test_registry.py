"""Slow readers, and a thousand of them: what the registry holds in memory and asks of the table."""

import asyncio
import json
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mediation.accounts.actor import Actor
from mediation.disputes.models import Dispute
from mediation.notifications import services as inbox
from mediation.notifications.services import PAGE
from mediation.realtime import feed, hub
from mediation.realtime.protocol import Close
from mediation.realtime.registry import STALLED_SECONDS, Registry, Socket, Visitor
from tests.factories import Cast
from tests.realtime.talk import PATIENCE, connect, numbers, resume, tell, tell_often

pytestmark = pytest.mark.django_db(transaction=True)
write = database_sync_to_async


@pytest.fixture(autouse=True)
def _nothing_drains_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The visitors here have no session, so the drain ends them, after five seconds by the clock: a test that
    takes longer on a busy machine would lose its socket. Whoever wants to be drained asks for it."""
    monkeypatch.setattr(hub, "DRAIN_SECONDS", float("inf"))


class Wire:
    """The far end of a socket: takes frames, or stops taking them."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.code: int | None = None
        self.flowing = asyncio.Event()
        self.flowing.set()

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.code = message["code"]
            return
        await self.flowing.wait()
        self.taken.append(json.loads(message["text"]))

    @property
    def numbers(self) -> list[int]:
        return [frame["seq"] for frame in self.taken]


def plug(person_id: int, wire: Wire) -> Socket:
    running = hub.here()
    visitor = Visitor(Actor(person_id, "", is_system=True), person_id, "k" * 32, 1, 0, serves=False)
    socket = Socket(visitor, wire.send, lambda free: running.feed.want([free]))
    assert running.registry.add(socket)
    return socket


async def until(condition: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 -- what is waited for has no event
            await asyncio.sleep(0.01)


async def test_paused_reader_costs_one_page_and_then_sees_all_once(
    cast: Cast, case: Dispute
) -> None:
    """C6: an overflow of 500 to a paused client."""
    wire = Wire()
    socket = plug(cast.id("wang"), wire)
    socket.resume(1)
    hub.here().feed.want([socket])
    await until(lambda: socket.sent == 1)
    wire.flowing.clear()

    await write(tell_often)(cast.id("wang"), case, 500)
    await until(lambda: socket.target == 501)

    assert len(socket.waiting) <= PAGE
    wire.flowing.set()
    await until(lambda: len(wire.taken) >= 500)
    assert wire.numbers == list(range(2, 502))


async def test_stalled_reader_is_let_go_and_resumes_without_loss(cast: Cast, case: Dispute) -> None:
    wire = Wire()
    socket = plug(cast.id("wang"), wire)
    socket.resume(0)
    hub.here().feed.want([socket])
    await until(lambda: wire.numbers == [1])
    wire.flowing.clear()
    await write(tell_often)(cast.id("wang"), case, 500)
    await until(lambda: socket.writer is not None)

    socket.moved_at -= STALLED_SECONDS + 1
    await hub.here().drain()
    wire.flowing.set()
    again = await connect(cast.person("wang"))
    await resume(again, wire.numbers[-1])

    await until(lambda: wire.code is not None)
    assert wire.code == Close.STALLED
    assert len(hub.here().registry.of(cast.id("wang"))) == 1
    missing = 501 - wire.numbers[-1]
    assert wire.numbers + await numbers(again, missing) == list(range(1, 502))
    await again.disconnect()


async def test_slow_reader_holds_nobody_up(cast: Cast, case: Dispute) -> None:
    slow, quick = Wire(), Wire()
    slow.flowing.clear()
    for name, wire in (("wang", slow), ("chen", quick)):
        socket = plug(cast.id(name), wire)
        socket.resume(0)
        hub.here().feed.want([socket])

    await write(tell)([cast.id("wang"), cast.id("chen")], case)

    await until(lambda: quick.numbers == [1])
    assert slow.numbers == []
    slow.flowing.set()


async def test_resume_while_frames_wait_starts_over_in_order(cast: Cast, case: Dispute) -> None:
    await write(tell_often)(cast.id("wang"), case, 49)
    wire = Wire()
    wire.flowing.clear()
    socket = plug(cast.id("wang"), wire)
    socket.resume(0)
    hub.here().feed.want([socket])
    await until(lambda: socket.writer is not None)

    socket.resume(10)
    wire.flowing.set()
    await until(lambda: wire.numbers[-1:] == [50])

    # The first frame was on its way already.
    assert wire.numbers in ([1, *range(11, 51)], list(range(11, 51)))


async def test_thousand_readers_cost_one_question(cast: Cast, case: Dispute) -> None:
    people = [cast.id(name) for name in ("wang", "chen", "li", "zhong", "si", "ling")]
    await write(tell)(people, case)
    question = feed.Question(dict.fromkeys(people, 0), [], {})

    asked, lines = await write(count)(question)

    assert asked == 1
    assert {person: len(found) for person, found in lines.items()}.keys() == set(people)


def count(question: feed.Question) -> tuple[int, Any]:
    with CaptureQueriesContext(connection) as asked:
        answer = feed.look(question)
    return len(asked), answer.lines


async def test_pages_hold_a_hundred_numbers_of_each_person(cast: Cast, case: Dispute) -> None:
    await write(tell_often)(cast.id("wang"), case, 120)
    await write(tell_often)(cast.id("chen"), case, 3)

    lines = await write(inbox.pages)({cast.id("wang"): 5, cast.id("chen"): 1})

    assert [line.seq for line in lines if line.person_id == cast.id("wang")] == [*range(6, 106)]
    assert [line.seq for line in lines if line.person_id == cast.id("chen")] == [2, 3]
    assert lines[0].number == case.number


def test_person_without_sockets_is_nobody_to_wake() -> None:
    assert Registry().news({1: 5}) == []
