"""The demonstration: every status, the same every time, sound in every promise, and only once."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from mediation.accounts.demo import CAST, PASSWORD
from mediation.accounts.models import Duty, Person, Role
from mediation.areas.models import Area, Level
from mediation.core.identity import check_id
from mediation.disputes.enums import Colour, Status
from mediation.disputes.models import Dispute, Event, Party
from mediation.documents import completeness, dossier, make
from mediation.documents.casefile import CaseFile
from mediation.documents.kinds import Need, papers_of
from mediation.documents.models import Document
from mediation.jobs.seed import stage
from mediation.reconsideration.models import Reconsideration
from mediation.uploads.models import Upload
from mediation.warning.models import Alert, Escalation
from tests.documents.reading import text_of
from workflows import proofs

TODAY = date(2026, 11, 23)
THIRTY = ("--today", "2026-11-23", "--disputes", "32", "--force")


def seed(*args: str) -> dict[str, Any]:
    out = StringIO()
    call_command("seed_demo", "--json", *(args or THIRTY), stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Thirty-two disputes for all questions of this module; taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed()
        transaction.set_rollback(True)


@pytest.fixture
def in_town(town: dict[str, Any], db: None) -> dict[str, Any]:
    return town


def test_seed_of_a_small_town_meets_every_status_and_every_colour(
    in_town: dict[str, Any],
) -> None:
    assert in_town["disputes"] == 32
    assert set(in_town["status"]) == set(Status.values)
    assert set(in_town["colour"]) == set(Colour.values)


def test_seed_of_a_small_town_keeps_every_promise(in_town: dict[str, Any]) -> None:
    report = proofs.run(now=stage.opening(TODAY))

    assert report.offenders == []
    assert report.checked["cases"] == 32


def test_seed_of_a_small_town_builds_nine_communities_and_forty_grids(
    in_town: dict[str, Any],
) -> None:
    codes = Area.objects.filter(level=Level.COMMUNITY).values_list("code", flat=True)
    grids = Area.objects.filter(level=Level.GRID)

    assert list(codes) == [f"430902006{n}" for n in range(901, 910)]
    assert grids.count() == 40
    assert Area.objects.get(code="430902006").short_name == "资汽"


def test_seed_of_a_small_town_hires_sixty_people_in_all_nine_roles(in_town: dict[str, Any]) -> None:
    assert Person.objects.count() == 60
    assert set(Duty.objects.values_list("role", flat=True)) == set(Role.values)
    assert Duty.objects.filter(deputy__isnull=False).exists()
    assert Duty.objects.filter(cleared=True).exists()
    grid_and_committee = Person.objects.filter(duties__role="grid_worker").filter(
        duties__role="mediator"
    )
    assert grid_and_committee.distinct().count() > 20


@pytest.mark.parametrize("member", CAST, ids=lambda member: member.username)
def test_the_cast_can_sign_in_and_has_its_duty(in_town: dict[str, Any], member: Any) -> None:
    person = Person.objects.get(username=member.username)

    assert person.name == member.name
    assert person.check_password(PASSWORD)
    assert (member.role, member.area) in person.duties.values_list("role", "area__code")


def test_seed_of_a_small_town_shows_what_a_leader_must_see(in_town: dict[str, Any]) -> None:
    now = stage.opening(TODAY)
    unseen = Alert.objects.filter(status="raised")

    assert set(unseen.values_list("colour", flat=True)) == {"RED", "ORANGE"}
    assert Dispute.objects.filter(due_at__lte=now).exclude(status="archived").count() >= 3
    assert Event.objects.filter(command="fire_deadline").exists()
    assert Escalation.objects.filter(received_at__isnull=True).exists()


def test_seed_of_a_small_town_holds_the_special_cases(in_town: dict[str, Any]) -> None:
    commands = set(Event.objects.values_list("command", flat=True))
    twin = Dispute.objects.get(duplicate_of__isnull=False)
    child = Party.objects.get(is_minor=True)

    assert {"return_for_correction", "reopen", "split", "settle_on_spot"} <= commands
    assert (twin.status, twin.duplicate_of.title) == ("voided", twin.title)
    assert (child.plain_name, child.name[1]) == ("", "测")
    assert child.dispute.sensitivity == "minor"
    assert Dispute.objects.filter(parent__isnull=False).count() == 2
    assert len(set(Reconsideration.objects.values_list("status", flat=True))) >= 2
    rare = Party.objects.filter(plain_name__contains="𬭎") | Party.objects.filter(
        plain_name__contains="·"
    )
    assert rare.exists()


def test_archived_case_of_the_town_has_its_whole_file(in_town: dict[str, Any]) -> None:
    rows = Document.objects.filter(dispute__status="archived", kind__in=["d7", "d8"])

    for row in rows.select_related("dispute"):
        file = CaseFile(row.dispute, now=stage.opening(TODAY))
        assert completeness.missing(file) == []
        kinds = {kind.id for kind, _about, need in papers_of(file) if need == Need.MUST}
        issued = Document.objects.filter(dispute=row.dispute)
        assert kinds - {"d10", "d11", "d10b"} <= set(issued.values_list("kind", flat=True))
        assert {page.is_signed for page in issued} == {True}
        slots = set(Upload.objects.filter(dispute=row.dispute).values_list("slot", flat=True))
        assert {"signed", "session", "performance"} <= slots
        book = dossier.whole_pdf(file, step=lambda *_: None)
        assert make.DRAFT not in text_of(book)
    assert len(rows) >= 1


def test_everybody_in_the_town_is_invented(in_town: dict[str, Any]) -> None:
    parties = Party.objects.filter(kind="natural")
    numbers = [party.id_number for party in parties if party.id_number]
    phones = [party.phone for party in parties if party.phone]

    assert all("测" in party.name for party in parties)
    assert all(check_id(n, today=TODAY, allow_demo=True).valid for n in numbers)
    assert {number[:6] for number in numbers} == {"439999"}
    assert {phone[:9] for phone in phones} <= {"139000000", "138000000"}
    assert all(person.email.endswith("@demo.invalid") for person in Person.objects.all())


def test_nothing_in_the_town_is_later_than_its_morning(in_town: dict[str, Any]) -> None:
    latest = Event.objects.order_by("-at")[0]

    assert latest.at <= stage.opening(TODAY)
    assert latest.at > stage.opening(TODAY) - timedelta(hours=2)


def test_a_second_seeding_says_so_and_changes_nothing(
    in_town: dict[str, Any], snapshot_rows: Callable[[], dict[str, list[Any]]]
) -> None:
    before = snapshot_rows()

    answer = seed()

    assert answer["seeded"] is False
    assert answer["disputes"] == 32
    assert snapshot_rows() == before
