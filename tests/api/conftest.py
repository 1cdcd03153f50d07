"""Callers with keys, at a fixed hour of the day on which the cases were made."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

from mediation.accounts import keys
from tests.factories import Cast, at

NOW = at("2026-03-02 11:00")
ROOT = "/api/v1/"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass(frozen=True)
class Caller:
    """A program that acts as one person."""

    client: Client
    key: str

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(ROOT + path, query, headers=self._headers({}))

    def post(self, path: str, body: Any = None, /, **headers: str) -> Any:
        """``body``: an object to send as JSON, or text to send as it is."""
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        kind = headers.pop("content_type", "application/json")
        sent = self._headers(headers)
        return self.client.post(ROOT + path, text, content_type=kind, headers=sent)

    def act(self, case: str, name: str, /, *, key: str = "", **body: Any) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.post(f"disputes/{quote(case)}/actions/{name}", body, **headers)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Accept-Language": "en"} | more


@pytest.fixture
def caller(cast: Cast) -> Callable[[str], Caller]:
    """``caller("wang")``: a program with a fresh key of the grid worker."""

    def make(name: str) -> Caller:
        return Caller(Client(), keys.issue(cast.person(name), now=NOW))

    return make
