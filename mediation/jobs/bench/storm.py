"""``bench storm``: thousands of alerts at once, to leaders of whom some hold a socket and never read.

Every alert goes to all leaders of its subdistrict, and registrations go on over HTTP. What arrives is
compared with the inbox table, number by number. The milliseconds run from the beginning of the transaction
that raises an alert to the arrival of its frame, so judging, writing and committing are in them.
"""

import asyncio
import json
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from mediation.accounts import keys
from mediation.accounts.models import Person, Role
from mediation.areas.models import Area, Level
from mediation.core import clock
from mediation.core.db import write
from mediation.jobs.bench import fanout, servers
from mediation.jobs.bench.command import CALM
from mediation.jobs.bench.servers import Server
from mediation.notifications import services as inbox
from mediation.notifications.models import Notice
from mediation.warning.models import Alert

LEADERS_OF_A_PLACE: Final = 10
STALLED_SHARE: Final = 5  # every fifth
BACKLOG: Final = 5000
SECONDS: Final = 10.0
PATIENCE_SECONDS: Final = 120
WARM: Final = 5
POLL_SECONDS: Final = 0.25
RESUME: Final = '{"type":"resume","after":0}'
# A phone on a network and not the loopback, whose buffers hold megabytes: small packets, a small window.
PACKET_BYTES, WINDOW_BYTES = 1400, 4096
ESTABLISHED: Final = "01"


@dataclass
class Leader:
    """One open socket of one leader; who is awake notes when each number came."""

    person_id: int
    session: str
    awake: bool
    seqs: list[int] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    client: ClientConnection | None = None

    async def enter(self, port: int) -> None:
        line = socket.socket()
        if not self.awake:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, PACKET_BYTES)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW_BYTES)
        line.settimeout(0)
        await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", port))
        self.client = await connect(
            f"ws://127.0.0.1:{port}/ws/inbox/",
            sock=line,
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"},
            origin=f"http://127.0.0.1:{port}",  # type: ignore[arg-type]  # a NewType of str
            compression=None,
            ping_interval=None,
            close_timeout=1,
            proxy=None,
        )
        await self.client.send(RESUME)

    async def read(self) -> None:
        if self.client is None:
            return
        try:
            async for frame in self.client:
                said = json.loads(frame)
                if said["type"] == "notice":
                    self.seqs.append(said["seq"])
                    self.at.append(time.time())
        except ConnectionClosed:
            return

    @property
    def port(self) -> int:
        return int(self.client.local_address[1]) if self.client else 0


