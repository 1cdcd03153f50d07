"""Every measurement runs to its end on a small scale and says what it promises to say."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command

from mediation.disputes.models import Dispute, Event
from mediation.jobs.bench import command, fanout, lists, reads, storm

pytestmark = pytest.mark.slow

PAGES = ("my_work", "case_list", "case_list_deep", "case_list_filtered", "case_page")


@pytest.mark.django_db
def test_command_bench_compares_story_a_with_engine_and_sql() -> None:
    report = command.run(cases=1)

    assert report["ours"]["runs"] == 17
    assert report["statements_median"] <= 20
    assert report["cpu_ratio_to_viewflow"] > 0
    assert report["cpu_ratio_to_sql"] > 0


def test_fanout_bench_reaches_everybody_who_is_told(transactional_db: None) -> None:
    report = fanout.run(sockets=20)

    assert (report["sockets"], report["told"]) == (20, 10)
    assert _not_positive(report, "connects_per_s", "one_p50_ms", "thousand_ms") == []
    assert report["one_p50_ms"] <= report["one_p99_ms"]
    assert report["ratio_to_raw"] == pytest.approx(
        report["thousand_ms"] / report["raw_thousand_ms"], abs=0.01
    )


def test_storm_bench_loses_nothing_and_tells_nobody_twice(transactional_db: None) -> None:
    report = storm.run(alerts=50, leaders=10, patience=0)

    assert (report["alerts"], report["stalled"]) == (50, 2)
    assert report["notices_per_leader"] == [50, 50]
    assert (report["notices_expected"], report["notices_received"]) == (400, 400)
    assert (report["lost"], report["twice"], report["leaders_out_of_order"]) == (0, 0, 0)
    assert report["awake_still_connected"] == 8
    assert (report["busy"], report["registrations_refused"]) == (0, 0)
    assert _not_positive(report, "registrations", "notice_p50_ms", "server_peak_mb") == []


@pytest.mark.django_db
def test_benches_of_lists_and_reads_say_what_a_filled_district_costs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One filling serves both, printed from a small town: playing it is what takes the time."""
    monkeypatch.setattr(lists, "PLAYED", 40)
    _lists_open_every_page_at_every_size(lists.run(sizes=[300, 150]))
    before = [table.objects.count() for table in (Event, Dispute, Session)]

    _reads_get_the_same_answer_by_hand(reads.run(runs=1))
    _lists_of_the_present_database_open_every_page(lists.run(sizes=[], present=True))

    assert [table.objects.count() for table in (Event, Dispute, Session)] == before


def _lists_open_every_page_at_every_size(report: dict[str, Any]) -> None:
    assert report["sizes"] == [150, 300]
    assert [set(report[page]) for page in PAGES] == [
        {"statements", "cpu_ms", "growth", "cpu_ms_by_size"}
    ] * len(PAGES)
    assert [page for page in PAGES if report[page]["statements"] > 20] == []


def _lists_of_the_present_database_open_every_page(report: dict[str, Any]) -> None:
    assert (report["sizes"], set(PAGES) <= set(report)) == ([300], True)


def _reads_get_the_same_answer_by_hand(report: dict[str, Any]) -> None:
    assert report["differing"] == []
    assert {name.split(".")[0] for name in report["reads"]} == {
        "my_work", "cases", "search", "cockpit", "drill_down",
    }  # fmt: skip
    assert sum(name.startswith("cockpit.") for name in report["reads"]) == 6
    assert _not_positive(report, "worst_ratio", "worst_p95_ms") == []


@pytest.mark.django_db
def test_reads_bench_refuses_an_empty_database() -> None:
    with pytest.raises(CommandError):
        reads.run(runs=1)


def test_unknown_bench_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("bench", "everything")


def _not_positive(report: dict[str, Any], *names: str) -> list[str]:
    return [name for name in names if report[name] <= 0]
