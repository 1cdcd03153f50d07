"""Every further guard of the practice once refused, in its own words, and once passed."""

from datetime import date

import pytest

from mediation.core.errors import Malformed, Unmet
from mediation.disputes import practice
from mediation.disputes.enums import Category
from mediation.disputes.enums import Status as S
from mediation.disputes.guard import Guard
from mediation.disputes.models import Dispute
from mediation.documents.models import Lending
from mediation.sessions.models import CaucusNote, Meeting, Participant, Tie
from tests.disputes.obstacles import FILING, RULING, both, filed, row, told
from tests.disputes.test_guards import Trial, filled
from tests.factories import at, give
from tests.factories.cases import NEXT_DAY, SESSION, agreement, consent

DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
STROKES = "[[[1,2,0],[2,3,10],[4,5,20],[6,7,30],[8,9,40]]]"
PAD = {"what": "agreement", "who": "party", "ordinal": 1, "strokes": STROKES, "picture": DOT}
WORKERS = {"kind": "rep", "name": "工测一", "party": 1, "represented": 12}
AGENT = {
    "kind": "agent", "name": "律测师", "party": 1, "authority": "special", "authority_on": "2026-03-01",
}  # fmt: skip
GUEST = {"kind": "invited", "name": "邻测居", "relation": "楼长", "all_agree": True}
NOTE = {"party": 1, "text": "最多愿意出三千元"}
RELEASE = {"note": 1, "agrees": True, "released_on": "2026-03-03", "channel": "in_person"}
LOAN = {"act": "lent", "reader": "申测计", "reason": "专项检查", "due_on": "2026-03-10"}
ARRANGED = {"starts_at": "2026-03-05T14:00", "place": "社区调解室", "parties": [1, 2]}


def tie(case, cast):
    party = case.parties.get(ordinal=1)
    Tie.objects.create(
        mediator_id=cast.id("li"), kind="kin", party=party, id_index=party.id_index,
        declared_at=NEXT_DAY,
    )  # fmt: skip


def several(data, times):
    return both(*[told("li", "add_participant", **data) for _ in range(times)])


def groupless(case, cast):
    Dispute.objects.filter(pk=case.pk).update(people_count=2)


def marriage(case, cast):
    Dispute.objects.filter(pk=case.pk).update(category=Category.FAMILY)


def violent(case, cast):
    Dispute.objects.filter(pk=case.pk).update(sensitivity="violence")


def no_appointment(case, cast):
    case.appointments.update(state="cancelled")


consented = both(
    told("li", "record_consent", **consent(1)), told("li", "record_consent", **consent(2))
)
noted = told("li", "note_caucus", **NOTE)
arranged = told("li", "schedule_session", **ARRANGED)
lent = told("si", "lend_file", **LOAN)
crowd = told("li", "add_participant", **WORKERS)
agreed_crowd = both(
    crowd, told("li", "record_group_consent", participant=1, agreed_on="2026-03-03")
)
confirmed = both(filed, told("li", "record_ruling", **RULING))

