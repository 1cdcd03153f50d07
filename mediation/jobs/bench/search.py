"""``bench search``: one box over many cases, rare words and frequent ones, for readers near and far."""

import statistics
from datetime import timedelta
from time import perf_counter
from typing import Any

from django.db import connection
from django.test.utils import override_settings

from mediation.accounts.actor import Actor, load_actor
from mediation.accounts.models import Duty, Person, Role
from mediation.areas.models import Area
from mediation.core import clock
from mediation.disputes.models import Dispute, Party
from mediation.jobs.bench.lists import READER, SEED, _fill
from mediation.search import questions, selectors

RUNS = 7
SHOWN = 20


def run(*, cases: int) -> dict[str, Any]:
    """Milliseconds of one answer: permission, count up to 1,001 and the newest twenty, together."""
    with override_settings(DEMO=True):  # invented people have invented numbers
        _fill(cases)
        readers = {"district": _leader(), "centre": _actor(READER)}
        found = {
            who: {label: _ask(text, actor) for label, text in _questions().items()}
            for who, actor in readers.items()
        }
    few = [row["ms_p95"] for rows in found.values() for row in rows.values() if row["hits"] < 1000]
    every = [row["ms_p95"] for rows in found.values() for row in rows.values()]
    return {
        "database": connection.vendor,
        "cases": Dispute.objects.count(),
        "worst_ms_under_1000_hits": max(few, default=0.0),
        "worst_ms": max(every),
        "bars_ms": {"under_1000_hits": 150, "any": 300},
        "by_reader": found,
    }


def _actor(username: str) -> Actor:
    return load_actor(Person.objects.get(username=username), today=clock.today())


def _leader() -> Actor:
    """Somebody who sees the whole district and reads its names."""
    person, made = Person.objects.get_or_create(username="bench", defaults={"name": "测量"})
    if made:
        day = clock.today() - timedelta(days=1)
        area = Area.objects.get(code=READER[1:7])
        Duty.objects.create(
            person=person, role=Role.CENTRE_STAFF, area=area, since=day, cleared=True
        )
    return load_actor(person, today=clock.today())


def _questions() -> dict[str, str]:
    party = Party.objects.exclude(plain_name="").exclude(id_sealed=b"").order_by("pk")[SEED]
    case = Dispute.objects.order_by("-pk")[SEED]
    return {
        "absent": "不存在词语甲",
        "two_characters": "漏水",
        "three_characters": "楼道里",
        "frequent": "双方",
        "single_character": "楼",
        "name": party.plain_name,
        "name_and_word": f"{party.plain_name} 协商",
        "id_number": party.id_number,
        "number": case.number,
        "code": case.code,
        "serial": "12",
        "place": case.place,
    }


def _ask(text: str, actor: Actor) -> dict[str, Any]:
    spent = []
    for _ in range(RUNS):
        begun = perf_counter()
        asked = questions.understand(text)
        cases = selectors.found(asked, actor, now=clock.now())
        hits = selectors.capped_count(cases)
        list(selectors.newest(cases, hits=hits).values("pk", "number", "facts")[: SHOWN + 1])
        spent.append((perf_counter() - begun) * 1000)
    spent.sort()
    return {
        "hits": hits,
        "ms_median": round(statistics.median(spent), 1),
        "ms_p95": round(spent[-1], 1),
    }
