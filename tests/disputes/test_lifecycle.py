"""The lifecycle against the law, status by command, guard by guard. The tables are typed by hand."""

from dataclasses import replace
from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction
from django_fsm import TransitionNotAllowed

from mediation.accounts.actor import SYSTEM, Grant
from mediation.accounts.models import Role
from mediation.core.errors import Unmet
from mediation.disputes import lifecycle
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute, Event
from tests.factories import give, undone
from tests.factories.cases import NEXT_DAY
from tests.reconsideration.test_track import STEPS
from workflows.commands import catalog

# Command → status before: status after.
MOVES: dict[str, dict[S, S]] = {
    "settle_on_spot": {S.REGISTERED: S.CLOSE_REVIEW, S.ASSESSED: S.CLOSE_REVIEW},
    "assess": {S.REGISTERED: S.ASSESSED},
    "start_mediation_intake": {
        S.ASSESSED: S.CONSENT_PENDING,
        S.MEDIATION_ENDED: S.CONSENT_PENDING,
        S.BREACHED: S.CONSENT_PENDING,
        S.REFERRED: S.CONSENT_PENDING,
    },
    "refer_to_reconsideration": {S.ASSESSED: S.RECONSIDERING},
    "refer": {S.ASSESSED: S.REFERRED, S.MEDIATION_ENDED: S.REFERRED, S.BREACHED: S.REFERRED},
    "split": {S.ASSESSED: S.SPLIT},
    "accept": {S.CONSENT_PENDING: S.ACCEPTED},
    "begin_session": {S.ACCEPTED: S.MEDIATING},
    "pause": {S.MEDIATING: S.PAUSED},
    "resume": {S.PAUSED: S.MEDIATING},
    "reach_agreement": {S.MEDIATING: S.AGREED},
    "make_effective": {S.AGREED: S.PERFORMING},
    "fall_through": {S.AGREED: S.MEDIATING},
    "fulfil": {S.PERFORMING: S.CLOSE_REVIEW, S.BREACHED: S.CLOSE_REVIEW},
    "declare_breach": {S.PERFORMING: S.BREACHED},
    "end_mediation": {
        S.CONSENT_PENDING: S.MEDIATION_ENDED,
        S.ACCEPTED: S.MEDIATION_ENDED,
        S.MEDIATING: S.MEDIATION_ENDED,
        S.PAUSED: S.MEDIATION_ENDED,
        S.AGREED: S.MEDIATION_ENDED,
    },
    "reclassify": {
        S.CONSENT_PENDING: S.ASSESSED,
        S.ACCEPTED: S.ASSESSED,
        S.MEDIATING: S.ASSESSED,
        S.PAUSED: S.ASSESSED,
        S.MEDIATION_ENDED: S.ASSESSED,
    },
    "conclude_referral": {S.REFERRED: S.CLOSE_REVIEW},
    "take_back": {S.REFERRED: S.ASSESSED},
    "conclude_reconsideration": {S.RECONSIDERING: S.CLOSE_REVIEW},
    "conclude_children": {S.SPLIT: S.CLOSE_REVIEW},
    "send_to_review": {S.MEDIATION_ENDED: S.CLOSE_REVIEW},
    "close": {S.CLOSE_REVIEW: S.CLOSED},
    "archive": {S.CLOSED: S.ARCHIVED},
    "reopen": {S.CLOSED: S.ASSESSED, S.ARCHIVED: S.ASSESSED},
    "void": {S.REGISTERED: S.VOIDED, S.ASSESSED: S.VOIDED},
}
# The one step whose end depends on the past: back to wherever the review was asked from.
RETURNS_TO = {
    S.REGISTERED, S.ASSESSED, S.PERFORMING, S.BREACHED, S.MEDIATION_ENDED, S.REFERRED,
    S.RECONSIDERING, S.SPLIT,
}  # fmt: skip