TRIALS = [
    Trial("mediator_has_no_tie", S.CONSENT_PENDING, "li", "accept",
          {"accepted_on": "2026-03-03", "no_conflict": True}, ready=consented, spoil=tie),
    Trial("mediator_has_no_tie", S.ACCEPTED, "li", "begin_session", SESSION, spoil=tie, law="15"),
    Trial("chosen_has_no_tie", S.ASSESSED, "bao", "start_mediation_intake", {"mediator": "li"},
          spoil=tie),
    Trial("chosen_has_no_tie", S.MEDIATING, "bao", "assign_mediator",
          {"mediator": "li", "chosen_by": "parties", "reason": "双方要求"}, spoil=tie, law="15"),
    Trial("invited_with_consent", S.MEDIATING, "li", "add_participant", GUEST,
          bad={"all_agree": False}),
    Trial("group_is_large_enough", S.MEDIATING, "li", "add_participant", WORKERS,
          bad={"represented": 4}, spoil=groupless),
    Trial("representatives_are_few", S.MEDIATING, "li", "add_participant", WORKERS,
          ready=several(WORKERS, 4), spoil=crowd),
    Trial("agents_are_few", S.MEDIATING, "li", "add_participant", AGENT,
          ready=several(AGENT, 1), spoil=several(AGENT, 1)),
    Trial("somebody_takes_part", S.MEDIATING, "li", "remove_participant",
          {"participant": 1, "left_on": "2026-03-03"}, ready=several(AGENT, 1),
          spoil=lambda case, cast: case.participants.update(left_on="2026-03-03")),
    Trial("group_is_represented", S.MEDIATING, "li", "record_group_consent",
          {"participant": 1, "agreed_on": "2026-03-03"}, ready=crowd,
          spoil=lambda case, cast: case.participants.update(left_on="2026-03-03")),
    Trial("group_agrees_to_settle", S.MEDIATING, "li", "reach_agreement", agreement(),
          ready=agreed_crowd,
          spoil=lambda case, cast: case.participants.update(settlement_agreed_on=None)),
    Trial("content_is_lawful", S.MEDIATING, "li", "reach_agreement", agreement(),
          bad={"content": "甲方放弃起诉，双方两清。"}),
    Trial("screen_may_sign", S.AGREED, "li", "sign_on_screen", PAD, spoil=marriage),
    Trial("matter_is_confirmable", S.PERFORMING, "li", "file_confirmation", FILING,
          bad={"about_title": True}),
    Trial("confirmation_awaits_docket", S.PERFORMING, "li", "record_docket",
          {"docketed": "docket", "docketed_on": "2026-03-03"}, ready=filed,
          spoil=told("li", "record_ruling", **RULING)),
    Trial("agreement_is_confirmed", S.PERFORMING, "si", "record_revocation",
          {"revoked_on": "2026-03-03", "ruling_number": "(2026)湘0902民撤1号"}, ready=confirmed,
          spoil=told("si", "record_revocation", revoked_on="2026-03-03", ruling_number="撤1")),
    Trial("session_is_arranged", S.MEDIATING, "li", "cancel_session", {"reason": "出差"},
          ready=arranged, spoil=no_appointment),
    Trial("file_is_lent", S.CLOSED, "si", "return_file", {"lending": 0}, ready=lent,
          spoil=row(Lending, returned_at=NEXT_DAY)),
    Trial("note_is_kept", S.MEDIATING, "li", "release_note", RELEASE, ready=noted,
          spoil=told("li", "release_note", **RELEASE)),
    Trial("owner_releases_note", S.MEDIATING, "li", "release_note", RELEASE, ready=noted,
          bad={"agrees": False}),
    Trial("privacy_is_kept", S.MEDIATING, "li", "record_session", SESSION | {"is_public": True},
          spoil=violent, law="若干规定29"),
    Trial("privacy_is_kept", S.ACCEPTED, "li", "begin_session", SESSION | {"is_public": True},
          spoil=violent, law="若干规定29"),
]  # fmt: skip


def complete(trial, case, cast):
    found = filled(trial.data, case, cast)
    if trial.command == "cancel_session":
        found["appointment"] = case.appointments.latest("pk").pk
    if trial.command == "return_file":
        found["lending"] = case.lendings.latest("pk").pk
    return found


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.id)
def test_guard_lets_the_lawful_step_pass_and_refuses_the_other(case_in, cast, snapshot_rows, trial):
    lawful, unlawful = case_in(trial.status), case_in(trial.status)
    trial.ready(lawful, cast)
    give(getattr(cast, trial.who), trial.command, lawful, NEXT_DAY, **complete(trial, lawful, cast))
    Tie.objects.all().delete()
    lawful.appointments.update(state="held")
    trial.ready(unlawful, cast)
    trial.spoil(unlawful, cast)
    data = complete(trial, unlawful, cast) | trial.bad
    rows = snapshot_rows()

    with pytest.raises(Unmet) as refusal:
        give(getattr(cast, trial.who), trial.command, unlawful, NEXT_DAY, **data)

    assert {r.code for r in refusal.value.reasons} == {trial.guard}
    assert all(refusal.value.sentences)
    assert snapshot_rows() == rows


def test_every_guard_of_the_practice_is_tried():
    known = {g.reason.code for g in vars(practice).values() if isinstance(g, Guard)}

    assert known == {trial.guard for trial in TRIALS}


@pytest.mark.parametrize(
    ("content", "lawful"),
    [
        ("乙方归还赌债五千元。", False),
        ("双方不得再向法院起诉。", False),
        ("甲方不再追究乙方刑事责任。", False),
        ("甲方放弃申请仲裁的权利。", False),
        ("双方今后互不追究，和睦相处。", True),
        ("任何一方不履行的，另一方可以向人民法院起诉。", True),
    ],
)
def test_forbidden_subject_matter_is_found_in_plain_words(case_in, cast, content, lawful):
    case = case_in(S.MEDIATING)

    def reach():
        give(cast.li, "reach_agreement", case, NEXT_DAY, **agreement(content=content))

    if lawful:
        reach()
        return
    with pytest.raises(Unmet) as refusal:
        reach()
    assert [r.code for r in refusal.value.reasons] == ["content_is_lawful"]


