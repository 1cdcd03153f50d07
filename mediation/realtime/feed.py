"""Brings notices from the table to sockets: one query for everybody who is behind, then the next."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from channels.db import database_sync_to_async
from django.db import DatabaseError

from mediation.accounts.actor import Actor
from mediation.core import clock, vitals
from mediation.disputes import policy
from mediation.notifications import services as inbox
from mediation.notifications.services import PAGE, Line
from mediation.realtime.protocol import notice, tail
from mediation.realtime.registry import Socket

RETRY_SECONDS = 1.0

log = logging.getLogger(__name__)
resumed = vitals.counter("fengqiao_ws_resumes_total", "Times a socket asked for what it missed.")


@dataclass(frozen=True, slots=True)
class Question:
    """What one round asks of the database."""

    after: Mapping[int, int]
    asking: list[int]
    # Persons whose page lies in the past: a case may have moved out of their view since.
    doubtful: Mapping[int, Actor]


@dataclass(frozen=True, slots=True)
class Answer:
    latest: Mapping[int, int]
    lines: Mapping[int, list[Line]]
    hidden: set[tuple[int, int]]
    _shared: dict[tuple[str, str | None, str], str] = field(default_factory=dict)

    def frame(self, line: Line) -> str:
        """A case that its reader may no longer see is not named; its number in the row stays taken."""
        is_hidden = (line.person_id, line.seq) in self.hidden
        key = (line.kind, None, "") if is_hidden else (line.kind, line.number, line.level)
        if key not in self._shared:
            self._shared[key] = tail(kind=key[0], number=key[1], level=key[2])
        return notice(line.seq, self._shared[key])


class Feed:
    """Collects who is behind while a round runs, and serves all of them in the next one."""

    def __init__(self) -> None:
        self._behind: set[Socket] = set()
        self._news = asyncio.Event()

    def want(self, sockets: Iterable[Socket]) -> None:
        self._behind.update(sockets)
        self._news.set()

    async def run(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            round_, self._behind = self._behind, set()
            try:
                await self._serve([s for s in round_ if s.is_free and s.is_behind])
            except DatabaseError:
                log.warning("Notices could not be read; trying again.", exc_info=True)
                await asyncio.sleep(RETRY_SECONDS)
                self.want(round_)

    async def _serve(self, sockets: list[Socket]) -> None:
        if not sockets:
            return
        asked = {socket: (_start(socket), socket.target) for socket in sockets}
        question = _question({socket: start for socket, (start, _) in asked.items()})
        answer = await database_sync_to_async(look)(question)
        for socket, (start, target) in asked.items():
            if _start(socket) == start and not socket.closing:
                window = question.after[socket.visitor.person_id] + PAGE
                _hand_over(socket, start, window, answer, may_lower=socket.target == target)
            if socket.is_free and socket.is_behind:
                self.want([socket])


def _hand_over(socket: Socket, start: int, window: int, answer: Answer, *, may_lower: bool) -> None:
    """Give the socket its lines and note how far it has read.

    A wake-up is only a hint: what the table does not hold is not waited for, and no number is passed over
    because somebody said that there was one. ``may_lower``: nothing was heard while the table was read.
    """
    person_id = socket.visitor.person_id
    if socket.wants_from is not None:
        start = _begin(socket, start, answer.latest[person_id])
    page = [line for line in answer.lines.get(person_id, ()) if start < line.seq]
    last = page[-1].seq if page else start
    # Two sockets of one person may stand at different numbers; the window is that of the lower one.
    socket.sent = max(last, min(window, socket.replay_until))
    if last < window and may_lower:
        socket.target = max(socket.sent, socket.replay_until)
    socket.put([answer.frame(line) for line in page])


def _begin(socket: Socket, start: int, latest: int) -> int:
    """A number that was never given out asks for nothing older than the newest."""
    resumed.add()
    socket.wants_from = None
    socket.replay_until = latest
    socket.target = max(socket.target, latest)
    return min(start, latest)


def _start(socket: Socket) -> int:
    if socket.wants_from is not None:
        return socket.wants_from
    return socket.sent or 0


def _question(starts: Mapping[Socket, int]) -> Question:
    after: dict[int, int] = {}
    doubtful: dict[int, Actor] = {}
    asking = set()
    for socket, start in starts.items():
        person_id = socket.visitor.person_id
        after[person_id] = min(start, after.get(person_id, start))
        if socket.wants_from is not None:
            asking.add(person_id)
        if socket.wants_from is not None or start < socket.replay_until:
            doubtful[person_id] = socket.visitor.actor
    return Question(after, sorted(asking), doubtful)


def look(question: Question) -> Answer:
    """Read one round. The latest numbers first: whatever they count is in the lines that follow."""
    latest = inbox.latest_of(question.asking) if question.asking else {}
    lines = defaultdict(list)
    for line in inbox.pages(question.after):
        lines[line.person_id].append(line)
    hidden = {
        (person_id, seq)
        for person_id, actor in question.doubtful.items()
        for seq in _out_of_view(actor, lines.get(person_id, []))
    }
    return Answer(latest, lines, hidden)


def _out_of_view(actor: Actor, lines: list[Line]) -> list[int]:
    named = {line.dispute_id for line in lines if line.dispute_id is not None}
    if not named:
        return []
    visible = policy.visible_to(actor, now=clock.now()).filter(pk__in=named)
    seen = set(visible.values_list("pk", flat=True))
    return [line.seq for line in lines if line.dispute_id in named - seen]
