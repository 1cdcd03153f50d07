"""Who saw what since when, as an incident report needs it within hours."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from mediation.core.spreadsheet import inert
from mediation.disputes.models import Reveal
from mediation.oversight.models import Look
from tests.factories import at, register

WHEN = at("2026-03-02 12:00")


def told(*args: str) -> list[dict[str, str]]:
    out = StringIO()
    call_command("who_saw", *args, stdout=out)
    return list(csv.DictReader(StringIO(out.getvalue())))


@pytest.fixture
def seen(cast):
    case = register(cast.wang)
    party = case.parties.first()
    Reveal.objects.create(
        dispute=case, party=party, field="phone", person=cast.person("zhong"),
        reason="=HYPERLINK(1)", at=WHEN,
    )  # fmt: skip
    Look.objects.create(dispute=case, person=cast.person("ling"), at=at("2026-03-02 13:00"))
    return case


def test_sightings_come_in_order_with_who_what_and_why(seen):
    lines = told("--since", "2026-03-01", "--until", "2026-03-03", "--case", seen.number)

    assert [(line["username"], line["kind"], line["detail"]) for line in lines] == [
        ("wang", "act", "register"),
        ("zhong", "reveal", "phone"),
        ("ling", "look", ""),
    ]
    assert lines[1]["reason"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("narrowed", "kinds"),
    [
        (("--person", "ling"), ["look"]),
        (("--since", "2026-03-02T12:30"), ["look"]),
        (("--until", "2026-03-02T12:00"), ["act"]),
        (("--case", "无"), []),
    ],
)
def test_sightings_are_narrowed_by_person_case_and_time(seen, narrowed, kinds):
    given = dict([("--since", "2026-03-01"), ("--until", "2026-03-03"), narrowed])

    lines = told(*(part for pair in given.items() for part in pair))

    assert [line["kind"] for line in lines if line["kind"] != "access"] == kinds


@pytest.mark.parametrize("typed", ["yesterday", "2026-02-30", ""])
def test_sightings_since_no_day_are_refused(db, typed):
    with pytest.raises(CommandError):
        told("--since", typed)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"), ("＝1+1", "'＝1+1"), (" =1", "' =1"), ("\t=1", "'\t=1"), ("-5", "-5"),
        ("+86.5", "+86.5"), ("李测和", "李测和"), ("", ""), ("\ufeff=1", "'\ufeff=1"), ("-٣", "'-٣"),
    ],
)  # fmt: skip
def test_cell_that_would_calculate_becomes_text(value, cell):
    assert inert(value) == cell
