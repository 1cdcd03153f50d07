"""``bench lists``: the pages that everybody opens, over ever more cases. Their cost must not follow.

``--present`` opens them once, in the database that is there and as the staff of its busiest small area; what
that writes (a session, a look at a case) is undone.
"""

import statistics
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings

from mediation.accounts.actor import load_actor
from mediation.accounts.models import Person
from mediation.core import clock
from mediation.core.db import write
from mediation.disputes import policy
from mediation.disputes.models import Dispute
from mediation.jobs.bench.meter import StatementCounter, measure_all
from mediation.jobs.bench.reads import readers
from mediation.jobs.seed import stage
from mediation.jobs.seed.bulk import country, press, sink

READER = f"c{country.NEIGHBOURS[0][0]}"
"""The staff of one mediation centre: every ninth case of the district is theirs."""
SEED = 7
PLAYED, WEEKS = 120, 52
RUNS = 25


def run(*, sizes: Sequence[int], present: bool = False) -> dict[str, Any]:
    """Fill the district up to each size in turn, and open the same pages every time."""
    if present:
        return _of_present()
    found: list[dict[str, tuple[int, float]]] = []
    with override_settings(DEMO=True):  # invented people have invented numbers
        for size in sorted(sizes):
            _fill(size)
            reader = Person.objects.get(username=READER)
            found.append(_open_pages(reader))
    return _told(sorted(sizes), reader, found)


def _of_present() -> dict[str, Any]:
    with transaction.atomic():
        *_wider, (_name, busiest, _area) = readers(clock.now())
        reader = Person.objects.get(pk=busiest.person_id or 0)
        told = _told([Dispute.objects.count()], reader, [_open_pages(reader)])
        transaction.set_rollback(True)
    return told


def _told(
    sizes: Sequence[int], reader: Person, found: Sequence[dict[str, tuple[int, float]]]
) -> dict[str, Any]:
    return {
        "database": connection.vendor,
        "sizes": sizes,
        "reader_sees": _visible(reader).count(),
        **{page: _report([at_size[page] for at_size in found]) for page in found[0]},
    }


def _report(measured: Sequence[tuple[int, float]]) -> dict[str, Any]:
    """``growth``: the cost over the most cases as a multiple of that over the fewest."""
    costs = [cost for _, cost in measured]
    return {
        "statements": max(statements for statements, _ in measured),
        "cpu_ms": round(costs[-1], 2),
        "growth": round(costs[-1] / costs[0], 2),
        "cpu_ms_by_size": [round(cost, 2) for cost in costs],
    }


def _fill(size: int) -> None:
    """Print what is missing; the town that is printed from is played once."""
    today = clock.local_day(clock.now() - timedelta(hours=9))
    sink.take_time()
    if not Dispute.objects.exists():
        stage.play_small(seed=SEED, today=today, disputes=min(PLAYED, size), progress=_silent)
        with write():
            country.plant(country.district())
            country.hire(today=today)
    present = Dispute.objects.count()
    # Another seed each time: no two prints may carry the same identifier.
    press.fill(
        press.Size(max(size - present, 0), WEEKS, thin=False),
        seed=SEED + present,
        today=today,
        progress=_silent,
    )


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


def _visible(reader: Person) -> Any:
    actor = load_actor(reader, today=clock.today())
    return policy.visible_to(actor, now=clock.now()).order_by("pk")


def _open_pages(reader: Person) -> dict[str, tuple[int, float]]:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(reader)
    return {page: _open(client, address) for page, address in _addresses(reader).items()}


def _addresses(reader: Person) -> dict[str, str]:
    """The deep page starts four fifths down the list; the case is the reader's first with a long story."""
    visible = _visible(reader)
    count = visible.count()
    deep = visible.values_list("pk", flat=True)[count // 5]
    case = visible.filter(version__gte=10).first() or visible.first()
    return {
        "my_work": "/work/",
        "case_list": "/disputes/",
        "case_list_deep": f"/disputes/?before={deep}",
        "case_list_filtered": "/disputes/?category=02&category=03&open=1",
        "case_page": f"/disputes/{case.code}/",
    }


def _open(client: Client, address: str) -> tuple[int, float]:
    """Statements of one request, and the median of its processor time."""
    for _ in range(3):
        _get(client, address)  # warm: templates, prepared statements, pages of the database
    counter = StatementCounter()
    with connection.execute_wrapper(counter):
        _get(client, address)
    return counter.count, statistics.median(
        measure_all([partial(_get, client, address)] * RUNS).cpu_ms
    )


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}.")
