"""The printed description: valid, complete, and true of what the interface answers.

``LONG=1`` asks every operation 400 things drawn anew instead of ten that are always the same.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks as openapi_checks

from mediation.accounts import keys
from mediation.api.interface import api, printed
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from tests.api.conftest import NOW
from tests.factories.people import GRID
from workflows.commands import catalog

LONG = int(os.environ.get("LONG", "0"))
DOCUMENT = "/api/v1/openapi.json"
CHECKS = [
    not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.response_headers_conformance,
]


WITHOUT_COVERAGE = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}})
described = schemathesis.openapi.from_wsgi(
    DOCUMENT, get_wsgi_application(), config=WITHOUT_COVERAGE
)


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """A real handler closes idle connections; the test's own would go with its transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def steps(cast: Any, case_in: Any) -> dict[str, str]:
    """A case to aim at, and the key of somebody who may do much with it."""
    return {
        "number": case_in(S.CONSENT_PENDING).code,
        "key": keys.issue(cast.person("bao"), now=NOW),
        "mediator": keys.issue(cast.person("li"), now=NOW),
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
@described.parametrize()
@settings(
    max_examples=400 * LONG or 10,
    derandomize=not LONG,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_answers_fit_their_description(case: Any, steps: dict[str, str]) -> None:
    turn = len(str(case.body)) + len(str(case.path_parameters))
    if turn % 3:  # the rest stays as it was drawn: most of it leads nowhere
        aim(case, steps["number"])
    key = steps["mediator" if turn % 2 else "key"]

    # Without a server between them nobody would unpack what is sent compressed.
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
    response = case.call(headers=headers)

    case.validate_response(response, checks=CHECKS)


def aim(case: Any, number: str) -> None:
    """Point a drawn request at what exists, so that it gets past the first doors."""
    case.path_parameters |= {"number": number, "ordinal": 1, "seq": 1}
    if isinstance(case.body, dict) and "version" in case.body:
        case.body["version"] = Dispute.objects.get(code=number).version
    if isinstance(case.body, dict) and "grid" in case.body:
        case.body["grid"] = GRID


def test_document_is_valid_openapi() -> None:
    schema = api.get_openapi_schema()

    for name, body in schema["components"]["schemas"].items():
        whole = body | {"components": {"schemas": schema["components"]["schemas"]}}
        assert jsonschema_rs.meta.is_valid(whole), name
    assert schema["openapi"] == "3.1.0"


def test_printed_document_is_the_one_in_the_tree() -> None:
    path = Path(django_settings.BASE_DIR) / "docs" / "reference" / "openapi.json"

    assert path.read_text("utf-8") == printed()


def test_every_step_of_people_is_described() -> None:
    paths = api.get_openapi_schema()["paths"]

    described_steps = {
        path.rpartition("/")[2]
        for path in paths
        if "/actions/" in path and not path.endswith("{name}")
    }

    people = {s.name for s in catalog.all_specs() if not s.hidden and catalog.statuses(s)}
    assert described_steps == people


def test_every_operation_documents_its_refusals() -> None:
    paths = api.get_openapi_schema()["paths"]

    bare = [
        (path, method)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if not {"200", "201"} & set(operation["responses"]) or "401" not in operation["responses"]
    ]

    assert bare == []


def test_document_and_page_are_open_and_local() -> None:
    document, page = Client().get(DOCUMENT), Client().get("/api/v1/docs")

    assert document.json()["openapi"] == "3.1.0"
    assert "ninja/swagger-ui-bundle.js" in page.content.decode()
    assert "https://" not in page.content.decode()
    policy = page.headers["Content-Security-Policy"]
    allowed = {part.split()[0]: set(part.split()[1:]) for part in policy.split(";") if part.strip()}
    assert allowed["style-src"] == {"'self'", "'unsafe-inline'"}
    assert allowed["script-src"] == {"'self'"}
    assert "unsafe-inline" not in document.headers["Content-Security-Policy"]