# Commands that record a fact and leave the status alone → where they may be given.
OPEN = {*S} - {S.CLOSED, S.ARCHIVED, S.VOIDED}
UNTIL_AGREED = {S.CONSENT_PENDING, S.ACCEPTED, S.MEDIATING, S.PAUSED}
FACTS: dict[str, set[S]] = {
    "reassess": OPEN - {S.REGISTERED},
    "add_party": OPEN,
    "record_consent": UNTIL_AGREED | {S.AGREED},
    "tell_rights": UNTIL_AGREED | {S.AGREED},
    "wish_mediator": UNTIL_AGREED | {S.AGREED},
    "declare_ties": UNTIL_AGREED,
    "add_participant": OPEN,
    "remove_participant": OPEN,
    "record_group_consent": UNTIL_AGREED,
    "schedule_session": {S.ACCEPTED, S.MEDIATING},
    "tell_appointment": UNTIL_AGREED,
    "cancel_session": UNTIL_AGREED,
    "note_caucus": UNTIL_AGREED,
    "release_note": UNTIL_AGREED | {S.AGREED},
    "sign_on_screen": UNTIL_AGREED | {S.AGREED},
    "draft_agreement": {S.MEDIATING},
    "assign_mediator": UNTIL_AGREED | {S.AGREED, S.PERFORMING, S.BREACHED},
    "record_session": {S.MEDIATING},
    "extend": {S.ACCEPTED, S.MEDIATING},
    "record_signatures": {S.AGREED},
    "record_performance": {S.PERFORMING, S.BREACHED, S.REFERRED},
    "urge": {S.PERFORMING, S.BREACHED},
    "remind": {S.PERFORMING, S.BREACHED},
    "file_confirmation": {S.PERFORMING, S.BREACHED},
    "record_docket": {S.PERFORMING, S.BREACHED},
    "record_ruling": {S.PERFORMING, S.BREACHED},
    "record_revocation": {S.PERFORMING, S.BREACHED, S.CLOSED, S.ARCHIVED},
    "acknowledge_referral": {S.REFERRED},
    "receive_delegation": {S.REFERRED},
    "receive_order": OPEN,
    "acknowledge_order": OPEN,
    "answer_order": OPEN,
    "extend_petition": OPEN,
    "record_petition_review": {*S} - {S.ARCHIVED, S.VOIDED},
    "take_part_answer": {S.RECONSIDERING, S.REFERRED},
    **{key: {S.RECONSIDERING} for key in STEPS},
    "visit": {S.CLOSED},
    "ask_second_person": {*S} - {S.VOIDED},
    "grant_second_person": {*S} - {S.VOIDED},
    "decline_second_person": {*S} - {S.VOIDED},
    "acknowledge_alert": {*S},
    "act_on_alert": {*S},
    "resolve_alert": {*S},
    "take_charge": OPEN,
    "note_charge": {*S},
    "end_charge": {*S},
    "confirm_colour": OPEN - {S.REGISTERED},
    "recompute_risk": OPEN,
    "deidentify": {S.VOIDED, S.ARCHIVED},
    "report_escalation": OPEN,
    "record_receipt": OPEN,
    "comment": {*S} - {S.ARCHIVED, S.VOIDED},
    "issue_document": {*S} - {S.VOIDED},
    "attach_file": {*S} - {S.ARCHIVED, S.VOIDED},
    "withdraw_file": {*S} - {S.ARCHIVED, S.VOIDED},
    "lend_file": {S.CLOSED, S.ARCHIVED},
    "return_file": {S.CLOSED, S.ARCHIVED},
    "fire_deadline": {*S},
    "yellow_card": {*S},
    "red_card": {*S},
    "move_deadline": {*S},
    "supervise": OPEN,
    "answer_card": {*S},
    "lift_card": {*S},
    "instruct": OPEN,
    "acknowledge_instruction": {*S},
    "answer_instruction": {*S},
}

