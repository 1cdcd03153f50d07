"""Every refusal from below becomes its page: the right number, the reasons, a way on."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import get_template
from django.test import Client, RequestFactory

from mediation.core import errors
from mediation.web.refusals import RefusalMiddleware, page
from tests.web.conftest import SignIn

WHY = errors.Reason("why", "因为还没有征得同意。")
STALE = errors.Stale(version=3, who="钟测中", what="研判", when=datetime(2026, 3, 2, tzinfo=UTC))
REFUSALS = {
    404: errors.NotFound(),
    403: errors.Forbidden(WHY),
    409: STALE,
    422: errors.Unmet(WHY),
    429: errors.TooMany(),
    503: errors.Busy(),
}


def answer(refusal: Exception, *, code: str = "", **headers: str) -> Any:
    request = RequestFactory().get("/x/", headers=headers)
    request.user = AnonymousUser()
    request.resolver_match = SimpleNamespace(kwargs={"code": code} if code else {})
    return RefusalMiddleware(lambda _: None).process_exception(request, refusal)


@pytest.mark.parametrize("status", REFUSALS)
def test_refusal_becomes_its_page(status: int) -> None:
    response = answer(REFUSALS[status])

    assert response.status_code == status
    assert "<h1>" in response.content.decode()


def test_page_tells_the_reasons() -> None:
    assert "因为还没有征得同意。" in answer(errors.Unmet(WHY)).content.decode()


def test_malformed_input_without_a_form_tells_its_sentences() -> None:
    response = answer(errors.Malformed({"place": ["地点不能为空。"]}))

    assert (response.status_code, "地点不能为空。" in response.content.decode()) == (422, True)


def test_page_of_a_race_names_the_faster_one_and_leads_to_the_case() -> None:
    body = answer(STALE, code="ABCD-1234").content.decode()

    assert "钟测中" in body
    assert 'href="/disputes/ABCD-1234/"' in body


def test_page_leads_back_where_one_came_from_within_the_site() -> None:
    own = answer(errors.Unmet(WHY), Referer="http://testserver/work/").content.decode()
    foreign = answer(errors.Unmet(WHY), Referer="https://example.org/").content.decode()

    assert 'href="http://testserver/work/"' in own
    assert "example.org" not in foreign


def test_fragment_gets_the_sentences_alone() -> None:
    response = answer(errors.Unmet(WHY), **{"HX-Request": "true"})

    assert response.status_code == 422
    assert "<html" not in response.content.decode()
    assert "因为还没有征得同意。" in response.content.decode()


def test_busy_page_says_when_to_try_again() -> None:
    assert answer(errors.Busy()).headers["Retry-After"] == "5"


def test_errors_of_ours_are_left_to_be_seen() -> None:
    assert answer(ValueError("ours")) is None


def test_forged_host_gets_our_own_page(client: Client) -> None:
    """The process engine brings a page of the same name, which does not render here."""
    response = client.get("/accounts/login/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "无法读取该请求" in response.content.decode()
    assert "evil.example" not in response.content.decode()


def test_pages_of_errors_are_all_ours() -> None:
    for status in (400, 403, 404, 405, 409, 413, 422, 429, 500, 503):
        origin = get_template(f"{status}.html").template.origin.name
        assert Path(origin).parent == settings.BASE_DIR / "templates", origin


def test_form_address_opened_by_hand_says_so_and_leads_on(client: Client) -> None:
    """A phone that loads its pages anew asks for the address it had sent a form to."""
    response = client.get("/display/")
    body = response.content.decode()

    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "不能直接打开" in body
    assert 'href="/p/"' in body


def test_form_address_of_a_case_leads_to_the_case(sign_in: SignIn) -> None:
    body = sign_in("wang").get("/disputes/ABCD-1234/files/").content.decode()

    assert 'class="btn btn-primary" href="/disputes/ABCD-1234/"' in body


def test_case_that_is_not_there_does_not_lead_back_to_itself(sign_in: SignIn) -> None:
    body = sign_in("wang").get("/disputes/ABCD-1234/").content.decode()

    assert 'href="/disputes/ABCD-1234/"' not in body
    assert 'class="btn btn-primary" href="/"' in body


def test_form_address_asked_for_by_a_script_gets_no_page(client: Client) -> None:
    response = client.get("/display/", headers={"HX-Request": "true"})

    assert (response.status_code, response.content) == (405, b"")


def test_refused_check_of_a_paper_does_not_lead_to_a_case() -> None:
    request = RequestFactory().get("/v/ABCD-1234")
    request.user = AnonymousUser()
    request.resolver_match = SimpleNamespace(kwargs={"code": "ABCD-1234"})

    body = page(request, errors.TooMany()).content.decode()

    assert "/disputes/" not in body
    assert 'href="/p/"' in body
