"""Whoever owns the database cannot change a record unseen: every class of tampering, with everything that
the tamperer can recompute recomputed (P9, Appendix B of the promises)."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from mediation.accounts.models import AccessChange, Change
from mediation.core import evidence
from mediation.core.chain import GENESIS, link
from mediation.disputes import triggers
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute, Event, Reveal
from mediation.documents import models as papers
from mediation.oversight import models as oversight
from mediation.search.models import Lookup
from tests.factories import CaseMaker, Cast, at
from workflows import journal, seals

pytestmark = pytest.mark.django_db
NOW = at("2026-03-02 12:00")


@pytest.fixture(autouse=True)
def _own_seals(settings: Any, tmp_path: Path) -> None:
    settings.SEAL_DIR = tmp_path


@pytest.fixture
def sealed(case_in: CaseMaker, cast: Cast) -> list[Dispute]:
    """Three cases and a record of access, all under seals."""
    cases = [case_in(S.CONSENT_PENDING), case_in(S.ASSESSED), case_in(S.ASSESSED)]
    AccessChange.objects.create(
        at=NOW,
        by=cast.person("xi"),
        by_name="管",
        what=Change.ACCOUNT_OPENED,
        person=cast.person("si"),
    )
    assert seals.seal(NOW) == Event.objects.count() + 1
    return cases


def verify(*args: str) -> tuple[dict[str, Any], int]:
    out, code = StringIO(), 0
    try:
        call_command("verify_audit", "--json", *args, stdout=out)
    except SystemExit as stop:
        code = int(str(stop.code))
    return json.loads(out.getvalue()), code


def sql(statement: str) -> None:
    """As the owner of the database: triggers are no hindrance."""
    with connection.cursor() as cursor:
        for drop in triggers.statements():
            if drop.startswith("DROP TRIGGER"):
                cursor.execute(drop)
        cursor.execute(statement)
    triggers.install()


def rechain(case: Dispute) -> None:
    """Recompute every hash that needs no key, as a careful forger would."""
    previous = GENESIS
    events = list(Event.objects.filter(dispute=case).order_by("version"))
    for number, event in enumerate(events, 1):
        digest = link(previous, journal.record(event, str(case.uid)) | {"version": number})
        sql(
            f"UPDATE disputes_event SET version = {number}, previous = '{previous}', "
            f"digest = '{digest}' WHERE id = {event.pk}"
        )
        previous = digest
    sql(
        f"UPDATE disputes_dispute SET chain = '{previous}', version = {len(events)} WHERE id = {case.pk}"
    )


def _event(case: Dispute, version: int) -> Event:
    return Event.objects.get(dispute=case, version=version)


def _payload(case: Dispute, other: Dispute) -> int:
    victim = _event(case, 2)
    sql(f"UPDATE disputes_event SET payload = '{{\"x\": 1}}' WHERE id = {victim.pk}")
    return victim.pk


def _actor(case: Dispute, other: Dispute) -> int:
    victim = _event(case, 1)
    sql(f"UPDATE disputes_event SET actor_name = '某' WHERE id = {victim.pk}")
    return victim.pk


def _time(case: Dispute, other: Dispute) -> int:
    victim = _event(case, 3)
    sql(f"UPDATE disputes_event SET at = '2020-01-01 00:00:00+00:00' WHERE id = {victim.pk}")
    return victim.pk


def _case(case: Dispute, other: Dispute) -> int:
    victim = _event(case, case.version)
    sql(
        f"UPDATE disputes_event SET dispute_id = {other.pk}, version = {other.version + 1} "
        f"WHERE id = {victim.pk}"
    )
    return victim.pk


def _middle(case: Dispute, other: Dispute) -> int:
    victim = _event(case, 2)
    sql(f"DELETE FROM disputes_event WHERE id = {victim.pk}")
    return victim.pk


def _tail(case: Dispute, other: Dispute) -> int:
    victim = _event(case, case.version)
    sql(f"DELETE FROM disputes_event WHERE id = {victim.pk}")
    return victim.pk


def _insert(case: Dispute, other: Dispute) -> int:
    first, last = _event(case, 1), Event.objects.order_by("-pk")[0]
    _renumber(last.pk, last.pk + 1)
    first.pk, first.version, first._state.adding = last.pk, case.version + 1, True
    first.save(force_insert=True)
    return last.pk


def _swap(case: Dispute, other: Dispute) -> int:
    one, two = _event(case, 2), _event(case, 3)
    for key, version in ((one.pk, 99), (two.pk, 2), (one.pk, 3)):
        sql(f"UPDATE disputes_event SET version = {version} WHERE id = {key}")
    return one.pk


def _duplicate(case: Dispute, other: Dispute) -> int:
    """A doubled row takes the place of the last one, so that no number is too many."""
    twin, last = _event(case, 2), _event(case, case.version)
    sql(f"DELETE FROM disputes_event WHERE id = {last.pk}")
    sql(f"DELETE FROM reports_wait WHERE dispute_id = {case.pk}")  # the forger knows of these too
    twin.pk, twin.version, twin._state.adding = last.pk, case.version, True
    twin.save(force_insert=True)
    return last.pk


def _whole_case(case: Dispute, other: Dispute) -> int:
    first = _event(case, 1).pk
    for table in ("disputes_event", "disputes_party", "notifications_notice", "workflows_workitem"):
        sql(f"DELETE FROM {table} WHERE dispute_id = {case.pk}")
    return first


def _renumber(old: int, new: int) -> None:
    sql(f"UPDATE disputes_event SET id = {new} WHERE id = {old}")


CLASSES: dict[str, Callable[[Dispute, Dispute], int]] = {
    "1 payload": _payload,
    "2 actor": _actor,
    "3 time": _time,
    "4 case": _case,
    "5 middle deleted": _middle,
    "6 tail deleted": _tail,
    "7 inserted": _insert,
    "8 swapped": _swap,
    "9 duplicated": _duplicate,
    "12 all of a case": _whole_case,
}


@pytest.mark.parametrize("recomputed", [False, True], ids=["as is", "10 recomputed"])
@pytest.mark.parametrize("tamper", CLASSES.values(), ids=CLASSES)
def test_tampering_is_found_and_the_first_bad_record_named(
    sealed: list[Dispute], tamper: Callable[[Dispute, Dispute], int], recomputed: bool
) -> None:
    case, other = sealed[0], sealed[1]
    sound, _ = verify()

    victim = tamper(case, other)
    if recomputed:
        rechain(case)
        rechain(other)

    said, code = verify()
    assert (sound["ok"], said["ok"], code) == (True, False, 1)
    told = said["first"]["dispute"] + said["first"]["detail"]
    assert case.number in told or other.number in told or f"record {victim} " in told


def test_records_put_back_to_an_older_state_are_missed(sealed: list[Dispute]) -> None:
    """11: the whole database replaced by an older one, the seals as they are."""
    keep = _event(sealed[2], 1).pk

    sql(f"DELETE FROM disputes_event WHERE id > {keep}")
    for case in sealed:
        rechain(case)

    said, code = verify()
    assert code == 1
    assert said["first"]["detail"] == f"event record {keep + 1} is missing; seal 1 has it"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_accesschange SET reason = '无' WHERE id = {}",
        "DELETE FROM accounts_accesschange WHERE id = {}",
    ],
)
def test_record_of_access_that_was_touched_is_named(sealed: list[Dispute], statement: str) -> None:
    key = AccessChange.objects.latest("pk").pk

    sql(statement.format(key))

    said, _ = verify()
    assert said["first"]["dispute"] == "access"
    assert f"record {key} " in said["first"]["detail"]


LOOKS = {
    "look": "documents_look", "sight": "oversight_look", "lookup": "search_lookup",
    "reveal": "disputes_reveal",
}  # fmt: skip


@pytest.mark.parametrize("stream", LOOKS)
@pytest.mark.parametrize("statement", ["UPDATE {} SET person_id = {}", "DELETE FROM {} -- {}"])
def test_record_of_a_look_that_was_touched_is_named(
    sealed: list[Dispute], cast: Cast, tmp_path: Path, stream: str, statement: str
) -> None:
    """Who read the papers of a case, opened a sensitive one, or looked for somebody by his number."""
    case, reader = sealed[0], cast.person("bao")
    papers.Look.objects.create(dispute=case, what="paper d7", person=reader, at=NOW)
    oversight.Look.objects.create(dispute=case, person=reader, at=NOW)
    Lookup(
        person=reader, person_name="包", what="id", masked="*", found=1, door="api", at=NOW
    ).save()
    Reveal.objects.create(
        dispute=case, party=case.parties.get(ordinal=1), field="phone", person=reader,
        reason="核对身份", at=NOW,
    )  # fmt: skip
    assert seals.seal(NOW + timedelta(hours=1)) == 4
    export = tmp_path / "export.jsonl"
    sound, _ = verify("--export", str(export))
    exported, _ = verify("--records", str(export), "--seals", str(seals.file()))

    sql(statement.format(LOOKS[stream], cast.id("si")))

    said, code = verify()
    assert (sound["ok"], exported["ok"], code) == (True, True, 1)
    assert said["first"]["dispute"] == stream


# The seals themselves ------------------------------------------------------------------------------


def _drop_line(lines: list[str]) -> list[str]:
    return lines[:1] + lines[2:]


def _raise_time(lines: list[str]) -> list[str]:
    return [lines[0].replace("2026-03-02", "2026-03-01"), *lines[1:]]


def _rewrite_without_key(lines: list[str]) -> list[str]:
    """Make the seals anew over what is there now, with a key of one's own."""
    signer = evidence.Signer(1, "not-the-key-of-the-house-" + "q" * 40)
    found = {stream: seals.leaves(stream, after=0, upto=2**40) for stream in seals.STREAMS}
    line = evidence.seal(found, house="x", at=NOW.isoformat(), after=None, signer=signer)
    return [json.dumps(line)]


