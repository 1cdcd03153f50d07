"""``bench fanout``: notices from a command to open sockets, beside a bare ``websockets`` broadcast.

The time to one and to a thousand runs from the request of the command to the last frame: judging, writing
and committing are in it. ``*_answer_ms`` is what the command itself took to answer.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.client import HTTPConnection
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils.crypto import get_random_string

from mediation.accounts import keys
from mediation.accounts.actor import load_actor
from mediation.accounts.models import Duty, Person, Role
from mediation.areas.models import Area, ancestor_codes, level_of
from mediation.core import clock
from mediation.jobs.bench import servers
from mediation.jobs.bench.command import CALM
from mediation.jobs.bench.crowd import Crowd, Ticket
from mediation.jobs.bench.raw_server import HEAR
from mediation.jobs.bench.servers import Server
from workflows.engine import Command, execute

BUSY_GRID, CALM_GRID = "430902006901003", "430902102901001"
THOUSAND = 1000
ROUNDS_TO_ONE, ROUNDS_TO_MANY = 100, 9
# The server clears away what the handshakes left some seconds after them.
SETTLE_SECONDS = 7.0
RESUME = '{"type":"resume","after":0}'
FRAME = '{"type":"notice","seq":1,"kind":"comment","dispute":"汽调〔2026〕1号","level":"blue"}'


@dataclass
class Caller:
    """A program of a grid worker that writes remarks on one case, as fast as it is answered."""

    key: str
    code: str
    version: int
    line: HTTPConnection | None = None
    answer_ms: list[float] = field(default_factory=list)

    def remark(self) -> None:
        if self.line is None:
            raise RuntimeError("Nobody to call yet.")
        body = json.dumps({"version": self.version, "remark": "已与双方通话"})
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        begun = time.perf_counter()
        self.line.request("POST", f"/api/v1/disputes/{self.code}/actions/comment", body, headers)
        answer = self.line.getresponse()
        said = json.loads(answer.read())
        self.answer_ms.append((time.perf_counter() - begun) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"The remark was refused: {said}")
        self.version = said["version"]

    async def tell(self) -> None:
        await asyncio.to_thread(self.remark)


@dataclass(frozen=True, slots=True)
class Scene:
    """One case tells a single person, the other ``told`` of them; the rest sits idle."""

    one: Caller
    many: Caller
    sessions: Sequence[str]
    told: int


def run(*, sockets: int) -> dict[str, Any]:
    """Half of the sockets, at most a thousand, are told at once; each belongs to a person of its own."""
    servers.allow_many_files()
    scene = _set_up(sockets)
    with servers.ours() as server:
        ours = asyncio.run(_measure_ours(server, scene))
    with servers.bare() as server:
        raw = asyncio.run(_measure_bare(server, sockets, scene.told))
    return {
        "database": connection.vendor,
        "sockets": sockets,
        "told": scene.told,
        **ours,
        **raw,
        "ratio_to_raw": round(ours["thousand_ms"] / raw["raw_thousand_ms"], 2),
    }


# What is there --------------------------------------------------------------------------------------


def _set_up(sockets: int) -> Scene:
    """Cases first: nobody's inbox holds anything when he connects."""
    plant()
    today = clock.today()
    many, one = _case(BUSY_GRID, today), _case(CALM_GRID, today)
    told = min(THOUSAND, sockets // 2)
    people = hire(sockets)
    serve(people[:told], Role.CENTRE_STAFF, BUSY_GRID[:9], today)
    serve(people[told : told + 1], Role.CENTRE_STAFF, CALM_GRID[:9], today)
    serve(people[told + 1 :], Role.MEDIATOR, CALM_GRID[:12], today)
    return Scene(one, many, sign_in(people), told)


def plant() -> None:
    """The areas of both grids."""
    names = ["湖南省", "益阳市", "资阳区", "街道", "社区", "网格"]
    for grid in (BUSY_GRID, CALM_GRID):
        parent = None
        for code, name in zip(ancestor_codes(grid), names, strict=True):
            parent, _ = Area.objects.get_or_create(
                code=code,
                defaults={"name": f"{name}{code[-3:]}", "level": level_of(code), "parent": parent},
            )


def _case(grid: str, today: date) -> Caller:
    """A case of this grid, and the key of the grid worker who registered it."""
    worker = Person.objects.create(username=f"g{grid}", name="汪测格")
    serve([worker], Role.GRID_WORKER, grid, today)
    now = clock.now()
    data = {
        "category": "02", "facts": "楼上漏水泡坏楼下天花板，双方多次争吵未果", "grid": grid,
        "place": "汽车路12号", "source": "grid", "answers": CALM,
        "parties": [{"name": "彭测安", "side": "respondent"}, {"name": "蔡测宁", "side": "applicant"}],
    }  # fmt: skip
    done = execute(Command("register", data=data), load_actor(worker, today=today), now=now)
    return Caller(keys.issue(worker, now=now), done.code, done.version)


def hire(count: int) -> list[Person]:
    """Persons without a duty."""
    names = [f"p{number:06d}" for number in range(count)]
    Person.objects.bulk_create(
        (Person(username=name, name=name, password="!") for name in names),  # noqa: S106 -- nobody's
        batch_size=500,
    )
    return list(Person.objects.filter(username__in=names).order_by("pk"))


def serve(people: Sequence[Person], role: Role, code: str, today: date) -> None:
    """A duty for each of them at one place."""
    area, since = Area.objects.get(code=code), today - timedelta(days=30)
    Duty.objects.bulk_create(
        (Duty(person=person, role=role, area=area, since=since) for person in people),
        batch_size=500,
    )


def sign_in(people: Sequence[Person]) -> list[str]:
    """A session for each, as signing in makes it; returns their keys."""
    expires = clock.now() + timedelta(hours=12)
    coder = SessionStore()
    sessions = [
        Session(
            session_key=get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"),
            session_data=coder.encode(
                {
                    SESSION_KEY: str(person.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: person.get_session_auth_hash(),
                }
            ),
            expire_date=expires,
        )
        for person in people
    ]
    Session.objects.bulk_create(sessions, batch_size=500)
    return [session.session_key for session in sessions]


# What it takes --------------------------------------------------------------------------------------


async def _measure_ours(server: Server, scene: Scene) -> dict[str, Any]:
    callers = (scene.one, scene.many)
    for caller in callers:
        caller.line = HTTPConnection("127.0.0.1", server.port, timeout=60)
        await caller.tell()  # warm, with nobody connected
    before = server.resident_kb()
    origin = f"http://127.0.0.1:{server.port}"
    crowd = Crowd(f"ws://127.0.0.1:{server.port}/ws/inbox/", origin=origin)
    cookie = settings.SESSION_COOKIE_NAME
    tickets = [Ticket({"Cookie": f"{cookie}={key}"}, RESUME) for key in scene.sessions]
    a_second = await crowd.gather(tickets)
    await asyncio.sleep(SETTLE_SECONDS)
    idle = server.resident_kb() - before
    one = await _rounds(crowd, scene.one, expected=1, rounds=ROUNDS_TO_ONE)
    many = await _rounds(crowd, scene.many, expected=scene.told, rounds=ROUNDS_TO_MANY)
    if crowd.open() != len(tickets):
        raise RuntimeError("The server has hung up on somebody.")
    await crowd.leave()
    for caller in callers:
        if caller.line is not None:
            caller.line.close()
    return {
        "connects_per_s": round(a_second),
        "kb_per_socket": round(idle / len(tickets), 1),
        "one_p50_ms": round(statistics.median(one), 1),
        "one_p99_ms": round(statistics.quantiles(one, n=100)[98], 1),
        "one_answer_ms": round(statistics.median(scene.one.answer_ms), 1),
        "thousand_ms": round(statistics.median(many), 1),
        "thousand_answer_ms": round(statistics.median(scene.many.answer_ms), 1),
    }


async def _rounds(crowd: Crowd, caller: Caller, *, expected: int, rounds: int) -> list[float]:
    if caller.line is not None:
        caller.line.close()  # the server has given up the idle line; the next call opens another
    await crowd.time(caller.tell, expected=expected)
    caller.answer_ms.clear()
    return [await crowd.time(caller.tell, expected=expected) for _ in range(rounds)]


async def _measure_bare(server: Server, sockets: int, told: int) -> dict[str, float]:
    """The same clients at the bare server: the same number idle, the same number told."""
    crowd = Crowd(f"ws://127.0.0.1:{server.port}/")
    before = server.resident_kb()
    tickets = [Ticket(greeting=HEAR)] * told + [Ticket()] * (sockets - told)
    a_second = await crowd.gather(tickets)
    await asyncio.sleep(1)
    idle = server.resident_kb() - before
    speaker = crowd.first
    many = [
        await crowd.time(lambda: speaker.send(FRAME), expected=told)
        for _ in range(ROUNDS_TO_MANY + 1)
    ]
    await crowd.leave()
    return {
        "raw_connects_per_s": round(a_second),
        "raw_kb_per_socket": round(idle / sockets, 1),
        "raw_thousand_ms": round(statistics.median(many[1:]), 1),
    }
