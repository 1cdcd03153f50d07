"""The track against the Administrative Reconsideration Law, state by step. The tables are typed by hand."""

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed

from mediation.accounts.actor import SYSTEM
from mediation.core.errors import Forbidden, Malformed, NotFound, Unmet
from mediation.disputes import policy
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from mediation.reconsideration.models import Reconsideration, State, StatutoryNotice
from tests.conftest import LONG
from tests.factories import at, give
from tests.factories.cases import NEXT_DAY
from tests.factories.track import INPUT, WAYS, bring, data_of, take
from workflows.commands import catalog
from workflows.models import WorkItem

RUNNING = ("RC_ACCEPTED", "RC_SERVED", "RC_REPLIED", "RC_HEARING")
DECIDABLE = ("RC_SERVED", "RC_REPLIED", "RC_HEARING")
# Art. 76: while a case is handled, and whatever came of it.
WITH_OPINION = (
    *(*RUNNING, "RC_SUSPENDED", "RC_DECIDED", "RC_EFFECTIVE", "RC_PERFORMED"),
    *("RC_MEDIATED", "RC_TERMINATED", "RC_REJECTED", "RC_LITIGATION"),
)
# Step → states from which it leads, state to which it leads (empty: a fact), article of the law.
STEPS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "rc_file": (("RC_ADVISED",), "RC_FILED", "第二十条"),
    "rc_forward": (("RC_FILED",), "", "第三十二条"),
    "rc_give_up": (("RC_ADVISED", "RC_FILED", "RC_CORRECTION"), "RC_NOT_PURSUED", "第二条"),
    "rc_ask_correction": (("RC_FILED",), "RC_CORRECTION", "第三十一条"),
    "rc_extend_correction": (("RC_CORRECTION",), "", "第三十一条"),
    "rc_correct": (("RC_CORRECTION",), "RC_FILED", "第三十一条"),
    "rc_abandon": (("RC_CORRECTION",), "RC_ABANDONED", "第三十一条"),
    "rc_accept": (("RC_FILED",), "RC_ACCEPTED", "第三十条"),
    "rc_deem_accepted": (("RC_FILED",), "RC_ACCEPTED", "第三十条第三款"),
    "rc_refuse": (("RC_FILED",), "RC_NOT_ACCEPTED", "第三十条"),
    "rc_serve_copy": (("RC_ACCEPTED",), "RC_SERVED", "第四十八条"),
    "rc_reply": (("RC_SERVED",), "RC_REPLIED", "第四十八条"),
    "rc_plan_hearing": (DECIDABLE, "", "第五十条"),
    "rc_hear": (DECIDABLE, "RC_HEARING", "第四十九条"),
    "rc_convert": (RUNNING, "", "第五十五条"),
    "rc_suspend": (RUNNING, "RC_SUSPENDED", "第三十九条"),
    "rc_to_mediation": (RUNNING, "RC_SUSPENDED", "第五条"),
    "rc_pass_document": (("RC_SUSPENDED",), "", "第五十六条"),
    "rc_answer_document": (("RC_SUSPENDED",), "", "第五十八条"),
    "rc_resume": (("RC_SUSPENDED",), "RC_RESUMED", "第三十九条"),
    "rc_extend": (RUNNING, "RC_EXTENDED", "第六十二条"),
    "rc_exclude_time": (RUNNING, "", "第六十二条"),
    "rc_reject": (RUNNING, "RC_REJECTED", "第三十三条"),
    "rc_decide": (DECIDABLE, "RC_DECIDED", "第六十一条"),
    "rc_serve_decision": (("RC_DECIDED",), "RC_EFFECTIVE", "第七十五条"),
    "rc_mediate": ((*RUNNING, "RC_SUSPENDED"), "RC_MEDIATED", "第五条"),
    "rc_settle": ((*RUNNING, "RC_SUSPENDED"), "RC_TERMINATED", "第七十四条"),
    "rc_terminate": ((*RUNNING, "RC_SUSPENDED"), "RC_TERMINATED", "第四十一条"),
    "rc_perform": (("RC_EFFECTIVE", "RC_MEDIATED"), "RC_PERFORMED", "第七十七条"),
    "rc_opinion": (WITH_OPINION, "", "第七十六条"),
    "rc_report": (WITH_OPINION, "", "第七十六条"),
    "rc_sue": (
        (*RUNNING, "RC_NOT_ACCEPTED", "RC_REJECTED", "RC_EFFECTIVE", "RC_PERFORMED"),
        "RC_LITIGATION", "第三十四条",
    ),
}  # fmt: skip
# The whole vocabulary of the track (domain 0.3), and the end that the office adds: not pursued.
STATES = {
    "RC_ADVISED", "RC_FILED", "RC_CORRECTION", "RC_ABANDONED", "RC_ACCEPTED", "RC_NOT_ACCEPTED",
    "RC_SERVED", "RC_REPLIED", "RC_HEARING", "RC_SUSPENDED", "RC_RESUMED", "RC_EXTENDED",
    "RC_REJECTED", "RC_DECIDED", "RC_MEDIATED", "RC_TERMINATED", "RC_EFFECTIVE", "RC_PERFORMED",
    "RC_LITIGATION", "RC_NOT_PURSUED",
}  # fmt: skip
# State → the task that is open then, and who is asked, when the office itself is the respondent.
ASKED = {
    "RC_ADVISED": ("advise", "centre_staff"),
    "RC_FILED": ("follow_acceptance", "reconsideration_clerk"),
    "RC_CORRECTION": ("follow_acceptance", "reconsideration_clerk"),
    "RC_ACCEPTED": ("follow_review", "reconsideration_clerk"),
    "RC_SERVED": ("answer_copy", "justice_staff"),
    "RC_REPLIED": ("follow_review", "reconsideration_clerk"),
    "RC_HEARING": ("follow_review", "reconsideration_clerk"),
    "RC_SUSPENDED": ("follow_review", "reconsideration_clerk"),
    "RC_RESUMED": ("answer_copy", "justice_staff"),
    "RC_EXTENDED": ("follow_review", "reconsideration_clerk"),
    "RC_DECIDED": ("follow_service", "reconsideration_clerk"),
    "RC_EFFECTIVE": ("wind_up", "centre_staff"),
    "RC_PERFORMED": ("wind_up", "centre_staff"),
    "RC_LITIGATION": ("wind_up", "centre_staff"),
    "RC_NOT_ACCEPTED": ("wind_up", "centre_staff"),
    "RC_REJECTED": ("wind_up", "centre_staff"),
    "RC_MEDIATED": ("wind_up", "centre_staff"),
    "RC_TERMINATED": ("wind_up", "centre_staff"),
    "RC_NOT_PURSUED": ("wind_up", "centre_staff"),
}
METHODS = {name: name.removeprefix("rc_") for name in STEPS}
METHODS |= {"rc_deem_accepted": "accept", "rc_settle": "terminate", "rc_to_mediation": "suspend"}
PHASES = (*RUNNING, *sorted(STATES - {*RUNNING, "RC_RESUMED", "RC_EXTENDED"}))


