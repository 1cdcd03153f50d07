"""A new key takes over: everything can be read before, between and after, and found."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mediation.core.crypto import is_current
from mediation.disputes.models import Party
from mediation.jobs.management.commands import rotate_keys
from tests.factories import Cast, register
from tests.factories.cases import CHILD, DOWNSTAIRS, UPSTAIRS

NEW = "n" * 40


@pytest.fixture
def parties(cast: Cast) -> list[dict[str, str]]:
    register(cast.wang, parties=[UPSTAIRS, DOWNSTAIRS, CHILD])
    register(cast.wang)
    return plain()


def plain() -> list[dict[str, str]]:
    return [
        {name: getattr(party, name) for name in ("name", "id_number", "phone", "address")}
        for party in Party.objects.order_by("pk")
    ]


def rotate(**options: Any) -> dict[str, int]:
    out = StringIO()
    call_command("rotate_keys", json=True, stdout=out, **options)
    said: dict[str, int] = json.loads(out.getvalue())["resealed"]
    return said


def columns() -> list[bytes]:
    rows = Party.objects.values_list("id_sealed", "phone_sealed", "address_sealed", "name_sealed")
    return [bytes(cell) for row in rows for cell in row]


def test_rotation_changes_every_seal_and_no_text(
    parties: list[dict[str, str]], settings: Any
) -> None:
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = f"1:{old},2:{NEW}"
    between = plain()

    done = rotate()

    assert between == parties
    assert done["disputes.Party"] == Party.objects.count()
    assert all(is_current(cell) for cell in columns())
    settings.FIELD_KEYS = f"2:{NEW}"  # the old key can go
    assert plain() == parties
    party = Party.objects.order_by("pk")[0]
    assert Party.objects.filter(id_index__in=Party.id_number.indexes_of(party.id_number)).exists()
    assert rotate()["disputes.Party"] == 0


def test_resident_finds_his_case_after_the_rotation(cast: Cast, settings: Any, client: Any) -> None:
    case = register(cast.wang, parties=[UPSTAIRS | {"phone": "13900000001"}, DOWNSTAIRS])
    settings.FIELD_KEYS = f"1:{settings.FIELD_KEYS},2:{NEW}"
    rotate()
    settings.FIELD_KEYS = f"2:{NEW}"

    answer = client.post("/p/follow/", {"code": case.code, "tail": "0001"})

    assert answer.status_code == 302


def test_interrupted_rotation_goes_on_where_it_was(
    parties: list[dict[str, str]], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FIELD_KEYS = f"1:{settings.FIELD_KEYS},2:{NEW}"
    monkeypatch.setattr(rotate_keys, "BATCH", 2)
    done = []

    def stop_after_two(row: Party, fields: Any) -> None:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(row.pk)
        reseal(row, fields)

    reseal = rotate_keys._reseal
    monkeypatch.setattr(rotate_keys, "_reseal", stop_after_two)
    with pytest.raises(KeyboardInterrupt):
        rotate()
    monkeypatch.setattr(rotate_keys, "_reseal", reseal)

    assert plain() == parties
    assert rotate()["disputes.Party"] == Party.objects.count() - 2


def test_rotation_without_the_old_key_stops_and_names_the_row(
    parties: list[dict[str, str]], settings: Any
) -> None:
    settings.FIELD_KEYS = f"2:{NEW}"

    with pytest.raises(CommandError, match="needs key 1"):
        rotate()


def test_dry_rotation_only_counts(parties: list[dict[str, str]], settings: Any) -> None:
    settings.FIELD_KEYS = f"1:{settings.FIELD_KEYS},2:{NEW}"
    before = columns()

    assert rotate(dry_run=True)["disputes.Party"] == Party.objects.count()
    assert columns() == before
