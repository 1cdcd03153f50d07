"""Phones that register one case after another while something happens to the servers."""

import random
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from tests.factories.cases import application
from tests.faults.stack import Office, Server

PAUSE_SECONDS = 0.05
"""A phone is no load generator: on a small machine the servers must get their turn."""
CASE: dict[str, Any] = application(parties=[{"name": "蔡测宁", "side": "applicant"}])


@dataclass
class Registrar:
    """A phone that registers one case after another and sends each again until it is answered.

    ``told``: numbers it was promised. ``refusals``: what it was told instead, by status.
    """

    office: Office
    servers: list[Server]
    told: list[str] = field(default_factory=list)
    refusals: dict[int, set[str]] = field(default_factory=dict)
    unanswered: int = 0
    # Refusals for the time being that do not say for how long.
    unkind: int = 0
    # What a proxy that asks /readyz would leave out.
    resting: list[Server] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self, name: str) -> None:
        turn = 0
        while not self.stopped.is_set():
            turn += 1
            chosen = [one for one in self.servers if one not in self.resting] or self.servers
            self._register(f"{name}-{turn}", chosen[turn % len(chosen)])

    def _register(self, key: str, server: Server) -> None:
        headers = self.office.key_of("wang") | {"Idempotency-Key": key}
        while True:
            try:
                answer = server.ask("POST", "/api/v1/disputes", CASE, **headers)
            except OSError:
                self.unanswered += 1
            else:
                if answer.status == 201:
                    self.told.append(answer.told["number"])
                    time.sleep(PAUSE_SECONDS)
                    return
                is_json = "json" in answer.headers.get("content-type", "")
                said = answer.told.get("detail", "") if is_json else answer.body.decode()
                self.unkind += answer.status == 503 and "retry-after" not in answer.headers
                self.refusals.setdefault(answer.status, set()).add(said)
            if self.stopped.wait(0.1):
                return


class Load:
    """Phones at work while the block runs; afterwards what they were told."""

    def __init__(self, office: Office, servers: Iterable[Server], *, phones: int = 3) -> None:
        self.phones = [Registrar(office, list(servers)) for _ in range(phones)]
        mark = random.randrange(10**9)
        self.threads = [
            threading.Thread(target=phone.run, args=(f"{mark}-{n}",))
            for n, phone in enumerate(self.phones)
        ]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        for phone in self.phones:
            phone.stopped.set()
        for thread in self.threads:
            thread.join(60)

    def move(self, old: Server, new: Server) -> None:
        """As a proxy does it: the new one is asked from now on, the old one no more."""
        for phone in self.phones:
            phone.servers.append(new)
            phone.resting.append(old)

    @property
    def told(self) -> set[str]:
        return {number for phone in self.phones for number in phone.told}

    @property
    def refusals(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        for phone in self.phones:
            for status, said in phone.refusals.items():
                found.setdefault(status, set()).update(said)
        return found

    @property
    def unkind(self) -> int:
        return sum(phone.unkind for phone in self.phones)

    @property
    def unanswered(self) -> int:
        return sum(phone.unanswered for phone in self.phones)
