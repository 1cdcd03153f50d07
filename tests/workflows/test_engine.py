"""The one way through: order of refusals, wholeness, and what a command leaves behind."""

import json

import pytest
from django.db import DatabaseError, connection

from mediation.accounts.actor import SYSTEM
from mediation.core import chain
from mediation.core.errors import Busy, Forbidden, Malformed, NotFound, Stale, Unmet
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute, Event, Party
from mediation.notifications import wake
from tests.factories import at, give, register
from tests.factories.cases import NEXT_DAY, SESSION, agreement, application, consent
from tests.factories.people import GRID
from workflows import flow_engine, journal
from workflows.commands import catalog
from workflows.engine import Command, Outcome, execute
from workflows.models import WorkItem


def accept(case, **changes):
    data = {"accepted_on": "2026-03-03", "no_conflict": True}
    return Command("accept", **({"dispute": case.number, "data": data, "key": "k1"} | changes))


def ready_to_accept(case_in):
    case = case_in(S.CONSENT_PENDING)
    for ordinal in (1, 2):
        give(case_in.cast.li, "record_consent", case, NEXT_DAY, **consent(ordinal))
    return Dispute.objects.get(pk=case.pk)


# Versions and the order of refusals -------------------------------------------------------------------


def test_slower_one_learns_who_was_faster(case_in, cast, snapshot_rows):
    case = ready_to_accept(case_in)
    execute(accept(case, version=case.version, key=""), cast.li, now=NEXT_DAY)
    rows = snapshot_rows()

    with pytest.raises(Stale) as refusal:
        execute(accept(case, version=case.version, key=""), cast.zhong, now=NEXT_DAY)

    stale = refusal.value
    assert (stale.version, stale.who, str(stale.what), stale.when) == (
        case.version + 1,
        "李测和",
        str(catalog.done_label("accept")),
        NEXT_DAY,
    )
    assert snapshot_rows() == rows


def test_version_from_the_future_is_stale_too(case_in, cast):
    case = ready_to_accept(case_in)

    with pytest.raises(Stale):
        execute(accept(case, version=case.version + 1), cast.li, now=NEXT_DAY)


def recompute(case):
    execute(Command("recompute_risk", dispute=case.pk, door="timer"), SYSTEM, now=NEXT_DAY)


def test_what_the_clock_noted_overtakes_nobody(case_in, cast):
    case = ready_to_accept(case_in)
    recompute(case)

    outcome = execute(accept(case, version=case.version), cast.li, now=NEXT_DAY)

    assert (outcome.status, outcome.version) == (S.ACCEPTED, case.version + 2)


def test_notes_of_the_clock_do_not_hide_who_was_faster(case_in, cast, snapshot_rows):
    case = ready_to_accept(case_in)
    give(cast.zhong, "comment", case, NEXT_DAY, remark="请先安抚双方。")
    recompute(case)
    rows = snapshot_rows()

    with pytest.raises(Stale) as refusal:
        execute(accept(case, version=case.version), cast.li, now=NEXT_DAY)

    assert refusal.value.what == catalog.done_label("comment")
    assert snapshot_rows() == rows


@pytest.mark.parametrize(
    ("who", "version", "refusal"),
    [
        ("b_li", 1, NotFound),  # cannot see it: neither stale, nor forbidden, nor malformed
        ("wang", 1, Stale),  # sees it, but looks at an old page; that he may not comes after
        ("wang", None, Forbidden),
        ("li", None, Unmet),  # may, but the status is wrong; that nothing was filled in comes after
    ],
)
def test_refusals_come_in_order(case_in, cast, snapshot_rows, who, version, refusal):
    case = case_in(S.CONSENT_PENDING)
    rows = snapshot_rows()

    with pytest.raises(refusal):
        execute(
            Command("reach_agreement", case.number, version=version),
            getattr(cast, who),
            now=NEXT_DAY,
        )

    assert snapshot_rows() == rows


def test_law_speaks_before_the_form_and_after_it(case_in, cast):
    case = case_in(S.CONSENT_PENDING)
    with pytest.raises(Unmet):  # consents are missing: no use in correcting the empty form
        give(cast.li, "accept", case, NEXT_DAY)
    for ordinal in (1, 2):
        give(cast.li, "record_consent", case, NEXT_DAY, **consent(ordinal))

    with pytest.raises(Malformed) as malformed:
        give(cast.li, "accept", case, NEXT_DAY)
    with pytest.raises(Unmet) as unmet:
        give(cast.li, "accept", case, NEXT_DAY, accepted_on="2026-03-03")

    assert list(malformed.value.fields) == ["accepted_on"]
    assert [reason.code for reason in unmet.value.reasons] == ["mediator_has_no_conflict"]


@pytest.mark.parametrize(
    "ref",
    [None, "", 0, -1, 2**70, "ABCD-EFGH", "汽车路街道纠登〔2026〕99999号", "\x00", "x" * 10_000],
)
def test_case_that_does_not_exist_is_not_found(cast, ref):
    with pytest.raises(NotFound):
        execute(Command("comment", ref), cast.li, now=NEXT_DAY)


