"""Every row of the law's tables once more: by which event its clock is armed, or where its day is judged.

Typed by hand from the articles; the second test fails when code arms a rule that is not said to be armed.
"""

import re
from pathlib import Path

import pytest

from mediation.deadlines.table import PERIODS
from workflows.commands import catalog

ROOT = Path(__file__).parents[2]
# Rule → the step after which its clock runs.
ARMED_BY = {
    # Mediation: acceptance; effect of the agreement (mediation law art. 33).
    "MED": "accept", "L01": "accept", "MEDICAL": "accept",
    "COURT_PRE": "accept", "COURT_POST": "accept", "COURT_SUMMARY": "accept",
    "CONF": "make_effective",
    # Reconsideration (domain 3.1).
    "R01": "refer_to_reconsideration", "R02": "refer_to_reconsideration",
    "R04": "refer_to_reconsideration", "R05": "refer_to_reconsideration",
    "R06": "rc_file", "R08": "rc_ask_correction", "R09": "rc_correct", "R10": "rc_file",
    "R11": "rc_accept", "R12": "rc_serve_copy", "R13": "rc_accept", "R14": "rc_serve_copy",
    "R16": "rc_accept", "R17": "rc_extend", "R18": "rc_accept",
    "R19": "rc_suspend", "R20": "rc_suspend", "R21": "rc_suspend",
    "R22": "rc_pass_document", "R23": "rc_pass_document", "R24": "rc_suspend",
    "R25": "rc_opinion", "R26": "rc_serve_decision", "R27": "rc_accept", "R29": "rc_serve_decision",
    # The same where another organ has acted.
    "R10A": "rc_file", "R12A": "rc_serve_copy", "R14A": "rc_serve_copy", "R25A": "rc_opinion",
    "R29A": "rc_serve_decision",
    # Petition (domain 4.1): what was passed to the office.
    "X03": "receive_order", "X04": "receive_order", "X05": "acknowledge_order",
    "X06": "extend_petition", "X07": "answer_order", "X08": "record_petition_review",
    "X09": "record_petition_review", "X10": "record_petition_review",
    # Petition department, labour arbitration and courts, after a referral (domain 4.1, 4.2, 4.5).
    "X01": "refer", "X05A": "acknowledge_referral",
    "L06": "refer", "L08": "acknowledge_referral", "L12": "acknowledge_referral",
    "COURT_DOCKET": "refer",
}  # fmt: skip
# Rule → where its day is judged though no clock of its own runs.
JUDGED_BY = {
    "R03": "an obstacle is a pause of R01 (art. 20(2)): terms.apply_term",
    "R07": "the notice to correct falls into R06, which runs",
    "R15": "guards.hearing_is_told_in_time counts back from the hearing",
    "R30": "R01 of a duty starts at its end: terms.apply_term",
    "OPINION": "another name of R25", "REDO": "another name of R29",
}  # fmt: skip
# What the calculator answers: acts of others, or of parties, in procedures that are not followed here.
CALCULATED = {
    "R28", "R28A", "R28B", "X02", "L05", "L05A", "L07", "L07A", "L07B", "L09", "L12A",
    "LAND_LIMIT", "LAND_NOTICE", "LAND_SERVE", "LAND_ANSWER", "LAND_FORWARD", "LAND_TRIBUNAL",
    "LAND_HEARING", "LAND_AWARD", "LAND_DELIVER", "LAND_SUE", "CONF_RULING", "CONF_REVOKE", "INFO",
    "INFO_FIX", "INFO_THIRD", "PO72", "PO24", "ONLINE_CHOOSE", "ONLINE_ASSIGN", "ONLINE_ACCEPT",
    "ONLINE_ASK", "OBSTACLE", "NOTICE_SERVICE", "TRIAL", "TRIAL_SUMMARY", "ENFORCE",
}  # fmt: skip
ARMING = (
    "workflows/clocks.py", "workflows/commands/orders.py", "workflows/commands/petitions.py",
    "mediation/reconsideration/terms.py", "mediation/referrals/models.py",
)  # fmt: skip


def test_every_rule_of_the_law_is_said_to_run_or_to_be_judged():
    rows = [*ARMED_BY, *JUDGED_BY, *CALCULATED]

    assert sorted(rows) == sorted(PERIODS)


def test_code_arms_what_is_said_to_be_armed_and_nothing_else():
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in ARMING)
    named = set(re.findall(r'"([A-Z][A-Z0-9_]+)"', text)) & set(PERIODS)

    assert named - JUDGED_BY.keys() == set(ARMED_BY)


@pytest.mark.parametrize("rule", ARMED_BY)
def test_step_that_arms_a_clock_exists(rule):
    assert catalog.find(ARMED_BY[rule]).name == ARMED_BY[rule]