@pytest.mark.parametrize(
    "change",
    [_drop_line, _raise_time, _rewrite_without_key],
    ids=["one dropped", "one changed", "all rewritten"],
)
def test_seals_that_were_touched_are_noticed(
    sealed: list[Dispute], case_in: CaseMaker, change: Callable[[list[str]], list[str]]
) -> None:
    for hours in (1, 2):
        case_in(S.REGISTERED)
        assert seals.seal(NOW + timedelta(hours=hours)) > 0
    file = seals.file()

    file.write_text("\n".join(change(file.read_text().splitlines())) + "\n")

    said, code = verify()
    assert (said["ok"], code) == (False, 1)
    assert said["first"]["dispute"] == "seal"


def test_half_a_line_that_a_crash_left_is_passed_over(
    sealed: list[Dispute], case_in: CaseMaker
) -> None:
    with seals.file().open("a") as file:
        file.write('{"seal": 2, "kin')
    case_in(S.REGISTERED)

    seals.seal(NOW + timedelta(hours=1))

    said, code = verify()
    assert (code, said["seals"], said["unsealed"]) == (0, 2, 0)


def test_seals_come_at_most_every_twenty_seconds_and_only_for_news(
    sealed: list[Dispute], case_in: CaseMaker
) -> None:
    case_in(S.REGISTERED)

    counts = [seals.seal(NOW + timedelta(seconds=later)) for later in (19, 20, 60)]

    assert counts == [0, 1, 0]