def test_unknown_command_is_not_found(case_in, cast):
    with pytest.raises(NotFound):
        give(cast.li, "delete", case_in(S.REGISTERED), NEXT_DAY)


def test_case_answers_to_number_code_and_key(case_in, cast):
    case = case_in(S.REGISTERED)

    for n, ref in enumerate((case.number, case.code, case.pk), case.version + 1):
        command = Command("comment", ref, data={"remark": "已联系双方"})
        assert execute(command, cast.wang, now=NEXT_DAY).version == n


# Wholeness --------------------------------------------------------------------------------------------


def explode_on_insert(table):
    """Let the database itself refuse one of the last writes of a command."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE TRIGGER explode BEFORE INSERT OR UPDATE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION fengqiao_append_only()"
            )
            return
        for event in ("INSERT", "UPDATE"):
            cursor.execute(
                f"CREATE TRIGGER explode_{event} BEFORE {event} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'exploded'); END"
            )


def defuse(table):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER explode ON {table}")
            return
        cursor.execute("DROP TRIGGER explode_INSERT")
        cursor.execute("DROP TRIGGER explode_UPDATE")


# Every table that accepting a case writes to, in the order of writing.
WRITTEN_BY_ACCEPT = [
    "mediation_sessions_assignment",
    "deadlines_deadline",
    "disputes_event",
    "disputes_dispute",
    "viewflow_task",
    "workflows_workitem",
    "notifications_inboxcursor",
    "notifications_notice",
    "disputes_submission",
]
WRITTEN_BY_REGISTER = [
    "disputes_numberseries",
    "disputes_dispute",
    "disputes_event",
    "disputes_party",
    "viewflow_process",
    "workflows_caseprocess",
    "workflows_workitem",
    "notifications_notice",
    "disputes_submission",
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", WRITTEN_BY_ACCEPT)
def test_step_that_fails_late_leaves_nothing(case_in, cast, snapshot_rows, monkeypatch, table):
    case = ready_to_accept(case_in)
    woken = []
    monkeypatch.setattr(wake, "_wakers", [woken.append])
    rows = snapshot_rows()

    explode_on_insert(table)
    try:
        with pytest.raises((DatabaseError, Busy)):
            execute(accept(case), cast.li, now=NEXT_DAY)
    finally:
        defuse(table)

    assert snapshot_rows() == rows
    assert woken == []
    # And nothing stands in the way of the second try.
    assert execute(accept(case), cast.li, now=NEXT_DAY).status == S.ACCEPTED
    assert [sorted(numbers) for numbers in woken] == [
        sorted(cast.id(name) for name in ("wang", "li", "zhong", "bao"))
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", WRITTEN_BY_REGISTER)
def test_registration_that_fails_late_leaves_nothing(cast, snapshot_rows, table):
    command = Command("register", data=application(), key="k")
    rows = snapshot_rows()

    explode_on_insert(table)
    try:
        with pytest.raises((DatabaseError, Busy)):
            execute(command, cast.wang, now=NEXT_DAY)
    finally:
        defuse(table)

    assert snapshot_rows() == rows
    assert execute(command, cast.wang, now=NEXT_DAY).status == S.REGISTERED


@pytest.mark.django_db(transaction=True)
def test_step_whose_open_work_does_not_fit_the_status_is_taken_back(
    case_in, cast, snapshot_rows, monkeypatch
):
    """Step 11: a flow that stood still while the status moved must not be committed."""
    case = ready_to_accept(case_in)
    rows = snapshot_rows()
    monkeypatch.setattr(flow_engine, "advance", lambda c: flow_engine.open_tasks(c.dispute))

    with pytest.raises(flow_engine.Mismatch):
        execute(accept(case), cast.li, now=NEXT_DAY)

    assert snapshot_rows() == rows


@pytest.mark.django_db(transaction=True)
def test_deaf_bus_does_not_undo_what_is_committed(case_in, cast, monkeypatch, caplog):
    case = ready_to_accept(case_in)

    def deaf(numbers):
        raise ConnectionError("the bus is down")

    monkeypatch.setattr(wake, "_wakers", [deaf])

    outcome = execute(accept(case), cast.li, now=NEXT_DAY)

    assert outcome.status == Dispute.objects.get(pk=case.pk).status == S.ACCEPTED


# What a command leaves behind -------------------------------------------------------------------------


def verified(case):
    events = list(case.events.order_by("version"))
    links = [(journal.record(event, str(case.uid)), event.digest) for event in events]
    return chain.verify(links, end=Dispute.objects.get(pk=case.pk).chain) is None


@pytest.mark.parametrize("status", S)
def test_every_way_leaves_a_whole_chain(case_in, status):
    case = case_in(status)
    events = list(case.events.order_by("version"))

    assert verified(case)
    assert [event.version for event in events] == list(range(1, case.version + 1))
    assert [event.from_status for event in events] == ["", *(e.to_status for e in events[:-1])]
    assert events[-1].to_status == case.status


def test_event_says_who_when_what_and_through_which_door(case_in, cast):
    case = case_in(S.ACCEPTED)
    command = Command("begin_session", case.number, data=SESSION, door="api")

    execute(command, cast.li, now=NEXT_DAY)

    event = case.events.latest("version")
    assert (event.actor_id, event.actor_name, event.at, event.command, event.door) == (
        cast.id("li"),
        "李测和",
        NEXT_DAY,
        "begin_session",
        "api",
    )
    assert (event.from_status, event.to_status) == (S.ACCEPTED, S.MEDIATING)
    assert event.payload == {
        "kind": "site",
        "held_at": "2026-03-02T09:50:00+08:00",
        "place": "汽车路12号",
        "attended": [1, 2],
    }


def test_private_input_stays_out_of_the_events(case_in):
    case = case_in(S.ARCHIVED)
    logged = json.dumps(list(Event.objects.values_list("payload", flat=True)), ensure_ascii=False)

    secret = [
        "彭测安", "蔡测宁", "439999198506120014", "439999197909300023", case.facts, case.claim,
        SESSION["record"], agreement()["content"],
    ]  # fmt: skip

    assert [text for text in secret if text in logged] == []


def test_registration_writes_the_row(cast):
    outcome = execute(
        Command("register", data=application(occurred_at="2026-03-02T08:30")),
        cast.wang,
        now=at("2026-03-02 09:45"),
    )

    case = Dispute.objects.get(number=outcome.number)
    assert outcome == Outcome(case.number, case.code, 1, S.REGISTERED)
    assert case.number == "汽车路街道纠登〔2026〕00001号"
    assert (case.title, case.area_code, case.registered_by_id) == (
        "第3网格邻里纠纷",
        GRID,
        cast.id("wang"),
    )
    assert (case.occurred_at, case.registered_at) == (
        at("2026-03-02 08:30"),
        at("2026-03-02 09:45"),
    )
    assert (case.colour, case.severity, case.sensitivity) == ("BLUE", 1, "normal")
    parties = [(p.ordinal, p.side, p.name, p.id_number, p.sex) for p in case.parties.all()]
    assert parties == [
        (1, "respondent", "彭测安", "439999198506120014", "M"),
        (2, "applicant", "蔡测宁", "439999197909300023", "F"),
    ]


def test_numbers_run_on_per_subdistrict_and_year(cast):
    numbers = [
        register(cast.wang, NEXT_DAY).number,
        register(cast.b_wang, NEXT_DAY, grid="430902007901001").number,
        register(cast.wang, NEXT_DAY).number,
        register(cast.wang, at("2027-01-01 00:00")).number,
    ]

    assert numbers == [
        "汽车路街道纠登〔2026〕00001号",
        "大码头街道纠登〔2026〕00001号",
        "汽车路街道纠登〔2026〕00002号",
        "汽车路街道纠登〔2027〕00001号",
    ]


def test_party_whose_number_shows_a_child_makes_a_sensitive_case(cast):
    """周测童, aged 10, and nobody ticked “under 18”."""
    child = {"name": "周测童", "side": "affected", "id_number": "439999201509010114"}

    case = register(cast.wang, NEXT_DAY, parties=[*application()["parties"], child])

    assert case.sensitivity == "minor"
    row = Party.objects.get(dispute=case, ordinal=3)
    assert (row.plain_name, row.name, row.is_minor) == ("", "周测童", True)


def test_child_added_later_makes_a_sensitive_case(case_in, cast):
    case = case_in(S.CONSENT_PENDING)

    give(
        cast.li, "add_party", case, NEXT_DAY,
        name="周测童", side="affected", id_number="439999201509010114", is_affected_only=True,
    )  # fmt: skip

    assert Dispute.objects.get(pk=case.pk).sensitivity == "minor"
    assert WorkItem.objects.get(dispute=case).is_sensitive


def test_corrected_party_keeps_its_answer(case_in, cast):
    case = case_in(S.ACCEPTED)

    give(
        cast.wang, "add_party", case, NEXT_DAY,
        replaces=2, name="蔡测凝", side="applicant", phone="13900000001",
    )  # fmt: skip

    party = Party.objects.get(dispute=case, ordinal=2)
    assert (party.name, party.phone, party.consent, str(party.rights_told_on)) == (
        "蔡测凝",
        "13900000001",
        "yes",
        "2026-03-02",
    )
    assert case.parties.count() == 2


def test_correction_leaves_what_it_does_not_name(case_in, cast):
    """Whoever corrects a phone sees the rest masked; he cannot be asked to type it anew."""
    case = case_in(S.ACCEPTED)
    before = Party.objects.get(dispute=case, ordinal=1)

    give(cast.wang, "add_party", case, NEXT_DAY, replaces=1, side="applicant", phone="13900000001")

    party = Party.objects.get(dispute=case, ordinal=1)
    assert (party.name, party.kind, party.id_number, party.birth) == (
        before.name,
        before.kind,
        before.id_number,
        before.birth,
    )
    assert party.phone == "13900000001"


def test_command_counts_few_statements(case_in, cast, django_assert_max_num_queries):
    """design 3: at most 20 statements per command."""
    case = ready_to_accept(case_in)

    with django_assert_max_num_queries(20):
        execute(accept(case), cast.li, now=NEXT_DAY)
