"""The command around the demonstration: where it may run, what it refuses, that it repeats itself."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from mediation.core import vault
from mediation.disputes.models import Dispute, Event, Party
from mediation.jobs.seed import stage, wipe
from workflows import proofs

TODAY = date(2026, 11, 23)
THIRTY = ("--today", "2026-11-23", "--disputes", "32", "--force")


def seed(*args: str) -> dict[str, Any]:
    out = StringIO()
    call_command("seed_demo", "--json", *(args or THIRTY), stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def as_told() -> list[Any]:
    """Everything a visitor can read, without what is drawn at random: codes, keys and hashes."""
    cases = Dispute.objects.order_by("pk").values_list(
        "number", "status", "title", "facts", "place", "amount", "colour", "registered_at",
        "updated_at", "due_at", "area_code", "result", "file_number", "version",
    )  # fmt: skip
    parties = [
        (party.ordinal, party.name, party.id_number, party.phone, party.address)
        for party in Party.objects.order_by("pk")
    ]
    events = Event.objects.order_by("pk").values_list("command", "actor_name", "at", "to_status")
    return [*cases, *parties, *events]


def test_the_same_seed_and_day_tell_the_same_town(db: None) -> None:
    with transaction.atomic():
        seed(*THIRTY, "--seed", "3")
        first = as_told()
        transaction.set_rollback(True)
    seed(*THIRTY, "--seed", "3")

    assert as_told() == first


def test_another_seed_tells_another_town(db: None) -> None:
    with transaction.atomic():
        seed(*THIRTY, "--seed", "3")
        first = as_told()
        transaction.set_rollback(True)
    seed(*THIRTY, "--seed", "4")

    assert as_told() != first


def test_seed_outside_a_demonstration_is_refused(
    db: None, snapshot_counts: Callable[[], dict[str, int]]
) -> None:
    before = snapshot_counts()

    with pytest.raises(CommandError, match="DEMO=1"):
        seed("--disputes", "32")

    assert snapshot_counts() == before


def test_seed_beside_real_cases_is_refused(
    case_in: Any, snapshot_counts: Callable[[], dict[str, int]]
) -> None:
    case_in()
    before = snapshot_counts()

    with pytest.raises(CommandError, match="disputes here already"):
        seed()

    assert snapshot_counts() == before


def test_wipe_of_a_demonstration_leaves_nothing_and_keeps_the_triggers(
    db: None, settings: Any
) -> None:
    settings.DEMO = True
    seed()

    answer = seed("--wipe", *THIRTY, "--seed", "5")

    assert (answer["seeded"], answer["disputes"]) == (True, 32)
    assert proofs.run(now=stage.opening(TODAY)).offenders == []


def test_wipe_takes_the_files_along(
    db: None, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.DATA_DIR = tmp_path
    name = vault.put(b"invented")

    with django_capture_on_commit_callbacks(execute=True):
        wipe.wipe()

    assert not vault.path_of(name).exists()


def test_wipe_beside_a_real_case_deletes_nothing(
    case_in: Any, settings: Any, snapshot_counts: Callable[[], dict[str, int]]
) -> None:
    settings.DEMO = True
    case = case_in()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE disputes_dispute SET area_code = '430902006001003' WHERE id = %s", [case.pk]
        )
    before = snapshot_counts()

    with pytest.raises(CommandError, match="real communities"):
        seed("--wipe")

    assert snapshot_counts() == before


def test_wipe_outside_a_demonstration_is_refused_even_by_force(
    case_in: Any, snapshot_counts: Callable[[], dict[str, int]]
) -> None:
    case_in()
    before = snapshot_counts()

    with pytest.raises(CommandError, match="Only a demonstration"):
        seed("--wipe", "--force")

    assert snapshot_counts() == before