def test_tables_name_every_step_and_state():
    assert {spec.name for spec in catalog.all_specs() if spec.name.startswith("rc_")} == set(STEPS)
    assert set(State.values) == STATES


@pytest.mark.parametrize("step", [name for name, (_from, to, _law) in STEPS.items() if to])
def test_state_moves_only_along_the_table(step):
    sources, target, _article = STEPS[step]

    for state in PHASES:
        passing = [("RC_RESUMED", state), ("RC_EXTENDED", state)] if state in RUNNING else []
        for status, stood in ((state, ""), *passing):
            track = Reconsideration(status=status, stood_at=stood)
            if state in sources:
                getattr(track, METHODS[step])()
                assert track.status == target
            else:
                with pytest.raises(TransitionNotAllowed):
                    getattr(track, METHODS[step])()


@pytest.mark.parametrize("step", STEPS)
def test_step_has_its_phases_and_its_article(step):
    spec = catalog.find(step)

    assert set(spec.phases) == set(STEPS[step][0])
    assert spec.basis.startswith(f"行政复议法{STEPS[step][2]}")
    assert spec.statuses == {S.RECONSIDERING}


def test_status_of_the_track_cannot_be_assigned():
    track = Reconsideration()

    with pytest.raises(AttributeError):
        track.status = "RC_DECIDED"


@pytest.mark.parametrize("state", WAYS)
def test_open_task_follows_the_state(case_in, cast, state):
    case = case_in(S.RECONSIDERING)

    bring(cast.bao, case, state)

    assert WorkItem.objects.values_list("node", "role").get(dispute=case) == ASKED[state]


def test_every_state_but_the_one_that_needs_time_is_reached():
    assert STATES - set(WAYS) == {"RC_ABANDONED"}


