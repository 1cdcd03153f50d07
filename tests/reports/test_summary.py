"""The summaries say what the cases say, at every moment and level; a wrong one is found and mended."""

import json

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.reports import summary
from mediation.reports.models import FigureDelta, FlowCell, StockCell
from tests.factories import CaseMaker, Cast, at, give, register
from tests.factories.cases import DEADLY
from tests.factories.people import GRID, LAST_GRID, SUBDISTRICT
from workflows import ticker

pytestmark = pytest.mark.django_db

LATER = at("2026-03-05 09:00")


@pytest.fixture
def town(cast: Cast, case_in: CaseMaker) -> None:
    """Cases in every state, in two communities, one of them sensitive and one reopened."""
    for status in Status:
        case_in(status)
    case_in(answers=DEADLY)
    register(cast.zhong, grid=LAST_GRID, category="10")
    case = case_in(Status.CLOSED)
    give(
        cast.si,
        "ask_second_person",
        case,
        LATER,
        step="reopen",
        reason="当事人又起争执，要求继续调解。",
    )
    give(cast.ling, "grant_second_person", case, LATER, step="reopen")
    give(cast.si, "reopen", case, LATER, ground="rebound", reason="当事人又起争执。")


def months() -> dict[str, dict[str, int]]:
    """The month as each area counts it, its categories together."""
    found: dict[str, dict[str, int]] = {}
    for cell in FlowCell.objects.filter(grain="m"):
        sums = found.setdefault(cell.area_code, dict.fromkeys(("registered", "ended", "closed"), 0))
        for name in sums:
            sums[name] += getattr(cell, name)
    return found


@pytest.mark.usefixtures("town")
def test_summaries_are_exact_before_and_after_adding_up() -> None:
    noted = FigureDelta.objects.count()
    before = summary.differences()[1]

    added = summary.fold()

    assert (before, summary.differences()[1], FigureDelta.objects.count()) == ([], [], 0)
    assert added == noted > len(Status)
    found = months()
    assert set(found) == {"43", "4309", "430902", SUBDISTRICT, GRID[:12], LAST_GRID[:12]}
    assert found["43"] == found["4309"] == found["430902"] == found[SUBDISTRICT]
    assert found[SUBDISTRICT]["registered"] == Dispute.objects.count()
    assert found[SUBDISTRICT]["ended"] == Dispute.objects.filter(closed_at__isnull=False).count()
    _building_anew_gives_the_same()
    _a_wrong_sum_is_found()


def _building_anew_gives_the_same() -> None:
    added = [set(FlowCell.objects.values_list()), set(StockCell.objects.values_list())]

    summary.rebuild()

    filled = [{row for row in rows if any(row[5:])} for rows in added]
    assert set(FlowCell.objects.values_list()) == filled[0]
    assert set(StockCell.objects.values_list()) == filled[1]


def _a_wrong_sum_is_found() -> None:
    for damage in (
        "UPDATE reports_flowcell SET registered = registered + 1 WHERE area_code = '43' AND grain = 'm'",
        "UPDATE reports_flowcell SET settled = 0 WHERE grain = 'd'",
        "DELETE FROM reports_stockcell WHERE area_code = '430902006901'",
        "UPDATE reports_stockcell SET held = held - 1 WHERE length(area_code) = 4",
    ):
        with connection.cursor() as cursor:
            cursor.execute(damage)
        assert summary.differences()[1], damage
        summary.rebuild()
        assert summary.differences()[1] == []


@pytest.mark.django_db(transaction=True)
def test_sums_are_built_anew_in_a_transaction_of_their_own(case_in: CaseMaker) -> None:
    """As ``reconcile`` and the bulk seed do: there PostgreSQL has to be asked for one moment to read."""
    case_in(Status.CLOSED)
    summary.fold()
    FlowCell.objects.all().delete()

    summary.rebuild()

    assert summary.differences()[1] == []
    assert FlowCell.objects.exists()


@time_machine.travel(LATER, tick=False)
def test_commands_find_and_mend_a_lost_change(
    cast: Cast, case_in: CaseMaker, capsys: pytest.CaptureFixture[str]
) -> None:
    case = case_in(Status.ACCEPTED)
    summary.fold()
    give(cast.bao, "comment", case, LATER, remark="请尽快办理。")
    assert FigureDelta.objects.count() == 0  # no figure counts it
    case_in.go(case, Status.MEDIATING)
    FigureDelta.objects.filter(weight=-1).delete()

    with pytest.raises(SystemExit):
        call_command("selfcheck", json=True)
    found = json.loads(capsys.readouterr().out)
    call_command("reconcile", json=True)
    mended = json.loads(capsys.readouterr().out)["mended"]
    call_command("selfcheck", json=True)

    assert set(found["broken"]) == {"summaries"}
    assert mended
    assert all("summary" in one["what"] for one in mended)
    assert json.loads(capsys.readouterr().out)["ok"]


def test_ticker_adds_up_and_an_older_database_is_counted_once(case_in: CaseMaker) -> None:
    case_in(Status.CLOSED)

    done = ticker.tick(LATER)

    assert (done["summaries"] > 0, FigureDelta.objects.count()) == (True, 0)
    FlowCell.objects.all().delete()
    StockCell.objects.all().delete()
    summary.set_up()
    summary.set_up()
    assert summary.differences()[1] == []
