"""What the operator's machines ask: /livez, /readyz, /metrics."""

import os
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from mediation.core import vitals
from mediation.core.vitals import Health
from mediation.web import figures
from mediation.web.views import health
from workflows import ticker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    """Nothing is remembered from one test to the next."""
    health._Memory.at, health._Memory.tables_fit = float("-inf"), False
    yield
    health._Memory.at, health._Memory.tables_fit = float("-inf"), False


def test_live_process_says_so_without_asking_the_database(
    client: Client, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        response = client.get("/livez")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_process_names_its_parts_and_leaves_no_trace(
    client: Client, snapshot_counts: Callable[[], dict[str, int]]
) -> None:
    before = snapshot_counts()

    response = client.get("/readyz")

    named = ("database", "migrations", "ticker", "bus", "disk", "seals")
    parts = dict.fromkeys(named, "ok")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "checks": parts})
    assert snapshot_counts() == before


@pytest.mark.parametrize(("age", "status"), [(None, 503), (59, 200), (61, 503)])
def test_process_whose_ticker_is_silent_is_not_ready(
    client: Client, settings: object, age: float | None, status: int
) -> None:
    settings.TICKER = True  # type: ignore[attr-defined]
    ticker._heart().unlink(missing_ok=True)
    if age is not None:
        ticker.beat()
        os.utime(ticker._heart(), (time.time() - age, time.time() - age))

    assert client.get("/readyz").status_code == status


def test_process_newer_than_its_tables_is_not_ready(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("workflows", "0001_initial")

    response = client.get("/readyz")

    assert (response.status_code, response.json()["checks"]["migrations"]) == (503, "failed")


def test_lame_part_degrades_and_dead_part_fails(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vitals._probes, "bus", lambda: Health.DEGRADED)

    response = client.get("/readyz")

    assert (response.status_code, response.json()["status"]) == (200, "degraded")


def test_answer_is_kept_for_a_moment(
    client: Client, django_assert_num_queries: Callable[..., object]
) -> None:
    client.get("/readyz")

    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        client.get("/readyz")


def test_figures_are_in_the_text_format(client: Client) -> None:
    response = client.get("/metrics")

    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "# TYPE fengqiao_ws_connected gauge" in lines
    assert "fengqiao_deadline_lateness_seconds 0.0" in lines
    assert all(line.startswith(("# ", "fengqiao_")) for line in lines)


@pytest.mark.parametrize(
    "from_elsewhere",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_FORWARDED": "for=192.0.2.7"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_figures_are_for_this_machine_only(client: Client, from_elsewhere: dict[str, str]) -> None:
    assert client.get("/metrics", **from_elsewhere).status_code == 404


def test_labels_are_written_safely() -> None:
    counted = vitals.Counter()
    counted.add(code='4"4\n')
    counted.add(2, code="ok")

    assert counted.samples() == [((("code", '4"4\n'),), 1), ((("code", "ok"),), 2)]
    assert vitals._written((("code", '4"4\n'),)) == '{code="4\\"4\\n"}'


@pytest.mark.parametrize(("free", "said"), [(2**31, "ok"), (2**29, "degraded"), (2**26, "failed")])
def test_disk_that_is_filling_up_shows(
    client: Client, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    usage = SimpleNamespace(free=free)
    monkeypatch.setattr(figures.shutil, "disk_usage", lambda _path: usage)

    assert client.get("/readyz").json()["checks"]["disk"] == said
