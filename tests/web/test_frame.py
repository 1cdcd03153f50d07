"""The frame: display mode, privacy of answers, the source, the closed sign-up, the bell."""

import io
import tarfile
from datetime import UTC, datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from mediation.accounts.models import Person
from mediation.notifications.models import InboxCursor, Notice
from mediation.web.context import Frame
from mediation.web.middleware import ReadingPointMiddleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin() -> Person:
    return Person.objects.create_user("lin", password="correct horse", name="林建")


def request_of(person: Person, *, path: str = "/", **headers: str) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.user = person
    return request


def test_set_mode_keeps_the_choice_on_the_device(client: Client) -> None:
    response = client.post(reverse("set_mode"), {"mode": "dark", "next": "/accounts/login/"})

    assert response.headers["Location"] == "/accounts/login/"
    assert response.cookies["fq_mode"].value == "dark"


def test_set_mode_keeps_the_choice_with_the_person(client: Client, lin: Person) -> None:
    client.force_login(lin)

    client.post(reverse("set_mode"), {"mode": "large"})

    lin.refresh_from_db()
    assert lin.display == "large"


def test_set_mode_refuses_an_unknown_mode(client: Client, lin: Person) -> None:
    client.force_login(lin)

    response = client.post(reverse("set_mode"), {"mode": "neon"})

    lin.refresh_from_db()
    assert (response.status_code, lin.display) == (400, "standard")
    assert "fq_mode" not in response.cookies


def test_set_mode_does_not_lead_to_another_site(client: Client) -> None:
    response = client.post(reverse("set_mode"), {"mode": "dark", "next": "https://example.org/"})

    assert response.headers["Location"] == "/"


def test_page_comes_in_the_chosen_mode(client: Client) -> None:
    client.cookies["fq_mode"] = "dark"

    page = client.get(reverse("account_login")).content.decode()

    assert 'data-mode="dark" data-bs-theme="dark"' in page


def test_mode_of_the_person_holds_without_a_cookie(lin: Person) -> None:
    lin.display = "large"

    assert Frame(request_of(lin)).mode == "large"


def test_answers_to_signed_in_persons_are_kept_nowhere(client: Client, lin: Person) -> None:
    client.force_login(lin)

    response = client.get(reverse("source"))

    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["Permissions-Policy"].startswith("camera=(self)")
    assert {"Cookie", "HX-Request"} <= set(response.headers["Vary"].split(", "))


def test_answers_to_visitors_are_private(client: Client) -> None:
    response = client.get(reverse("source"))

    assert response.headers["Cache-Control"] == "private, no-cache"


def test_source_hands_out_the_code_and_no_data(client: Client) -> None:
    response = client.get(reverse("source"))

    with tarfile.open(fileobj=io.BytesIO(response.content)) as tar:
        names = tar.getnames()
    tops = {name.split("/")[1] for name in names if "/" in name}
    assert "fengqiao/mediation/web/views/source.py" in names
    assert tops & {"var", ".git", ".venv", "tests"} == set()
    assert [name for name in names if "__pycache__" in name] == []


def test_sign_up_is_closed(client: Client) -> None:
    page = client.get(reverse("account_signup"))

    assert page.status_code == 200
    assert "account/signup_closed.html" in [template.name for template in page.templates]


def test_login_offers_no_password_by_mail(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()

    assert reverse("account_reset_password") not in page


def test_form_without_proof_of_origin_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post(reverse("set_mode"), {"mode": "dark"})

    assert response.status_code == 403
    assert "csrf.html" in [template.name for template in response.templates]


@pytest.mark.parametrize(
    ("path", "headers", "point"),
    [("/", {}, 7), ("/", {"HX-Request": "true"}, None), ("/api/v1/work", {}, None)],
    ids=["page", "fragment", "api"],
)
def test_reading_point_is_noted_for_pages_only(
    lin: Person, path: str, headers: dict[str, str], point: int | None
) -> None:
    InboxCursor.objects.create(person=lin, latest=7)
    request = request_of(lin, path=path, **headers)

    ReadingPointMiddleware(lambda _: HttpResponse())(request)

    assert getattr(request, "reading_point", None) == point


def test_refused_form_does_not_ring_for_what_was_told_before(lin: Person) -> None:
    """Its page is no GET; from number nought on every red alert of the past would be new."""
    InboxCursor.objects.create(person=lin, latest=7)

    assert Frame(request_of(lin, path="/register/")).seq == 7


def test_bell_counts_what_is_unread_and_knows_the_worst(lin: Person) -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    for seq, level in enumerate(["YELLOW", "RED", ""], start=1):
        Notice.objects.create(person=lin, seq=seq, kind="test", level=level, created_at=moment)
    Notice.objects.filter(seq=3).update(acknowledged_at=moment)

    frame = Frame(request_of(lin))

    assert (frame.unread, frame.unread_words, frame.unread_level) == (2, "2", "RED")
