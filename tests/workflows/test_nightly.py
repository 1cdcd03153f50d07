"""The nightly proof runs once a night and tells what it found; the clock of the database is believed."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from mediation.deadlines.models import Deadline
from mediation.disputes.enums import Status as S
from tests.factories import at
from workflows import nightly, ticker
from workflows.models import NightlyProof

pytestmark = pytest.mark.django_db


def test_proof_runs_once_a_night_and_not_before_two(case_in):
    case_in(S.MEDIATING)

    ran = [
        nightly.prove(at(moment))
        for moment in (
            "2026-03-03 01:59",
            "2026-03-03 02:00",
            "2026-03-03 02:01",
            "2026-03-04 03:00",
        )
    ]

    assert ran == [0, 1, 0, 1]
    assert [proof.ok for proof in NightlyProof.objects.all()] == [True, True]


def test_interrupted_proof_is_run_by_somebody_else(case_in):
    began = at("2026-03-03 02:00")
    NightlyProof.objects.create(day=began.date(), began_at=began)

    assert [nightly.prove(began + timedelta(minutes=m)) for m in (30, 61)] == [0, 1]


def test_offenders_are_listed_by_selfcheck(case_in, capsys):
    """A clock under a rule that nobody knows, one given up, and one that should have fired long ago."""
    case = case_in(S.MEDIATING)
    clock = Deadline.objects.get(dispute=case)
    Deadline.objects.filter(pk=clock.pk).update(rule="R99")
    nightly.prove(at("2026-05-01 03:00"))

    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("selfcheck", "--json", stdout=out)

    report = json.loads(out.getvalue())
    told = {offender["detail"] for offender in report["offenders"] if offender["check"] == "rules"}
    assert "R99: no such rule" in told
    assert any("have not fired" in detail for detail in told)
    assert {"statuses", "rules", "nodes", "stuck"} <= report["checked"].keys()
    assert report["nightly"]["ok"] is False


@pytest.mark.parametrize(
    ("there", "believed"),
    [
        (None, 400),
        (timedelta(days=400, seconds=-4), 400),
        (timedelta(0), 0),
        (timedelta(days=800), 400),
    ],
    ids=["no clock of its own", "agrees", "this machine jumped ahead", "the other jumped ahead"],
)
def test_earlier_clock_is_believed(monkeypatch, there, believed):
    true = at("2026-03-03 09:00")
    answer = None if there is None else true + there
    monkeypatch.setattr(ticker, "db_clock", lambda: answer)

    assert ticker.believed(true + timedelta(days=400)) == true + timedelta(days=believed)
