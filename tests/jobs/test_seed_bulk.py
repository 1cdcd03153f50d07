"""Printed cases are as sound as played ones, in the order of their days, under numbers of their own."""

import json
import re
from collections.abc import Iterator
from datetime import date
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count

from mediation.accounts.demo import SUBDISTRICT
from mediation.accounts.models import Person
from mediation.areas.models import Area, Level
from mediation.core.crypto import blind_indexes
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute, NumberSeries, Party
from mediation.jobs.seed import stage
from mediation.jobs.seed.bulk import country, plate, sink
from workflows import proofs, repair
from workflows.proofs import audit

TODAY = date(2026, 11, 23)
PRINTED = 480

# One district serves the whole module: keep it together on one worker.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def district(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Six hundred disputes of nine subdistricts; taken back at the end of the module."""
    out = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command(
            "seed_demo", "--scale", "district", "--today", str(TODAY), "--disputes", "600",
            "--force", "--json", stdout=out,
        )  # fmt: skip
        yield json.loads(out.getvalue())
        transaction.set_rollback(True)


@pytest.fixture
def in_district(district: dict[str, Any], db: None) -> dict[str, Any]:
    return district


def printed() -> Any:
    return Dispute.objects.exclude(area_code__startswith=SUBDISTRICT)


def test_a_district_has_nine_subdistricts_four_hundred_grids_and_their_staff(
    in_district: dict[str, Any],
) -> None:
    assert Area.objects.filter(level=Level.SUBDISTRICT).count() == 9
    assert Area.objects.filter(level=Level.GRID).count() == 400
    assert Person.objects.count() == 60 + 360 + 72 + 24


def test_printed_cases_keep_every_promise(in_district: dict[str, Any]) -> None:
    report = proofs.run(now=stage.opening(TODAY))

    assert (in_district["disputes"], in_district["printed"]) == (600, PRINTED)
    assert report.offenders == []
    assert report.checked["cases"] == 600


def test_printed_cases_need_no_repair_and_pass_the_audit(in_district: dict[str, Any]) -> None:
    assert repair.run(now=stage.opening(TODAY)) == []
    assert audit.verify(proofs.batches()).broken == 0


def test_printed_cases_grow_with_their_weeks(in_district: dict[str, Any]) -> None:
    days = list(printed().order_by("pk").values_list("registered_at", flat=True))

    assert (days[-1] - days[0]).days > 300
    assert all((one - other).days < 7 for one, other in pairwise(days))


def test_printed_cases_that_are_open_are_recent(in_district: dict[str, Any]) -> None:
    oldest = printed().exclude(status__in=["archived", "voided"]).order_by("registered_at")[0]

    assert (TODAY - oldest.registered_at.date()).days < 100


def test_printed_numbers_run_from_one_in_every_series(in_district: dict[str, Any]) -> None:
    found: dict[tuple[str, int], set[int]] = {}
    for number, code in printed().values_list("number", "area_code"):
        year, serial = re.findall(r"\d+", number)
        found.setdefault((code[:9], int(year)), set()).add(int(serial))
    series = {
        (row.organisation, row.year): row.latest
        for row in NumberSeries.objects.filter(kind="case").exclude(organisation=SUBDISTRICT)
    }

    assert {key: set(range(1, latest + 1)) for key, latest in series.items()} == found


def test_printed_people_can_be_read_and_found(in_district: dict[str, Any]) -> None:
    party = Party.objects.filter(dispute__in=printed(), kind="natural").exclude(id_index="")[0]

    assert party.id_number[:6] == "439999"
    assert party.id_index in blind_indexes(party.id_number, purpose="id_number")
    assert "测" in party.name


def test_printed_texts_differ(in_district: dict[str, Any]) -> None:
    often = printed().values("facts").annotate(n=Count("pk")).order_by("-n")[0]["n"]

    assert often < PRINTED / 10


def test_new_rows_after_the_printing_get_keys_of_their_own(in_district: dict[str, Any]) -> None:
    latest = Dispute.objects.order_by("-pk")[0].pk
    place = Area.objects.create(code="45", level=Level.PROVINCE, name="广西")

    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM disputes_dispute")
        assert cursor.fetchone() == (latest,)
    assert place.pk > 0


def test_every_table_of_a_case_is_printed() -> None:
    """A new table that belongs to a case must be printed too, or be named here."""
    aside = {
        "disputes_casegrant", "disputes_reveal", "notifications_notice", "documents_document",
        "documents_lending", "documents_look", "mediation_sessions_caucusnote",
        "mediation_sessions_declaration", "mediation_sessions_participant",
        "mediation_sessions_signature", "oversight_hold", "oversight_urgentaccess", "reports_stray",
        "reports_wait",
        "supervision_card",
        "supervision_instruction", "uploads_upload", "warning_cluster", "warning_countedcase",
    }  # fmt: skip
    tables = {model._meta.db_table for model in plate.COPIED}

    belonging = {
        relation.related_model._meta.db_table
        for relation in Dispute._meta.related_objects
        if relation.related_model is not Dispute
    }
    assert belonging - tables <= aside


def test_names_of_subdistricts_in_a_province_are_all_different() -> None:
    towns = [place for place in country.province() if len(place.code) == 9]

    assert len({place.name for place in towns}) == len(towns)
    assert len({place.short_name for place in towns}) == len(towns)
    assert sum(len(place.code) == 15 for place in country.province()) > 20_000


@pytest.mark.parametrize(
    ("text", "cell"),
    [("甲", "甲"), ("a\tb", "a\\tb"), ("a\nb", "a\\nb"), ("a\\b", "a\\\\b"), ("\r", "\\r")],
)
def test_copy_text_escapes_what_separates_cells(text: str, cell: str) -> None:
    assert sink.PostgresSink().text(text) == cell


def test_every_status_but_the_split_one_is_printed(in_district: dict[str, Any]) -> None:
    assert {Status(status) for status in printed().values_list("status", flat=True)} >= {
        Status.REGISTERED,
        Status.MEDIATING,
        Status.CLOSED,
        Status.ARCHIVED,
    }
