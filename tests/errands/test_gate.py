"""Large exports: a second person agrees or refuses, everything is on record, nothing leaves before."""

from datetime import timedelta

import pytest

from mediation.accounts.models import AccessChange, Change
from mediation.core import errors
from mediation.errands import gate, kinds, services
from mediation.errands.kinds import Product
from mediation.errands.models import Errand
from mediation.notifications.models import Notice
from tests.factories.clock import at
from tests.factories.people import SUBDISTRICT

NOW = at("2026-03-02 10:00")
MANY = gate.ROWS_ALONE + 1


@pytest.fixture
def listing(monkeypatch, settings, tmp_path):
    """A kind called ``listing``, as long as ``wanted`` says; the list counts how often it was made."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(kinds, "KINDS", {})
    monkeypatch.setattr(services, "KINDS", kinds.KINDS)
    made = []

    @kinds.errand(
        "listing",
        label="Listing",
        may_take=lambda wanted, actor, now: True,
        rows=lambda wanted, actor, now: GROWN.get(wanted["area"], wanted["rows"]),
    )
    def make(work):
        made.append(work.wanted)
        path = work.scratch / "a.csv"
        path.write_text("a")
        return Product(path, "a.csv", "text/csv")

    yield made
    GROWN.clear()


GROWN = {}


def ask(actor, rows, *, area=SUBDISTRICT, now=NOW):
    return services.ask("listing", actor, now=now, wanted={"area": area, "rows": rows})


def records():
    return list(AccessChange.objects.order_by("pk").values_list("what", "by_name", "after__rows"))


def test_small_export_needs_nobody(cast, listing):
    ask(cast.ling, gate.ROWS_ALONE)

    assert (services.drain(NOW), len(listing)) == (1, 1)
    assert records() == []


def test_large_export_waits_until_somebody_else_agrees(cast, listing):
    held = ask(cast.ling, MANY)
    assert (held.state, services.drain(NOW), listing) == ("held", 0, [])

    gate.explain(held, cast.ling, "区里要流程分析", now=NOW)
    assert services.drain(NOW) == 0
    told = Notice.objects.filter(kind="export_asked").values_list("person_id", flat=True)
    assert set(told) == {cast.id(name) for name in ("ping", "si", "lu")}

    gate.decide(held.pk, cast.si, agrees=True, remark="", now=NOW)

    assert (services.drain(NOW), len(listing)) == (1, 1)
    held.refresh_from_db()
    assert (held.state, held.decided_by_id) == ("done", cast.id("si"))
    gate.note_taken(held, cast.ling, now=NOW)
    assert records() == [
        (Change.EXPORT_ASKED, "凌测领", MANY),
        (Change.EXPORT_AGREED, "司测所", MANY),
        (Change.EXPORT_TAKEN, "凌测领", MANY),
    ]


def test_refusal_says_why_and_nothing_is_made(cast, listing):
    held = ask(cast.ling, MANY)
    gate.explain(held, cast.ling, "区里要流程分析", now=NOW)

    with pytest.raises(errors.Malformed):
        gate.decide(held.pk, cast.si, agrees=False, remark="", now=NOW)
    gate.decide(held.pk, cast.si, agrees=False, remark="范围太大，请缩小", now=NOW)

    assert (services.drain(NOW), listing) == (0, [])
    held.refresh_from_db()
    assert (held.state, held.remark) == ("refused", "范围太大，请缩小")
    assert Notice.objects.filter(person_id=cast.id("ling"), kind="export_refused").count() == 1


@pytest.mark.parametrize("who", ["ling", "zhong", "li", "b_ling", "b_si", "shen", "xi"])
def test_who_asks_and_who_answers_for_something_else_cannot_agree(
    cast, listing, who, snapshot_rows
):
    held = ask(cast.ling, MANY)
    gate.explain(held, cast.ling, "区里要流程分析", now=NOW)
    before = snapshot_rows()

    with pytest.raises(errors.NotFound):
        gate.decide(held.pk, getattr(cast, who), agrees=True, remark="", now=NOW)

    assert snapshot_rows() == before


def test_deputy_of_the_asker_cannot_agree(cast, listing):
    """He acts for the asker himself, however else he serves."""
    cast.deputise("ling", by="ping", role="leader")
    held = ask(cast.ling, MANY)
    gate.explain(held, cast.ling, "区里要流程分析", now=NOW)

    with pytest.raises(errors.NotFound):
        gate.decide(held.pk, cast.ping, agrees=True, remark="", now=NOW)


def test_nothing_is_decided_before_its_purpose_is_said(cast, listing):
    held = ask(cast.ling, MANY)

    with pytest.raises(errors.NotFound):
        gate.decide(held.pk, cast.si, agrees=True, remark="", now=NOW)
    with pytest.raises(errors.Malformed):
        gate.explain(held, cast.ling, "要", now=NOW)

    held.refresh_from_db()
    assert (held.state, held.purpose) == ("held", "")


def test_many_small_ones_add_up_within_a_day(cast, listing):
    first = ask(cast.ling, 600, area=SUBDISTRICT + "901")
    second = ask(cast.ling, 600, area=SUBDISTRICT + "909")
    services.drain(NOW)
    next_day = ask(cast.ling, 600, area=SUBDISTRICT, now=NOW + timedelta(days=1, minutes=1))

    assert [one.state for one in (first, second, next_day)] == ["waiting", "held", "waiting"]
    assert len(listing) == 1


def test_what_has_grown_in_the_meantime_is_held(cast, listing):
    errand = ask(cast.ling, 900)
    GROWN[SUBDISTRICT] = MANY

    assert (services.drain(NOW), listing) == (0, [])
    errand.refresh_from_db()
    assert (errand.state, errand.rows) == ("held", MANY)


def test_request_without_an_answer_lapses(cast, listing):
    held = ask(cast.ling, MANY)
    gate.explain(held, cast.ling, "区里要流程分析", now=NOW)
    later = NOW + gate.PATIENCE + timedelta(minutes=1)

    with pytest.raises(errors.NotFound):
        gate.decide(held.pk, cast.si, agrees=True, remark="", now=later)
    services.drain(later)

    assert Errand.objects.get().state == "cancelled"


def test_where_nobody_else_answers_nobody_is_asked(cast, listing, snapshot_rows):
    held = ask(cast.ling, MANY, area="43")
    before = snapshot_rows()

    with pytest.raises(errors.Unmet):
        gate.explain(held, cast.ling, "区里要流程分析", now=NOW)

    assert snapshot_rows() == before


def test_page_asks_for_the_purpose_and_lets_the_other_decide(cast, listing, client):
    held = ask(cast.ling, MANY, now=at("2026-03-02 10:00"))
    client.force_login(cast.person("ling"))
    shown = client.get("/errands/").content.decode()
    short = client.post(f"/errands/{held.pk}/purpose/", {"reason": "要"})
    client.post(f"/errands/{held.pk}/purpose/", {"reason": "区里要流程分析"})
    own = client.post(f"/errands/{held.pk}/decide/", {"answer": "agree"})

    assert "1001" in shown
    assert (short.status_code, own.status_code) == (422, 404)
    held.refresh_from_db()
    assert (held.state, held.purpose) == ("held", "区里要流程分析")


def test_every_kind_of_export_says_how_many_rows_it_holds():
    """Who adds one must decide; ``figures_only`` is for sums and for the papers of one case."""
    assert {name for name, kind in kinds.KINDS.items() if kind.rows is kinds.figures_only} == {
        "filing",
        "dossier_pdf",
        "dossier_zip",
    }
    assert set(kinds.KINDS) == {"filing", "dossier_pdf", "dossier_zip", "event_log"}
