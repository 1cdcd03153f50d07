"""Issuing: one number, one code, versions kept; and who may read."""

import json

import pytest

from mediation.core import vault
from mediation.core.errors import Forbidden, Malformed
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Event
from mediation.documents import services
from mediation.documents.models import Document
from tests.documents.reading import text_of
from tests.factories import at, give
from tests.factories.cases import DAY_ONE, NEXT_DAY, agreement

LATER = at("2026-03-04 09:00")


@pytest.fixture(autouse=True)
def _own_vault(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def test_issued_paper_is_frozen_numbered_and_kept(case_in, cast):
    case = case_in(S.PERFORMING)

    give(cast.li, "issue_document", case, NEXT_DAY, kind="d7")

    document = Document.objects.get(dispute=case)
    case.refresh_from_db()
    assert document.number == case.file_number == "(2026)资汽人调字第001号"
    assert (document.version, document.is_signed, document.organisation) == (
        1, True, "汽车路街道人民调解委员会",
    )  # fmt: skip
    text = text_of(services.read_pdf(document))
    assert document.code in text
    assert document.short_fingerprint.replace(" ", "") in text
    assert "彭测安" in document.data
    assert "彭测安".encode() not in vault.path_of(document.stored_as).read_bytes()
    assert Event.objects.filter(dispute=case).latest("version").payload == {
        "kind": "d7",
        "about": "",
    }


def test_same_content_is_the_same_document_and_new_content_a_new_version(case_in, cast):
    case = case_in(S.AGREED)
    give(cast.li, "issue_document", case, DAY_ONE, kind="d7")
    give(cast.li, "issue_document", case, DAY_ONE, kind="d7")
    assert Document.objects.count() == 1

    give(
        cast.li, "fall_through", case, DAY_ONE, party=1, withdrew_on="2026-03-02", reason="另议金额"
    )
    give(cast.li, "reach_agreement", case, DAY_ONE, **agreement(content="改为一次付清。"))
    give(cast.li, "issue_document", case, DAY_ONE, kind="d7")

    first, second = Document.objects.order_by("version")
    assert (first.is_current, second.is_current) == (False, True)
    assert first.number == second.number
    assert first.code != second.code
    assert "改为一次付清" not in text_of(services.read_pdf(first))


def test_series_run_apart_per_kind(case_in, cast):
    first, second = case_in(S.MEDIATING), case_in(S.MEDIATING)
    for case in (first, second):
        give(cast.li, "issue_document", case, DAY_ONE, kind="d2")
    give(cast.li, "issue_document", second, DAY_ONE, kind="d3")

    numbers = list(Document.objects.order_by("pk").values_list("number", flat=True))

    assert numbers == ["资汽人调受字〔2026〕第001号", "资汽人调受字〔2026〕第002号", ""]


def test_paper_that_the_case_cannot_have_is_refused(case_in, cast, snapshot_counts):
    case = case_in(S.MEDIATING)
    before = snapshot_counts()

    with pytest.raises(Malformed):
        give(cast.li, "issue_document", case, DAY_ONE, kind="d9")
    with pytest.raises(Malformed):
        give(cast.li, "issue_document", case, DAY_ONE, kind="d4", about="999")
    with pytest.raises(Forbidden):
        give(cast.ling, "issue_document", case, DAY_ONE, kind="d2")

    assert snapshot_counts() == before


def test_papers_of_a_child_are_for_those_who_may_know_it(case_in, cast):
    from mediation.disputes.models import Party

    case = case_in(S.MEDIATING)
    assert services.may_read(cast.zhong, case)
    Party.objects.filter(dispute=case, ordinal=2).update(is_minor=True, plain_name="")

    assert services.may_read(cast.li, case)
    assert services.may_read(cast.bao, case)
    assert not services.may_read(cast.zhong, case)
    assert not services.may_read(cast.chen, case)
    assert not services.may_read(cast.ling, case)


def test_data_holds_only_the_fields_of_its_kind(case_in, cast):
    give(cast.li, "issue_document", case_in(S.MEDIATING), DAY_ONE, kind="d3")

    assert set(json.loads(Document.objects.get().data)) == {
        "organisation",
        "party_names",
        "rights_told",
    }