# Command → its guards in the order in which they are told, each with the law behind it.
PML, ARL, MOJ, SF = "人民调解法", "行政复议法", "人民调解工作若干规定", "SF/T 0083-2020"
GUARDS: dict[str, dict[str, str]] = {
    "settle_on_spot": {
        "nature_is_civil_or_open": f"{PML}第二条",
        "is_not_red": f"{PML}第二十五条",
        "is_not_elsewhere": f"{MOJ}第二十二条",
        "minors_have_guardians": "民法典第十九条",
        "both_sides_agree_on_spot": f"{PML}第十七条",
    },
    "assess": {"lowering_has_reason": "", "red_is_lowered_by_two": ""},
    "start_mediation_intake": {
        "nature_is_civil": f"{PML}第二条",
        "is_not_elsewhere": f"{MOJ}第二十二条",
    },
    "refer_to_reconsideration": {"nature_is_administrative": f"{ARL}第二条"},
    "refer": {
        "referral_is_lawful": "个人信息保护法第二十三条",
        "package_has_no_offers": "特邀调解规定第二十二条",
        "reply_by_is_ahead": "",
    },
    "split": {"nature_is_mixed": f"{PML}第二条；{ARL}第二条"},
    "accept": {
        "nature_is_civil": f"{PML}第二条",
        "parties_are_known": f"{PML}第十七条",
        "nobody_refuses": f"{PML}第十七条",
        "every_party_consents": f"{PML}第十七条",
        "rights_are_told": f"{PML}第二十三条",
        "mediator_is_named": f"{PML}第十九条",
        "minors_have_guardians": "民法典第十九条",
        "mediator_has_no_conflict": SF,
    },
    "begin_session": {"nobody_refuses": f"{PML}第十七条"},
    "pause": {},
    "resume": {},
    "reach_agreement": {
        "nobody_refuses": f"{PML}第十七条",
        "minors_have_guardians": "民法典第十九条",
        "is_not_about_status": "民诉法解释第三百五十五条",
        "amounts_add_up": f"{PML}第二十九条",
    },
    "make_effective": {
        "parties_have_signed": f"{PML}第二十九条",
        "mediator_has_signed": f"{PML}第二十九条",
        "seal_is_put": f"{PML}第二十九条",
    },
    "fall_through": {"no_oral_agreement_binds": f"{PML}第三十条"},
    "fulfil": {"obligations_are_done": f"{PML}第三十一条"},
    "declare_breach": {
        "is_overdue_or_refused": f"{PML}第三十一条",
        "remedies_are_told": f"{PML}第二十六条",
    },
    "end_mediation": {
        "no_oral_agreement_binds": f"{PML}第三十条",
        "remedies_are_told": f"{PML}第二十六条",
    },
    "reclassify": {"nature_is_civil": f"{PML}第二条"},
    "conclude_referral": {"referral_is_not_declined": ""},
    "take_back": {"referral_was_declined_or_open": "信访工作条例第二十三条"},
    "conclude_reconsideration": {
        "reconsideration_has_ended": f"{ARL}第七十五条",
        "suit_window_is_over": "行政诉讼法第四十五条",
        "respondent_owes_nothing": f"{ARL}第七十六条",
    },
    "conclude_children": {"children_are_closed": ""},
    "send_to_review": {"no_other_channel_is_wished": f"{PML}第三条"},
    "return_for_correction": {},
    "close": {
        "reviewer_is_not_mediator": f"{PML}第五条",
        "file_is_complete": f"{PML}第二十七条",
        "no_red_alert_is_open": f"{PML}第二十五条",
        "escalations_are_received": "未成年人保护法第十一条",
        "no_clock_is_unattended": f"{ARL}第二十条",
        "orders_are_answered": "特邀调解规定第二十六条",
        "no_card_is_open": "信访工作条例第三十九条",
        "instructions_are_answered": "",
        "result_fits_the_facts": "人民调解统计报表",
    },
    "archive": {"visits_are_done": f"{MOJ}第三十七条"},
    "reopen": {"leader_agrees_to_reopen": ""},
    "void": {"suspicion_is_reported": "未成年人保护法第十一条"},
}


@pytest.mark.parametrize(("status", "command"), list(product(S, MOVES)))
def test_move_starts_only_where_the_table_says(status, command):
    arrows = {(a.source, a.target) for a in lifecycle.arrows() if a.command == command}

    found = {target for source, target in arrows if source == status}

    assert found == ({MOVES[command][status]} if status in MOVES[command] else set())


@pytest.mark.parametrize("status", S)
def test_status_moves_by_hand_only_along_the_table(status):
    # Guards aside: django-fsm itself refuses every other cell.
    field = Dispute._meta.get_field("status")
    dispute = Dispute(status=status)
    by_guard = {t.name for t in field.get_all_transitions(Dispute) if t.source == status}

    lawful = {name for name, moves in MOVES.items() if status in moves}
    lawful |= {"return_for_correction"} if status == S.CLOSE_REVIEW else set()

    assert by_guard == lawful
    for name in {*MOVES, "return_for_correction"} - lawful:
        with pytest.raises(TransitionNotAllowed):
            getattr(dispute, name)()


def test_return_leads_back_to_where_the_review_was_asked():
    arrows = {
        (a.source, a.target) for a in lifecycle.arrows() if a.command == "return_for_correction"
    }

    assert arrows == {(S.CLOSE_REVIEW, target) for target in RETURNS_TO}
    # Whatever leads into the review must have a way back.
    into_review = {s for moves in MOVES.values() for s, t in moves.items() if t == S.CLOSE_REVIEW}
    assert into_review == RETURNS_TO


def test_tables_name_every_command():
    commands = {spec.name for spec in catalog.all_specs()}

    assert commands == {*MOVES, *FACTS, "return_for_correction", "register"}
    assert {arrow.command for arrow in lifecycle.arrows()} == {*MOVES, "return_for_correction"}


@pytest.mark.parametrize("command", FACTS)
def test_fact_is_recorded_only_where_the_table_says(command):
    assert {S(s) for s in catalog.statuses(catalog.find(command))} == FACTS[command]


@pytest.mark.parametrize("command", GUARDS)
def test_move_has_the_guards_of_the_law(command):
    found = {guards for a in lifecycle.arrows() if a.command == command for guards in [a.guards]}

    assert len(found) == 1  # the same from every source
    (guards,) = found
    assert [guard.reason.code for guard in guards] == list(GUARDS[command])
    for guard in guards:
        assert guard.reason.source.startswith(GUARDS[command][guard.reason.code])
        assert str(guard.reason.sentence)


