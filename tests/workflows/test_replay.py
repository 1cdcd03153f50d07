"""The same key gets the first answer again, forever; another body under it is refused."""

import uuid
from datetime import timedelta

import pytest
from django.http import QueryDict

from mediation.core.errors import KeyReused, Malformed, NotFound, Unmet
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from tests.factories import give, register
from tests.factories.cases import END, NEXT_DAY, SESSION, application, consent
from workflows.engine import Command, Outcome, execute


def accept(case, **changes):
    data = {"accepted_on": "2026-03-03", "no_conflict": True}
    return Command("accept", **({"dispute": case.number, "data": data, "key": "k1"} | changes))


def ready_to_accept(case_in):
    case = case_in(S.CONSENT_PENDING)
    for ordinal in (1, 2):
        give(case_in.cast.li, "record_consent", case, NEXT_DAY, **consent(ordinal))
    return Dispute.objects.get(pk=case.pk)


def test_same_key_and_body_get_the_first_answer(case_in, cast, snapshot_rows):
    case = ready_to_accept(case_in)
    first = execute(accept(case), cast.li, now=NEXT_DAY)
    rows = snapshot_rows()

    again = execute(accept(case), cast.li, now=NEXT_DAY + timedelta(seconds=5))

    assert again == first
    assert snapshot_rows() == rows


def test_answer_stands_after_later_changes_and_years(case_in, cast, snapshot_rows):
    case = ready_to_accept(case_in)
    first = execute(accept(case, version=case.version), cast.li, now=NEXT_DAY)
    give(cast.li, "begin_session", case, NEXT_DAY, **SESSION)
    give(cast.li, "end_mediation", case, NEXT_DAY, **END)
    rows = snapshot_rows()

    again = execute(accept(case, version=case.version), cast.li, now=NEXT_DAY + timedelta(days=400))

    assert again == first == Outcome(case.number, case.code, case.version + 1, S.ACCEPTED)
    assert snapshot_rows() == rows


@pytest.mark.parametrize(
    "changes",
    [
        {"data": {"accepted_on": "2026-03-02", "no_conflict": True}},
        {"data": {"accepted_on": "2026-03-03", "no_conflict": True, "channel": "L01"}},
        {"name": "begin_session"},
        {"version": 99},
        {"dispute": 1_000_000_000},
    ],
    ids=["other value", "one more field", "other command", "other version", "other case"],
)
def test_same_key_with_another_body_is_refused(case_in, cast, snapshot_rows, changes):
    case = ready_to_accept(case_in)
    execute(accept(case), cast.li, now=NEXT_DAY)
    rows = snapshot_rows()
    other = {"name": "accept", "dispute": case.number} | changes

    with pytest.raises((KeyReused, NotFound)) as refusal:
        execute(
            Command(other.pop("name"), **({"data": accept(case).data, "key": "k1"} | other)),
            cast.li,
            now=NEXT_DAY,
        )

    assert refusal.type is (NotFound if "dispute" in changes else KeyReused)
    assert snapshot_rows() == rows


def test_same_key_on_another_case_is_refused(case_in, cast, snapshot_rows):
    case, other = ready_to_accept(case_in), ready_to_accept(case_in)
    execute(accept(case), cast.li, now=NEXT_DAY)
    rows = snapshot_rows()

    with pytest.raises(KeyReused):
        execute(accept(other), cast.li, now=NEXT_DAY)

    assert snapshot_rows() == rows


def test_key_belongs_to_the_person(case_in, cast):
    case = ready_to_accept(case_in)
    execute(accept(case), cast.li, now=NEXT_DAY)

    with pytest.raises(Unmet):  # another person's command, and the case has moved on
        execute(accept(case), cast.zhong, now=NEXT_DAY)

    mine = execute(Command("register", data=application(), key="same"), cast.wang, now=NEXT_DAY)
    theirs = execute(Command("register", data=application(), key="same"), cast.zhong, now=NEXT_DAY)
    assert mine.number != theirs.number


def test_refusal_is_not_stored(case_in, cast):
    """What was refused writes nothing, not even its key: the same click may succeed later."""
    case = case_in(S.CONSENT_PENDING)
    with pytest.raises(Unmet):
        execute(accept(case), cast.li, now=NEXT_DAY)
    for ordinal in (1, 2):
        give(cast.li, "record_consent", case, NEXT_DAY, **consent(ordinal))

    outcome = execute(accept(case), cast.li, now=NEXT_DAY)

    assert outcome.status == S.ACCEPTED


def test_key_compares_every_value_of_a_page(case_in, cast, snapshot_rows):
    """A page posts lists as repeated fields; all of them belong to the body."""
    case = case_in(S.MEDIATING)
    page = "reason=DEADLOCK&told_on=2026-03-03&channel=phone&remedies={}&remedies=COURT"
    bodies = [QueryDict(page.format(first)) for first in ("POLICE", "LEGAL_AID")]
    execute(Command("end_mediation", case.number, data=bodies[0], key="k"), cast.li, now=NEXT_DAY)
    rows = snapshot_rows()

    with pytest.raises(KeyReused):
        execute(
            Command("end_mediation", case.number, data=bodies[1], key="k"), cast.li, now=NEXT_DAY
        )

    assert snapshot_rows() == rows
    assert case.events.latest("version").payload["remedies"] == ["POLICE", "COURT"]


def test_registration_replays(cast, snapshot_rows):
    command = Command("register", data=application(), key="phone-1")
    first = execute(command, cast.wang, now=NEXT_DAY)
    rows = snapshot_rows()

    again = execute(command, cast.wang, now=NEXT_DAY + timedelta(days=400))

    assert again == first
    assert snapshot_rows() == rows
    with pytest.raises(KeyReused):
        execute(
            Command("register", data=application(place="别处"), key="phone-1"),
            cast.wang,
            now=NEXT_DAY,
        )
    assert snapshot_rows() == rows


def test_offline_registration_is_kept_once(cast, snapshot_rows):
    """The phone's own id counts too: another key, or another person, makes no second case."""
    client_id = str(uuid.uuid4())
    register(cast.wang, NEXT_DAY, key="a", client_id=client_id)
    rows = snapshot_rows()

    for who, key in ((cast.wang, "b"), (cast.wang, ""), (cast.zhong, "a")):
        with pytest.raises(Malformed) as refusal:
            register(who, NEXT_DAY, key=key, client_id=client_id)
        assert list(refusal.value.fields) == ["client_id"]

    assert snapshot_rows() == rows


@pytest.mark.parametrize("key", ["k" * 256, "a\x00b"])
def test_impossible_key_is_refused_on_both_databases(cast, snapshot_rows, key):
    rows = snapshot_rows()

    with pytest.raises(Malformed):
        execute(Command("register", data=application(), key=key), cast.wang, now=NEXT_DAY)

    assert snapshot_rows() == rows


def test_lone_surrogate_is_a_typing_error_not_a_crash(cast, snapshot_rows):
    rows = snapshot_rows()
    data = application(facts="楼上漏水\ud800多次争吵未果没有结果")

    with pytest.raises(Malformed) as refusal:
        execute(Command("register", data=data, key="k"), cast.wang, now=NEXT_DAY)

    assert list(refusal.value.fields) == ["facts"]
    assert snapshot_rows() == rows
