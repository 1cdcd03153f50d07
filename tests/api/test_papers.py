"""Papers and files for programs: listed, downloaded and brought under the same rights as on pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mediation.api.interface import api
from mediation.disputes.enums import Status as S
from tests.documents.reading import text_of
from tests.factories import give
from tests.factories.cases import NEXT_DAY
from tests.uploads.corpus import HTML, picture


@pytest.fixture(autouse=True)
def _own_vault(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def address(case, rest):
    return f"/api/v1/disputes/{case.code}/{rest}"


def test_papers_are_listed_and_downloaded(case_in, cast, client):
    case = case_in(S.PERFORMING)
    give(cast.li, "issue_document", case, NEXT_DAY, kind="d7")
    client.force_login(cast.person("li"))

    items = {item["id"]: item for item in client.get(address(case, "documents")).json()["items"]}

    assert items["d7"]["number"] == "(2026)资汽人调字第001号"
    assert (items["d7"]["is_signed"], items["d3"]["version"]) == (True, None)
    pdf = client.get(address(case, "documents/d7/pdf"))
    assert "彭测安" in text_of(pdf.content)
    assert pdf["Content-Disposition"].startswith("attachment")
    assert client.get(address(case, "documents/d7/docx")).content[:2] == b"PK"
    assert client.get(address(case, "documents/d9/pdf")).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("ling", 403), ("wang", 403), ("b_li", 404)])
def test_papers_are_for_the_team(case_in, cast, client, who, status):
    case = case_in(S.MEDIATING)
    client.force_login(cast.person(who))

    for rest in ("documents", "documents/d3/pdf", "documents/d3/docx"):
        assert client.get(address(case, rest)).status_code == status


def test_file_is_brought_listed_and_fetched(case_in, cast, client):
    case = case_in(S.MEDIATING)
    client.force_login(cast.person("wang"))
    photo = SimpleUploadedFile("现场.jpg", picture("JPEG", exif=True))

    brought = client.post(
        address(case, "attachments"), {"file": photo, "slot": "scene", "note": "漏水"}
    )

    assert (brought.status_code, brought.json()["number"]) == (201, 1)
    assert client.get(brought["Location"]).content[:3] == b"\xff\xd8\xff"
    [item] = client.get(address(case, "attachments")).json()["items"]
    assert (item["slot"], item["note"]) == ("scene", "漏水")
    client.force_login(cast.person("ling"))
    assert client.get(address(case, "attachments")).json()["items"] == []
    assert client.get(address(case, "attachments/1")).status_code == 404


def test_number_of_a_file_that_is_none_is_told_as_described(case_in, cast, client):
    client.force_login(cast.person("li"))
    answer = client.get(address(case_in(S.MEDIATING), "attachments/null"))

    path = "/api/v1/disputes/{number}/attachments/{ordinal}"
    described = api.get_openapi_schema()["paths"][path]["get"]["responses"]
    assert answer.status_code == 422
    assert "422" in described


def test_bad_file_is_a_problem_at_its_field(case_in, cast, client, snapshot_counts):
    case = case_in(S.MEDIATING)
    client.force_login(cast.person("li"))
    before = snapshot_counts()

    answer = client.post(address(case, "attachments"), {"file": SimpleUploadedFile("a.jpg", HTML)})

    assert answer.status_code == 422
    assert "jpg" in str(answer.json())
    assert client.post(address(case, "attachments"), {"slot": "scene"}).status_code == 422
    assert snapshot_counts() == before