def test_guard_table_names_every_move():
    assert set(GUARDS) == {*MOVES, "return_for_correction"}


def test_status_cannot_be_assigned():
    dispute = Dispute(status=S.REGISTERED)

    with pytest.raises(AttributeError):
        dispute.status = S.CLOSED


@pytest.mark.parametrize("status", S)
def test_command_in_another_status_says_where_it_would_be_possible(case_in, snapshot_rows, status):
    """Every cell through the front door, by somebody whose role fits."""
    case = case_in(status)
    Dispute.objects.filter(pk=case.pk).update(mediator_id=case_in.cast.id("li"))
    jack = jack_of_all_trades(case_in.cast)
    rows = snapshot_rows()

    for command in {*MOVES, *FACTS, "return_for_correction"}:
        if status in where(command):
            continue
        with pytest.raises(Unmet) as refusal:
            give(jack, command, case, NEXT_DAY)
        assert [reason.code for reason in refusal.value.reasons] == ["wrong_status"]

    assert snapshot_rows() == rows


def where(command):
    if command == "return_for_correction":
        return {S.CLOSE_REVIEW}
    return FACTS.get(command) or set(MOVES[command])


def jack_of_all_trades(cast):
    """An actor who holds every role at once, so that only the status can be in the way."""
    grants = tuple(Grant(role, "430902", of=cast.id("li"), cleared=True) for role in Role)
    return replace(SYSTEM, person_id=cast.id("li"), grants=grants)


# The database trigger --------------------------------------------------------------------------------

LAWFUL = {(s, t) for moves in MOVES.values() for s, t in moves.items()} | {
    (S.CLOSE_REVIEW, target) for target in RETURNS_TO
}


def raw(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize("status", S)
def test_database_refuses_every_unlawful_status(case_in, status):
    case = case_in(status)
    change = "UPDATE disputes_dispute SET status = %s, version = version + 1 WHERE id = %s"

    for target in {*S} - {status} - {t for s, t in LAWFUL if s == status}:
        with pytest.raises(DatabaseError, match="illegal transition"):
            raw(change, target.value, case.pk)

    assert Dispute.objects.values_list("status", "version").get(pk=case.pk) == (
        status,
        case.version,
    )


@pytest.mark.parametrize("status", S)
def test_database_lets_lawful_status_pass_only_with_its_version(case_in, status):
    case = case_in(status)
    same = "UPDATE disputes_dispute SET status = %s, file_number = 'F' WHERE id = %s"
    jump = "UPDATE disputes_dispute SET status = %s, version = version + 2 WHERE id = %s"
    next_one = (
        "UPDATE disputes_dispute SET status = %s, version = version + 1, file_number = 'F'"
        " WHERE id = %s"
    )

    for target in {t for s, t in LAWFUL if s == status}:
        for change in (same, jump):
            with pytest.raises(DatabaseError, match="illegal transition"):
                raw(change, target.value, case.pk)
        with undone():
            raw(next_one, target.value, case.pk)
            assert Dispute.objects.get(pk=case.pk).status == target


@pytest.mark.parametrize("status", [status for status in S if status != S.REGISTERED])
def test_database_refuses_another_first_status(case_in, status):
    case = case_in(S.REGISTERED)
    columns = [f.column for f in Dispute._meta.concrete_fields if f.column != "id"]
    taken = {
        "status": f"'{status.value}'",
        "number": "'other'",
        "code": "'other'",
        "uid": "'" + "0" * 32 + "'",
        "file_number": "'F'",
    }
    values = ", ".join(taken.get(column, column) for column in columns)
    insert = (
        f"INSERT INTO disputes_dispute ({', '.join(columns)})"
        f" SELECT {values} FROM disputes_dispute WHERE id = %s"
    )

    with pytest.raises(DatabaseError, match="illegal first status"):
        raw(insert, case.pk)

    assert Dispute.objects.count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE disputes_event SET actor_name = 'x' WHERE dispute_id = %s",
        "UPDATE disputes_event SET at = at WHERE dispute_id = %s",
        "DELETE FROM disputes_event WHERE dispute_id = %s",
    ],
)
def test_database_keeps_events_as_written(case_in, sql):
    case = case_in(S.ASSESSED)
    events = list(Event.objects.values())

    with pytest.raises(DatabaseError, match="append-only"):
        raw(sql, case.pk)

    assert list(Event.objects.values()) == events


def test_database_keeps_statutory_reports(case_in):
    case = case_in(S.REGISTERED)
    give(
        case_in.cast.wang, "report_escalation", case, NEXT_DAY,
        receiver="police", content="扬言报复，已报110。", reported_at="2026-03-02T20:46",
    )  # fmt: skip

    with pytest.raises(DatabaseError):
        raw("DELETE FROM warning_escalation WHERE dispute_id = %s", case.pk)

    assert case.escalations.count() == 1