def test_new_key_seals_on_and_old_seals_still_hold(
    sealed: list[Dispute], case_in: CaseMaker, settings: Any
) -> None:
    settings.SEAL_KEYS = f"1:{settings.SEAL_KEYS},2:{'k' * 40}"
    case_in(S.REGISTERED)
    seals.seal(NOW + timedelta(hours=1))

    said, code = verify()

    assert (code, said["seals"]) == (0, 2)


def test_restored_state_is_no_tampering_once_it_is_noted(
    sealed: list[Dispute], case_in: CaseMaker
) -> None:
    keep = _event(sealed[2], 1).pk
    sql(f"DELETE FROM disputes_event WHERE id > {keep}")
    rechain(sealed[2])

    seals.restart(NOW + timedelta(hours=1), "disk lost")
    case_in(S.REGISTERED)
    seals.seal(NOW + timedelta(hours=2))

    said, code = verify()
    assert (code, said["unsealed"]) == (0, 0)
    assert "disk lost" in said["remarks"][0]


# Without the house ---------------------------------------------------------------------------------


def test_export_and_seals_are_enough_and_ask_no_database(
    sealed: list[Dispute], tmp_path: Path, django_assert_num_queries: Callable[..., Any]
) -> None:
    export = tmp_path / "export.jsonl"
    verify("--export", str(export))
    file = str(seals.file())

    with django_assert_num_queries(0):
        said, code = verify("--records", str(export), "--seals", file)

    assert (code, said["cases"], said["seals"]) == (0, 3, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"command": "assess"', '"command": "void"'),
        ('"version": 3', '"version": 4'),
        ('"by_name": "管"', '"by_name": "某"'),
        ('"stream": "event"', '"stream": "other"'),
    ],
)
def test_changed_export_is_refused(
    sealed: list[Dispute], tmp_path: Path, old: str, new: str
) -> None:
    export = tmp_path / "export.jsonl"
    verify("--export", str(export))
    text = export.read_text(encoding="utf-8")
    assert old in text

    export.write_text(text.replace(old, new, 1), encoding="utf-8")

    said, code = verify("--records", str(export), "--seals", str(seals.file()))
    assert (said["ok"], code) == (False, 1)


def test_export_without_its_tail_is_refused(sealed: list[Dispute], tmp_path: Path) -> None:
    export = tmp_path / "export.jsonl"
    verify("--export", str(export))
    lines = export.read_text(encoding="utf-8").splitlines()

    export.write_text("\n".join(lines[:-2] + lines[-1:]), encoding="utf-8")

    assert verify("--records", str(export), "--seals", str(seals.file()))[1] == 1