@pytest.mark.parametrize(
    "state", WAYS if LONG else ["RC_ADVISED", "RC_RESUMED", "RC_DECIDED", "RC_MEDIATED"]
)
def test_step_elsewhere_is_refused_with_its_article_and_writes_nothing(
    case_in, cast, snapshot_rows, state
):
    case = case_in(S.RECONSIDERING)
    track = bring(cast.bao, case, state)
    rows = snapshot_rows()

    for step, (sources, _target, article) in STEPS.items():
        if track.phase in sources or step == "rc_deem_accepted":
            continue
        with transaction.atomic(), pytest.raises(Unmet) as refusal:
            take(cast.bao, case, step)
        (reason,) = refusal.value.reasons
        assert reason.code == "wrong_phase"
        assert article in reason.source

    assert snapshot_rows() == rows


def test_ticker_alone_deems_accepted(case_in, cast):
    case = case_in(S.RECONSIDERING)
    bring(cast.bao, case, "RC_FILED")

    with pytest.raises(Forbidden):
        give(cast.bao, "rc_deem_accepted", case, NEXT_DAY, rule="R06", due_on="2026-03-10")


@pytest.mark.parametrize(
    ("state", "step", "bad", "codes"),
    [
        ("RC_ADVISED", "rc_file", {"filed_by": "oral"}, ["oral_application_is_recorded"]),
        ("RC_ADVISED", "rc_file", {"applicants": 6}, ["representatives_are_chosen"]),
        ("RC_ADVISED", "rc_give_up", {"reason": "court"}, ["suit_needs_no_reconsideration"]),
        ("RC_FILED", "rc_give_up", {"reason": "court"}, ["suit_needs_no_reconsideration"]),
        ("RC_FILED", "rc_accept", {"conditions_met": False}, ["conditions_are_met"]),
        ("RC_FILED", "rc_accept", {"procedure": "simplified"}, ["simplified_has_its_ground"]),
        ("RC_CORRECTION", "rc_abandon", {}, ["correction_time_is_over"]),
        ("RC_SERVED", "rc_decide", {}, ["reply_is_in_or_overdue"]),
        ("RC_SERVED", "rc_hear", {}, ["reply_is_in_or_overdue"]),
        ("RC_REPLIED", "rc_decide", {}, ["opinions_were_heard"]),
        ("RC_REPLIED", "rc_plan_hearing", {"hearing_on": "2026-03-09"}, ["hearing_is_told_in_time"]),
        ("RC_REPLIED", "rc_plan_hearing", {"members": 1}, ["hearing_is_staffed"]),
        ("RC_REPLIED", "rc_hear", {"manner": "hearing"}, ["head_attends_or_delegates"]),
        ("RC_REPLIED", "rc_convert", {}, ["is_simplified"]),
        ("RC_REPLIED", "rc_suspend", {"ground": "S6"}, ["both_sides_consent"]),
        ("RC_REPLIED", "rc_suspend", {"told": False}, ["parties_are_told_in_writing"]),
        ("RC_SUSPENDED", "rc_resume", {"cause_gone": False}, ["cause_is_gone"]),
        ("RC_SUSPENDED", "rc_terminate", {"ground": "T5"}, ["unresolved_for_sixty_days"]),
        ("RC_SERVED", "rc_terminate", {"ground": "T4"}, ["criminal_ground_fits_the_act"]),
        ("RC_REPLIED", "rc_extend", {"approved_by": ""}, ["head_approves"]),
        ("RC_EXTENDED", "rc_extend", {}, ["was_not_extended"]),
        ("RC_HEARING", "rc_decide", {"decision": "D8"}, ["no_reply_is_not_claimed"]),
        ("RC_HEARING", "rc_decide", {"decision": "D7"}, ["dismissal_fits_the_act"]),
        ("RC_HEARING", "rc_decide", {"decision": "D9"}, ["agreement_result_fits_the_act"]),
        ("RC_HEARING", "rc_decide", {"decision": "D1"}, ["applicant_is_not_worse_off"]),
        ("RC_REPLIED", "rc_mediate", {"sealed_on": ""}, ["agreement_is_signed_and_sealed"]),
        ("RC_REPLIED", "rc_settle", {"approved": False}, ["settlement_is_approved"]),
        ("RC_EFFECTIVE", "rc_report", {}, ["report_is_due"]),
        ("RC_REPLIED", "rc_sue", {}, ["suit_is_open"]),
    ],
)  # fmt: skip
def test_law_refuses_in_its_own_words(case_in, cast, snapshot_rows, state, step, bad, codes):
    case = case_in(S.RECONSIDERING)
    bring(cast.bao, case, state)
    rows = snapshot_rows()

    with pytest.raises(Unmet) as refusal:
        take(cast.bao, case, step, **bad)

    assert [reason.code for reason in refusal.value.reasons] == codes
    assert all("法" in reason.source for reason in refusal.value.reasons)
    assert snapshot_rows() == rows