def test_a_tie_declared_once_is_known_in_the_next_case(case_in, cast):
    first, second = case_in(S.CONSENT_PENDING), case_in(S.ASSESSED)
    ties = [{"kind": "neighbour", "party": 1}]

    give(cast.li, "declare_ties", first, NEXT_DAY, ties=ties, truthful=True)

    with pytest.raises(Unmet) as refusal:
        give(cast.bao, "start_mediation_intake", second, NEXT_DAY, mediator=cast.id("li"))
    assert [r.code for r in refusal.value.reasons] == ["chosen_has_no_tie"]
    give(cast.bao, "start_mediation_intake", second, NEXT_DAY, mediator=cast.id("sun"))
    assert "彭测安" not in str(Tie.objects.values())


def test_statement_of_the_early_morning_bears_the_legal_day(case_in, cast):
    """Half past six in Shanghai is still the day before in the hours of the computer."""
    case, early = case_in(S.MEDIATING), at("2026-03-05 06:30")
    ties = [{"kind": "kin", "party": 1}]
    give(cast.li, "declare_ties", case, NEXT_DAY, ties=ties, truthful=True)

    give(cast.li, "declare_ties", case, early, ties=[], truthful=True)

    assert Tie.objects.get(party__dispute=case).ended_on.isoformat() == "2026-03-05"


def test_session_of_the_early_morning_is_called_by_the_legal_day():
    assert str(Meeting(kind="session", held_at=at("2026-03-05 06:30"))).endswith("2026-03-05")


def test_a_tie_declared_by_mistake_is_taken_back_by_a_new_statement(case_in, cast):
    case = case_in(S.CONSENT_PENDING)
    consented(case, cast)
    give(
        cast.li, "declare_ties", case, NEXT_DAY,
        ties=[{"kind": "kin", "party": 2}], truthful=True,
    )  # fmt: skip

    give(cast.li, "declare_ties", case, NEXT_DAY, truthful=True)

    give(cast.li, "accept", case, NEXT_DAY, accepted_on="2026-03-03", no_conflict=True)


def test_guardian_answers_for_a_child(case_in, cast):
    case = case_in(S.CONSENT_PENDING)
    born = date(2015, 9, 1)
    case.parties.filter(ordinal=2).update(is_minor=True, plain_name="", birth=born)

    with pytest.raises(Malformed) as refusal:
        give(cast.li, "record_consent", case, NEXT_DAY, **consent(2), given_by="self")
    give(cast.li, "record_consent", case, NEXT_DAY, **consent(2))

    assert list(refusal.value.fields) == ["given_by"]
    assert case.consent_answers.get().given_by == "guardian"


def test_consent_may_be_withdrawn_until_the_agreement_takes_effect(case_in, cast):
    case = case_in(S.AGREED)
    signed = [{"party": n, "signed_on": "2026-03-03"} for n in (1, 2)]
    days = {"mediator_signed_on": "2026-03-03", "sealed_on": "2026-03-03"}
    give(cast.li, "record_signatures", case, NEXT_DAY, parties=signed, **days)

    give(cast.li, "record_consent", case, NEXT_DAY, **consent(1, "withdrawn"))

    with pytest.raises(Unmet) as refusal:
        give(cast.li, "make_effective", case, NEXT_DAY)
    assert [r.code for r in refusal.value.reasons] == ["nobody_refuses"]
    assert [a.answer for a in case.consent_answers.filter(party__ordinal=1)] == ["yes", "withdrawn"]


def test_caucus_note_is_sealed_and_in_no_event(case_in, cast):
    case = case_in(S.MEDIATING)

    noted(case, cast)

    note = CaucusNote.objects.get(dispute=case)
    assert note.text == NOTE["text"]
    assert NOTE["text"].encode() not in bytes(note.text_sealed)
    assert NOTE["text"] not in str(list(case.events.values_list("payload", flat=True)))


def test_participant_is_sealed_and_speaks_for_a_party(case_in, cast):
    case = case_in(S.MEDIATING)

    give(cast.li, "add_participant", case, NEXT_DAY, **AGENT, phone="13900000001")

    [one] = Participant.objects.filter(dispute=case)
    assert (one.name, one.phone, one.party.ordinal) == ("律测师", "13900000001", 1)
    assert "律测师" not in str(list(case.events.values_list("payload", flat=True)))