@dataclass
class Desk:
    """A grid worker's program that registers one calm case after the other, as fast as it is answered."""

    key: str
    answer_ms: list[float] = field(default_factory=list)
    refused: int = 0
    turn: int = 0

    def register(self, line: HTTPConnection) -> None:
        # Parties of their own: the same two quarrelling ever again would raise alerts by themselves.
        self.turn += 1
        one, other = (f"{family}测{chr(ord('一') + self.turn)}" for family in "彭蔡")
        body = {
            "category": "02", "facts": "楼上漏水泡坏楼下天花板，双方多次争吵未果", "grid": fanout.CALM_GRID,
            "place": "汽车路12号", "source": "grid", "answers": CALM,
            "parties": [{"name": one, "side": "respondent"}, {"name": other, "side": "applicant"}],
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        begun = time.perf_counter()
        line.request("POST", "/api/v1/disputes", json.dumps(body), headers)
        answer = line.getresponse()
        answer.read()
        if answer.status == 201:
            self.answer_ms.append((time.perf_counter() - begun) * 1000)
        else:
            self.refused += 1

    async def work(self, port: int, until: asyncio.Event) -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        while not until.is_set():
            await asyncio.to_thread(self.register, line)
        line.close()

    async def warm_up(self, port: int) -> None:
        """A server that has just been started reads its pages in; a storm meets one that is at work."""
        line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        for _ in range(WARM):
            await asyncio.to_thread(self.register, line)
        line.close()
        self.answer_ms.clear()


@dataclass(frozen=True, slots=True)
class Scene:
    places: Sequence[str]
    leaders: Sequence[Leader]
    desk: Desk

    @property
    def awake(self) -> list[Leader]:
        return [leader for leader in self.leaders if leader.awake]

    @property
    def stalled(self) -> list[Leader]:
        return [leader for leader in self.leaders if not leader.awake]


def run(*, alerts: int, leaders: int, patience: float) -> dict[str, Any]:
    """``patience``: seconds to wait for the end of the stalled sockets after everybody has everything."""
    servers.allow_many_files()
    scene = _set_up(leaders)
    with servers.stormy() as server:
        measured = asyncio.run(_measure(server, scene, alerts, patience))
    return {
        "database": connection.vendor,
        "alerts": Alert.objects.filter(fold_key__startswith="storm:").count(),
        "leaders": leaders,
        "stalled": len(scene.stalled),
        **_compare(scene),
        **measured,
    }


# What is there --------------------------------------------------------------------------------------


def _set_up(count: int) -> Scene:
    """The stalled come back to a long inbox, so that more waits for them than the network holds."""
    fanout.plant()
    today = clock.today()
    district = Area.objects.get(code=fanout.CALM_GRID[:6])
    places = [f"430902{number:03d}" for number in range(500, 500 + -(-count // LEADERS_OF_A_PLACE))]
    people = fanout.hire(count)
    for number, place in enumerate(places):
        Area.objects.create(
            code=place, name=f"测量街道{number}", level=Level.SUBDISTRICT, parent=district
        )
        fanout.serve(people[number :: len(places)], Role.LEADER, place, today)
    worker = Person.objects.create(username="storm-grid", name="汪测格")
    fanout.serve([worker], Role.GRID_WORKER, fanout.CALM_GRID, today)
    desk = Desk(keys.issue(worker, now=clock.now()))
    sessions = fanout.sign_in(people)
    leaders = [
        Leader(person.pk, key, awake=(number % STALLED_SHARE) != 0)
        for number, (person, key) in enumerate(zip(people, sessions, strict=True))
    ]
    for leader in leaders:
        if not leader.awake:
            _fill(leader.person_id, BACKLOG)
    return Scene(places, leaders, desk)


def _fill(person_id: int, count: int) -> None:
    drafts = [inbox.Draft(person_id=person_id, kind="comment")] * count
    with write():
        before = clock.now() - timedelta(days=1)
        inbox.deliver(drafts, dispute=None, version=0, now=before, about="alert:0")


# What it takes --------------------------------------------------------------------------------------


async def _measure(server: Server, scene: Scene, alerts: int, patience: float) -> dict[str, Any]:
    idle = server.resident_kb()
    for leader in scene.leaders:
        await leader.enter(server.port)
    readers = [asyncio.create_task(leader.read()) for leader in scene.awake]
    connected = server.resident_kb()
    await scene.desk.warm_up(server.port)
    over = asyncio.Event()
    work = asyncio.create_task(scene.desk.work(server.port, over))
    begun, cpu = time.time(), server.cpu_seconds()
    order = {"places": scene.places, "alerts": alerts, "seconds": min(SECONDS, alerts / 50)}
    storm = asyncio.create_task(asyncio.to_thread(server.ask, order))
    peak = connected
    due = alerts * len(scene.awake) // len(scene.places)
    while not (storm.done() and _received(scene) >= due):
        if time.time() - begun > PATIENCE_SECONDS:
            break  # what has not come is counted as lost
        await asyncio.sleep(POLL_SECONDS)
        peak = max(peak, server.resident_kb())
    over.set()
    poured = await storm
    await work
    used = server.cpu_seconds() - cpu
    after_storm = _held(server, scene)
    gone_after = await _until_let_go(server, scene, patience)
    left = _held(server, scene)
    settled = server.resident_kb()
    still_open = sum(not reader.done() for reader in readers)
    await asyncio.gather(*(leader.client.close() for leader in scene.awake if leader.client))
    for leader in scene.stalled:
        if leader.client:
            leader.client.transport.abort()
    await asyncio.gather(*readers)
    last = max((moment for leader in scene.awake for moment in leader.at), default=0.0)
    return {
        **poured,
        "everybody_has_all_after_s": round(last - begun, 1),
        "server_cpu_s": round(used, 1),
        "awake_still_connected": still_open,
        "registrations": len(scene.desk.answer_ms),
        "registrations_refused": scene.desk.refused,
        **_spread("registration", scene.desk.answer_ms),
        "server_idle_mb": round(idle / 1024),
        "server_connected_mb": round(connected / 1024),
        "server_peak_mb": round(peak / 1024),
        "server_after_mb": round(settled / 1024),
        "stalled_held_after_storm": after_storm,
        "stalled_held_at_end": left,
        "stalled_watched_s": gone_after,
    }


def _received(scene: Scene) -> int:
    return sum(len(leader.seqs) for leader in scene.awake)


async def _until_let_go(server: Server, scene: Scene, patience: float) -> float:
    begun = time.monotonic()
    while time.monotonic() - begun < patience and _held(server, scene):  # noqa: ASYNC110 -- the kernel rings no bell
        await asyncio.sleep(POLL_SECONDS)
    return round(time.monotonic() - begun, 1)


def _held(server: Server, scene: Scene) -> int:
    """Stalled sockets whose connection the server's side keeps open, as the system counts them."""
    ports = {leader.port for leader in scene.stalled}
    held = 0
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _number, here, there, state, *_rest = row.split()
        if state == ESTABLISHED and int(here.partition(":")[2], 16) == server.port:
            held += int(there.partition(":")[2], 16) in ports
    return held


def _compare(scene: Scene) -> dict[str, Any]:
    """What came over the sockets beside what stands in the inboxes of those who are awake."""
    rows = Notice.objects.filter(person_id__in=[leader.person_id for leader in scene.awake])
    written: dict[int, dict[int, float]] = {leader.person_id: {} for leader in scene.awake}
    for person_id, seq, at in rows.values_list("person_id", "seq", "created_at"):
        written[person_id][seq] = at.timestamp()
    took, lost, twice, astray = [], 0, 0, 0
    for leader in scene.awake:
        mine = written[leader.person_id]
        lost += len(mine.keys() - set(leader.seqs))
        twice += len(leader.seqs) - len(set(leader.seqs))
        astray += leader.seqs != sorted(leader.seqs)
        took += [(at - mine[seq]) * 1000 for seq, at in zip(leader.seqs, leader.at, strict=True)]
    per_leader = [len(mine) for mine in written.values()]
    return {
        "notices_per_leader": [min(per_leader), max(per_leader)],
        "notices_expected": sum(per_leader),
        "notices_received": _received(scene),
        "lost": lost,
        "twice": twice,
        "leaders_out_of_order": astray,
        **_spread("notice", took),
    }


def _spread(name: str, took: Sequence[float]) -> dict[str, float]:
    if len(took) < 2:
        return {}
    parts = statistics.quantiles(took, n=100, method="inclusive")
    return {f"{name}_p50_ms": round(parts[49], 1), f"{name}_p99_ms": round(parts[98], 1)}
