"""Many times more at once than the house can serve (promise P12): reports go first, registrations last.

Two threads serve pages. First a hundred readers of reports beside a few phones, then more phones than there
are places to wait. ``LONG=1``: a minute each instead of five seconds.
"""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest

from tests.faults.phones import Load
from tests.faults.stack import Answer, Office, Server, is_ready, open_office, running, until

SECONDS = 60.0 if os.environ.get("LONG") else 5.0
THREADS = 2
FEW, MANY, READERS = 6, 60, 100
REPORT = "/leader/"
PAUSE_SECONDS = 0.05

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Server]]:
    place: Path = tmp_path_factory.mktemp("overload")
    office = open_office(place, PAGE_THREADS=str(THREADS))
    server = Server(place, environment=office.environment)
    with running(server):
        until("its ticker beats", lambda: is_ready(server))
        yield office, server


@dataclass
class Readers:
    """People who open a report again and again, whatever they are answered."""

    office: Office
    server: Server
    statuses: Counter[int] = field(default_factory=Counter)
    ready: Counter[int] = field(default_factory=Counter)
    unkind: list[int] = field(default_factory=list)
    unanswered: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.threads = [threading.Thread(target=self._read) for _ in range(READERS)]
        self.threads.append(threading.Thread(target=self._probe))

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join(60)

    def _read(self) -> None:
        cookie = f"sessionid={self.office.sessions['ling']}"
        while not self.stopped.wait(PAUSE_SECONDS):
            try:
                answer = self.server.ask("GET", REPORT, Cookie=cookie)
            except OSError:
                self.unanswered += 1
                continue
            self.statuses[answer.status] += 1
            self._judge(answer)

    def _probe(self) -> None:
        while not self.stopped.wait(0.2):
            answer = self.server.ask("GET", "/readyz")
            self.ready[answer.status] += 1
            if answer.status == 503 and b"checks" not in answer.body:
                self._judge(answer)  # not unfit: there was no place to ask

    def _judge(self, answer: Answer) -> None:
        if answer.status == 503 and not answer.headers.get("retry-after"):
            self.unkind.append(answer.status)


def test_reports_are_refused_before_a_single_registration_is(house: tuple[Office, Server]) -> None:
    office, server = house
    with Load(office, [server], phones=FEW) as load, Readers(office, server) as readers:
        time.sleep(SECONDS)
        until("somebody registers", lambda: len(load.told) > FEW)
        until("a report is refused", lambda: readers.statuses[503] > 0)

    assert (load.refusals, load.unanswered) == ({}, 0)
    assert set(readers.statuses) == {200, 503}
    assert (readers.unkind, readers.unanswered) == ([], 0)
    assert set(readers.ready) == {200}
    assert load.told <= office.numbers()


def test_full_house_says_when_to_come_back_and_keeps_what_it_promised(
    house: tuple[Office, Server],
) -> None:
    office, server = house
    with Load(office, [server], phones=MANY) as load, Readers(office, server) as readers:
        time.sleep(SECONDS)
        until("somebody registers", lambda: len(load.told) > MANY)
        until("a registration is refused", lambda: 503 in load.refusals)
    until("it has recovered", lambda: is_ready(server), seconds=10)

    assert set(load.refusals) == {503}
    assert set(readers.statuses) <= {200, 503}
    assert set(readers.ready) <= {200, 503}
    assert (readers.unkind, load.unkind) == ([], 0)
    assert load.told <= office.numbers()
    assert len(load.told) == sum(len(phone.told) for phone in load.phones)
