"""``bench deadlines``: a backlog of clocks that ran out while nobody ticked, worked off by two tickers."""

import os
import subprocess
import sys
import time
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count

from mediation.core import clock
from mediation.core.clock import end_of
from mediation.core.db import write
from mediation.deadlines.models import Deadline
from mediation.disputes.models import Dispute, Event
from mediation.jobs.bench import command as setting
from workflows.engine import Command, execute

PER_CASE = 20
FIRST_DAY = date(2026, 3, 2)
TICKERS = 2


def run(*, deadlines: int) -> dict[str, Any]:
    """Seconds until all of them took effect, each once, and how many that is a second."""
    people = setting._people()
    cases = [_register(people["wang"], number) for number in range(-(-deadlines // PER_CASE))]
    _arm(cases, deadlines)
    started, cpu = time.perf_counter(), os.times()
    _tick_in_parallel()
    seconds = time.perf_counter() - started
    spent = os.times()
    fired = Event.objects.filter(command="fire_deadline")
    twice = fired.values("dispute_id", "payload__subject").annotate(n=Count("pk")).filter(n__gt=1)
    used = (spent.children_user - cpu.children_user) + (spent.children_system - cpu.children_system)
    return {
        "database": connection.vendor,
        "deadlines": deadlines,
        "tickers": TICKERS,
        "seconds": round(seconds, 2),
        "per_second": round(deadlines / seconds, 1),
        "cpu_ms_each": round(1000 * used / deadlines, 2),
        "per_cpu_second": round(deadlines / used, 1),
        "load_average": os.getloadavg()[0],
        "fired": fired.count(),
        "fired_twice": twice.count(),
        "still_due": _due().count(),
    }


def _register(actor: Any, number: int) -> int:
    data = {
        "category": "02", "facts": "楼上漏水泡坏楼下天花板，双方多次争吵未果", "grid": setting.GRID,
        "place": "汽车路12号", "source": "grid", "answers": setting.CALM,
        "parties": [{"name": "彭测安", "side": "respondent"}, {"name": "蔡测宁", "side": "applicant"}],
    }  # fmt: skip
    told = Command("register", data=data, key=f"d{number}")
    done = execute(told, actor, now=setting.datetime_of(FIRST_DAY))
    return Dispute.objects.only("pk").get(number=done.number).pk


def _arm(cases: list[int], count: int) -> None:
    """Clocks by hand, so that each can be told from the others; all long over."""
    rows = [
        Deadline(
            dispute_id=cases[number // PER_CASE],
            rule="OBLIGATION",
            subject=str(number % PER_CASE + 1),
            starts_on=FIRST_DAY,
            due_on=FIRST_DAY + timedelta(days=18),
            due_at=end_of(FIRST_DAY + timedelta(days=18)),
        )
        for number in range(count)
    ]
    with write():
        Deadline.objects.bulk_create(rows, batch_size=500)


def _due() -> Any:
    return Deadline.objects.filter(
        state=Deadline.State.ARMED, rule="OBLIGATION", due_at__lte=clock.now()
    )


def _tick_in_parallel() -> None:
    """Each ticker in a process of its own, until nothing is due."""
    environment = os.environ | {"DATABASE_URL": database_url(), "TICKER": "off"}
    tick = [sys.executable, "manage.py", "tick", "--once", "--only", "deadlines"]
    start = partial(
        subprocess.Popen, tick, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL
    )
    while _due().exists():
        for process in [start() for _ in range(TICKERS)]:
            process.wait()


def database_url() -> str:
    """The scratch database as another process finds it."""
    made = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{made['NAME']}"
    login = made["USER"] + (f":{made['PASSWORD']}" if made["PASSWORD"] else "")
    return f"postgres://{login}@{made['HOST']}:{made['PORT']}/{made['NAME']}"
