"""Behind HTTPS alone: people are led there, programs are refused (ASVS 4.1.2)."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as ours
from django.test import Client

from mediation.disputes.models import Dispute
from tests.factories.cases import application

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^api/"]


def test_page_in_the_open_leads_to_https(strict: None) -> None:
    answer = Client().get("/accounts/login/")

    assert (answer.status_code, answer.headers["Location"]) == (
        301, "https://testserver/accounts/login/",
    )  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post"])
def test_program_in_the_open_is_refused_before_its_key_is_looked_at(
    strict: None, method: str, django_assert_num_queries: Any
) -> None:
    client = Client(headers={"Authorization": "Bearer fq_x", "Accept-Language": "en"})

    with django_assert_num_queries(0):
        answer = getattr(client, method)(
            "/api/v1/disputes", application(), content_type="application/json"
        )

    assert (answer.status_code, answer.headers["Content-Type"]) == (
        403, "application/problem+json",
    )  # fmt: skip
    assert "revoke it" in answer.json()["detail"]
    assert Dispute.objects.count() == 0


def test_program_over_https_is_heard(strict: None) -> None:
    assert Client().get("/api/v1/disputes", secure=True).status_code == 401


def test_production_exempts_from_the_redirect_what_is_refused_instead() -> None:
    told = (Path(ours.BASE_DIR) / "mediation/config/settings/prod.py").read_text(encoding="utf-8")

    assert 'SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^api/"]' in told
