"""Somebody at a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories import Cast

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _fresh_counters() -> None:
    """The counters of tries live in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def sign_in(cast: Cast) -> SignIn:
    """``sign_in("wang")``: the browser of that person."""

    def browser(name: str) -> Client:
        client = Client()
        client.force_login(cast.person(name))
        return client

    return browser


@pytest.fixture
def filled() -> dict[str, Any]:
    """The registration page as a grid worker sends it."""
    return {
        "client_id": "6f1f7a3e-9a5a-4c39-8d58-4a7f3c1b2d01",
        "category": "02",
        "facts": "楼上厨房漏水，泡坏楼下天花板，双方多次争吵未果。",
        "title": "",
        "parties-TOTAL_FORMS": "2",
        "parties-0-side": "applicant",
        "parties-0-name": "蔡测宁",
        "parties-0-phone": "13900000001",
        "parties-1-side": "respondent",
        "parties-1-name": "",
        "grid": "430902006901003",
        "place": "汽车路12号",
        "people_count": "2",
        "source": "grid",
        "answers-injury": "no",
        "answers-conduct": "calm",
    }
