"""What was saved comes back the same; what was damaged does not come back at all (P10)."""

import json
import random
import threading
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from mediation.core import clock
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute, Party
from mediation.jobs import schema
from mediation.jobs.backup import database, make
from mediation.jobs.backup.archive import Damaged, KeyMissing, Reader, Writer
from tests.factories import CaseMaker, Cast
from tests.factories.cases import application
from workflows import seals
from workflows.engine import Command, execute

KEYS = {1: "a" * 40, 2: "b" * 40}


@pytest.fixture(autouse=True)
def _own_house(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.SEAL_DIR = settings.DATA_DIR / "seals"
    settings.SEAL_DIR.mkdir(parents=True)


def run(name: str, *args: Any, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command(name, *map(str, args), json=True, stdout=out, **options)
    said: dict[str, Any] = json.loads(out.getvalue())
    return said


# The sealed stream ---------------------------------------------------------------------------------


def sealed(data: bytes, keys: dict[int, str] = KEYS) -> bytes:
    file = BytesIO()
    writer = Writer(file, keys=keys, about={"house": "h"})
    for start in range(0, len(data), 300_000):
        writer.write(data[start : start + 300_000])
    writer.close()
    return file.getvalue()


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 1024 * 1024 + 1, 2_500_000])
def test_stream_reads_back_as_it_was_written(size: int) -> None:
    data = random.Random(size).randbytes(size)

    reader = Reader(BytesIO(sealed(data)), keys=KEYS)

    assert reader.read() == data
    assert reader.about["house"] == "h"


def test_stream_shows_nothing_of_what_is_in_it() -> None:
    assert b"439999199001010014" not in sealed(b"439999199001010014" * 1000)


def test_stream_with_any_flipped_bit_or_cut_is_refused() -> None:
    whole = sealed(random.Random(7).randbytes(1_100_000))
    chance = random.Random(7)
    spots = [chance.randrange(len(whole)) for _ in range(60)] + list(range(0, 120, 3))

    for spot in spots:
        flipped = bytearray(whole)
        flipped[spot] ^= 1 << chance.randrange(8)
        for broken in (bytes(flipped), whole[:spot]):
            with pytest.raises((Damaged, KeyMissing)):
                Reader(BytesIO(broken), keys=KEYS).read()


def test_stream_with_pieces_left_out_or_appended_is_refused() -> None:
    whole = sealed(b"x" * 2_500_000)
    head = whole.index(b"\n", 20) + 1
    piece = 4 + 1024 * 1024 + 16
    without_first = whole[:head] + whole[head + piece :]

    for broken in (without_first, whole + b"x", whole + whole[head:]):
        with pytest.raises(Damaged):
            Reader(BytesIO(broken), keys=KEYS).read()


def test_stream_sealed_with_a_key_that_is_gone_says_which() -> None:
    with pytest.raises(KeyMissing, match="2"):
        Reader(BytesIO(sealed(b"x")), keys={1: KEYS[1]})


# The house -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_house_comes_back_as_it_was_with_files_and_seals(
    cast: Cast, settings: Any, snapshot_rows: Callable[[], dict[str, list[Any]]], tmp_path: Path
) -> None:
    case_in = CaseMaker(cast)
    case = case_in(S.ASSESSED)
    seals.seal(clock.now())
    upload = settings.DATA_DIR / "papers" / "ab" / "one.pdf"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"%PDF-1.7 synthetic")
    (settings.DATA_DIR / "field_keys.txt").write_text("never in a backup")
    before = snapshot_rows()
    made = run("backup", tmp_path / "house.fqbackup")

    with pytest.raises(CommandError, match="--force"):
        call_command("restore", made["file"])
    case_in(S.REGISTERED)
    seals.seal(clock.now() + seals.EVERY * 2)
    upload.unlink()
    said = run("restore", made["file"], force=True)

    assert snapshot_rows() == before
    assert upload.read_bytes() == b"%PDF-1.7 synthetic"
    assert "files/field_keys.txt" not in made["members"]
    assert made["counts"]["disputes_dispute"] == 1
    assert (said["ok"], said["cases"]) == (True, 1)
    assert Party.objects.filter(dispute=case)[0].id_number
    assert "restored from the backup" in seals.stored(seals.file())[-1]["reason"]
    assert not list(make.directory().glob(".*"))


@pytest.mark.django_db(transaction=True)
def test_backup_of_a_newer_version_is_refused_and_leaves_the_house_as_it_is(
    case_in: CaseMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_in(S.REGISTERED)
    with monkeypatch.context() as later:
        later.setattr(make, "_migrations", lambda: ["disputes.9001_of_next_year"])
        made = run("backup", tmp_path / "newer.fqbackup")
    kept = Dispute.objects.count()
    case_in(S.REGISTERED)

    with pytest.raises(CommandError, match="newer version"):
        run("restore", made["file"], force=True)

    assert Dispute.objects.count() == kept + 1


@pytest.mark.django_db(transaction=True)
def test_backup_beside_writers_holds_one_whole_state(cast: Cast, tmp_path: Path) -> None:
    """Cases go on being registered; the copy holds no half of one."""
    stop = threading.Event()
    actor = cast.wang

    def write_on() -> None:
        while not stop.is_set():
            execute(Command("register", data=application()), actor, now=clock.now())
        connections.close_all()

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        made = [make.make(tmp_path / f"{n}.fqbackup", now=clock.now())[1].counts for n in range(3)]
    finally:
        stop.set()
        writer.join()

    for counts in made:
        whole = {
            counts[f"{table}"]
            for table in ("disputes_dispute", "disputes_event", "workflows_workitem")
        }
        assert len(whole) == 1
    assert Dispute.objects.count() >= made[-1]["disputes_dispute"]


@pytest.mark.django_db
def test_backup_that_finds_no_room_says_so_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(_to: Path) -> dict[str, int]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(database, "dump", full)

    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", tmp_path / "house.fqbackup")

    assert list(tmp_path.glob("*house*")) == []
    assert list(make.directory().iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_old_backups_are_thinned_out(tmp_path: Path) -> None:
    for n in range(3):
        make.make(tmp_path / f"{n}.fqbackup", now=clock.now())

    run("backup", tmp_path / "latest.fqbackup", keep=2)

    assert sorted(path.name for path in tmp_path.glob("*.fqbackup")) == [
        "2.fqbackup",
        "latest.fqbackup",
    ]


# Newer and older code -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_code_older_than_the_database_refuses_to_work(command: str) -> None:
    MigrationRecorder(connection).record_applied("disputes", "0999_of_tomorrow")

    with pytest.raises(CommandError, match=r"disputes\.0999_of_tomorrow"):
        call_command(command)


@pytest.mark.django_db(transaction=True)
def test_migration_of_a_house_with_cases_is_preceded_by_a_backup(
    case_in: CaseMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_in(S.REGISTERED)
    monkeypatch.setattr(schema, "is_behind", lambda: True)

    call_command("migrate", verbosity=0, stdout=StringIO())

    [path] = make.directory().glob("*before-migration.fqbackup")
    assert make.check(path).counts["disputes_dispute"] == 1


@pytest.mark.django_db
def test_migration_without_a_possible_backup_does_not_begin(
    case_in: CaseMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(_to: Path) -> dict[str, int]:
        raise database.Unable("pg_dump is not installed.")

    case_in(S.REGISTERED)
    monkeypatch.setattr(schema, "is_behind", lambda: True)
    monkeypatch.setattr(database, "dump", unable)

    with pytest.raises(CommandError, match=r"pg_dump is not installed\. With a backup"):
        call_command("migrate", verbosity=0)