@pytest.mark.parametrize(
    ("state", "step", "bad", "field"),
    [
        ("RC_ADVISED", "rc_file", {"on": "2026-03-01"}, "on"),  # before the act was known
        ("RC_ADVISED", "rc_file", {"on": "2026-03-04"}, "on"),  # tomorrow
        ("RC_ADVISED", "rc_file", {"obstacle_from": "2026-03-02"}, "obstacle"),
        ("RC_FILED", "rc_accept", {"on": "2026-03-02"}, "on"),
        ("RC_REPLIED", "rc_extend", {"days": 31}, "days"),  # 第六十二条: at most thirty days
        ("RC_REPLIED", "rc_suspend", {"ground": "S11"}, "ground"),
        ("RC_HEARING", "rc_decide", {"decision": "D4"}, "perform_by"),  # 第六十六条
        ("RC_HEARING", "rc_decide", {"decision": "D11"}, "decision"),
        ("RC_SERVED", "rc_reply", {"evidence": [{"name": "照片"}]}, "evidence"),
        ("RC_SERVED", "rc_reply", {"evidence": [], "content": ""}, "content"),  # 第四十八条
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(
    case_in, cast, snapshot_rows, state, step, bad, field
):
    case = case_in(S.RECONSIDERING)
    bring(cast.bao, case, state)
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.bao, step, case, NEXT_DAY, **(data_of(step, "2026-03-03") | bad))

    assert field in refusal.value.fields
    assert snapshot_rows() == rows


@pytest.mark.parametrize("state", ["RC_FILED", "RC_SERVED", "RC_HEARING", "RC_EFFECTIVE"])
def test_each_step_leaves_its_paper(case_in, cast, state):
    case = case_in(S.RECONSIDERING)

    bring(cast.bao, case, state)

    kinds = list(StatutoryNotice.objects.values_list("kind", flat=True))
    papers = {
        "rc_accept": "acceptance", "rc_serve_copy": "reply_notice", "rc_reply": "answer",
        "rc_hear": "opinions", "rc_decide": "decision",
    }  # fmt: skip
    assert kinds == ["advice", *(papers[step] for step in WAYS[state] if step in papers)]


WHO = {
    **{key: {"centre", "clerk"} for key in STEPS},
    **{key: {"centre", "clerk", "justice"} for key in ("rc_file", "rc_give_up")},
    **{
        key: {"centre", "clerk", "justice"}
        for key in ("rc_reply", "rc_perform", "rc_opinion", "rc_report")
    },
    "rc_deem_accepted": {"system"},
}
PEOPLE = {
    "centre": "bao", "clerk": "fu", "justice": "si", "mediator": "li", "worker": "wang",
    "leader": "ling", "auditor": "shen",
}  # fmt: skip


def test_steps_belong_to_those_the_table_names(case_in, cast):
    case = case_in(S.RECONSIDERING)
    actors = {role: getattr(cast, name) for role, name in PEOPLE.items()} | {"system": SYSTEM}

    found = {
        step: {role for role, actor in actors.items() if policy.may(actor, step, case)}
        for step in STEPS
    }

    assert found == WHO


def test_clerk_of_another_subdistrict_finds_nothing(case_in, cast, snapshot_rows):
    case = case_in(S.RECONSIDERING)
    rows = snapshot_rows()

    for step in INPUT:
        with pytest.raises(NotFound):
            take(cast.b_fu, case, step)

    assert snapshot_rows() == rows


def test_steps_of_a_concluded_case_are_over(case_in, cast):
    case = case_in(S.RECONSIDERING)
    bring(cast.bao, case, "RC_SERVED")
    take(cast.bao, case, "rc_terminate")
    give(cast.bao, "conclude_reconsideration", case, NEXT_DAY)

    with pytest.raises(Unmet) as refusal:
        take(cast.bao, case, "rc_suspend", at("2026-03-05 09:00"))

    assert [reason.code for reason in refusal.value.reasons] == ["wrong_status"]
    assert Dispute.objects.get(pk=case.pk).result == "REFERRED_RC"
