"""Retention: what is over goes, what is needed or bound stays, and what happened can still be proved."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from time_machine import travel

from mediation.accounts.models import AccessChange
from mediation.core import vault
from mediation.core.errors import Unmet
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute, Event, Party, Submission
from mediation.errands.models import Errand
from mediation.oversight.models import RetentionRun, UrgentAccess
from mediation.search import services as search
from mediation.search.models import Question
from mediation.uploads.models import Upload
from tests.factories import at
from tests.factories.cases import CHILD, DOWNSTAIRS, give, register
from workflows import proofs, retention

DONE_ON = at("2026-03-02 12:00")
LATER = at("2029-03-10 04:00")
NAMES = ("彭测安", "蔡测宁", "周测童", "439999198506120014", "439999197909300023")


@pytest.fixture
def voided(cast):
    """A false report, with a child among its people and a photo."""
    case = register(
        cast.wang,
        facts="蔡测宁说彭测安家漏水，其实没有。",
        parties=[DOWNSTAIRS, CHILD],
        place="汽车路12号3单元",
    )
    stored = vault.put(b"a photo")
    Upload.objects.create(
        dispute=case, ordinal=1, slot="scene", name="彭测安家.jpg", media_type="image/jpeg", suffix="jpg",
        size=7, sha256="0" * 64, stored_as=stored, uploaded_at=DONE_ON,
    )  # fmt: skip
    give(cast.bao, "void", case, DONE_ON, result="FALSE_ALARM", reason="查无此事，系误报。")
    case.refresh_from_db()
    assert case.status == S.VOIDED
    return case


def everything_of(case):
    """All that the tables say of it, sealed fields opened."""
    parties = [
        [p.name, p.id_number, p.phone, p.address, p.guardian, str(p.birth)]
        for p in Party.objects.filter(dispute=case)
    ]
    case.refresh_from_db()
    return json.dumps([parties, case.title, case.facts, case.claim, case.place], ensure_ascii=False)


def test_voided_case_loses_its_names_after_three_years(voided, django_capture_on_commit_callbacks):
    stored = voided.uploads.get().stored_as
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.nightly(LATER) == 1

    said = everything_of(voided)
    assert not [name for name in (*NAMES, "3单元") if name in said]
    assert not Upload.objects.filter(dispute=voided).exists()
    assert not vault.path_of(stored).exists()
    assert (
        Event.objects.filter(dispute=voided, command="deidentify", actor__isnull=True).count() == 1
    )
    assert proofs.run(now=LATER, sample=100).ok
    assert RetentionRun.objects.get().ended["voided"] == 1


def test_kept_answer_of_a_key_tells_the_number_alone(voided, cast):
    kept = {"number": voided.number, "code": voided.code, "version": 1, "status": "registered"}
    Submission.objects.create(
        person=cast.person("wang"), scope="person:1", key="k1", body_hash="0" * 64, created_at=DONE_ON,
        answer=kept | {"answer": json.dumps({"parties": [{"name": "蔡测宁"}]})},
    )  # fmt: skip

    retention.run(LATER)

    answer = Submission.objects.get(key="k1").answer
    assert answer == kept | {"answer": json.dumps(kept, ensure_ascii=False)}


@pytest.mark.parametrize("early", ["2029-02-27 04:00", "2029-03-02 11:59"])
def test_voided_case_keeps_them_until_then(voided, snapshot_rows, early):
    """Three years of the calendar: 2028 has a day more."""
    before = everything_of(voided)

    assert retention.run(at(early))["voided"] == 0
    assert everything_of(voided) == before


def test_three_years_back_from_a_leap_day_there_is_none(voided):
    assert retention.run(at("2028-02-29 04:00"))["voided"] == 0


def test_second_run_finds_nothing_and_one_night_runs_once(voided):
    assert retention.nightly(LATER) == 1
    assert retention.nightly(LATER) == 0
    assert retention.run(LATER + timedelta(days=1))["voided"] == 0
    assert Event.objects.filter(command="deidentify").count() == 1


def test_before_three_o_clock_nothing_runs(voided):
    assert retention.nightly(at("2029-03-10 02:59")) == 0
    assert not RetentionRun.objects.exists()


def test_frozen_case_is_left_alone_until_it_is_released(voided, cast):
    shen = cast.person("shen")
    retention.hold(voided, by=shen, reason="行政诉讼未结", now=DONE_ON)
    retention.hold(voided, by=shen, reason="再次冻结", now=DONE_ON)
    before = everything_of(voided)

    assert retention.run(LATER)["voided"] == 0
    assert everything_of(voided) == before
    retention.release(voided, by=shen, reason="诉讼已结", now=LATER)
    assert retention.run(LATER)["voided"] == 1
    assert list(AccessChange.objects.order_by("pk").values_list("what", "after__case")) == [
        ("file_held", voided.number),
        ("file_released", voided.number),
    ]


def test_case_whose_urgent_access_nobody_has_looked_over_stays(voided, cast):
    UrgentAccess.objects.create(
        dispute=voided, person=cast.person("sun"), reason="夜里有人求助必须马上看", at=DONE_ON,
        until=DONE_ON,
    )  # fmt: skip

    assert retention.run(LATER)["voided"] == 0


def test_open_case_is_never_touched(cast):
    case = register(cast.wang)
    before = everything_of(case)

    retention.run(at("2060-01-01 04:00"))

    assert everything_of(case) == before


@pytest.fixture
def bound(case_in):
    """An archived file of ten years."""
    case = case_in(S.ARCHIVED)
    Dispute.objects.filter(pk=case.pk).update(retention="10")
    return Dispute.objects.get(pk=case.pk)


@pytest.mark.parametrize(
    ("kept", "when", "listed"),
    [
        ("10", "2036-12-31 12:00", False),
        ("10", "2037-01-01 04:00", True),
        ("30", "2037-01-01 04:00", False),
        ("30", "2057-01-01 04:00", True),
        ("P", "2099-01-01 04:00", False),
    ],
)
def test_bound_file_is_listed_when_its_term_is_over_and_never_goes_by_itself(
    bound, kept, when, listed
):
    Dispute.objects.filter(pk=bound.pk).update(retention=kept)
    before = everything_of(bound)

    retention.run(at(when))

    assert [case.number for case in retention.due(at(when))] == ([bound.number] if listed else [])
    assert everything_of(bound) == before


def test_two_people_dispose_of_a_bound_file(bound, cast):
    when = at("2037-01-02 10:00")
    si, lu, xi = (cast.person(name) for name in ("si", "lu", "xi"))
    before = everything_of(bound)
    for by, second in ((si, si), (si, xi), (cast.person("b_si"), si)):
        with pytest.raises(Unmet):
            retention.dispose(bound, by=by, second=second, reason="鉴定意见第3号", now=when)
    with pytest.raises(Unmet):
        retention.dispose(
            bound, by=si, second=lu, reason="鉴定意见第3号", now=at("2036-12-30 10:00")
        )
    assert everything_of(bound) == before
    assert not AccessChange.objects.exists()

    retention.dispose(bound, by=si, second=lu, reason="鉴定意见第3号", now=when)

    said = everything_of(bound)
    assert not [name for name in NAMES if name in said]
    assert AccessChange.objects.get().after == {"case": bound.number, "second": "lu"}
    assert not list(retention.due(when))


def test_what_nobody_needs_goes_and_the_rest_stays(cast):
    now = at("2026-03-02 12:00")
    search.remember(cast.zhong, "彭测安", now=now - timedelta(days=91))
    search.remember(cast.zhong, "蔡测宁", now=now - timedelta(days=89))
    kept = search.remember(cast.bao, "漏水", now=now - timedelta(days=400))
    search.keep(kept, title="漏水", filters="")
    Session.objects.create(session_key="a", session_data="", expire_date=now - timedelta(hours=1))
    Session.objects.create(session_key="b", session_data="", expire_date=now + timedelta(hours=1))
    for rows in (0, 1234):
        Errand.objects.create(
            kind="filing", person=cast.person("si"), asked_at=now, state="done", rows=rows,
            ended_at=now - timedelta(days=366),
        )  # fmt: skip

    assert retention.count(now) == {
        "sessions": 1, "devices": 0, "searches": 1, "errands": 1, "voided": 0
    }  # fmt: skip
    assert retention.run(now) == retention.count(now) | {"sessions": 1, "searches": 1, "errands": 1}
    assert sorted(q.text for q in Question.objects.all()) == ["漏水", "蔡测宁"]
    assert [s.session_key for s in Session.objects.all()] == ["b"]
    assert [e.rows for e in Errand.objects.all()] == [1234]


def told(*words):
    out = StringIO()
    call_command("retention", *words, stdout=out)
    return out.getvalue()


def test_dry_run_tells_and_touches_nothing(voided, snapshot_rows):
    with travel(LATER, tick=False):
        before = snapshot_rows()
        said = json.loads(told("--json"))

        assert said == {
            "over": {"sessions": 0, "devices": 0, "searches": 0, "errands": 0, "voided": 1},
            "to_be_appraised": [],
        }
        assert "voided          1 over" in told()
        assert snapshot_rows() == before


@pytest.mark.parametrize(
    "words",
    [
        ("--hold", "无此案", "--by", "shen", "--reason", "行政诉讼未结"),
        ("--hold", "NUMBER", "--by", "nobody", "--reason", "行政诉讼未结"),
        ("--hold", "NUMBER", "--by", "shen", "--reason", "要"),
        ("--dispose", "NUMBER", "--by", "si", "--second", "lu", "--reason", "鉴定意见第3号"),
    ],
)
def test_command_refuses_in_words_and_writes_nothing(voided, words, snapshot_rows):
    before = snapshot_rows()

    with pytest.raises(CommandError):
        told(*(voided.number if word == "NUMBER" else word for word in words))

    assert snapshot_rows() == before


def test_first_day_after_the_term_is_counted_from_the_year_after_archiving(bound):
    assert retention.keep_until(bound) == date(2036, 12, 31)
