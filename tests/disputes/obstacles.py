"""What may stand in the way of a step, put straight into the rows, and the input of lawful steps.

The lifecycle never lets most of it arise.
"""

from datetime import date

from mediation.disputes.enums import Colour
from mediation.disputes.models import Dispute, Party
from mediation.reconsideration.models import Reconsideration
from mediation.sessions.models import Meeting
from mediation.warning.models import Alert, Escalation
from tests.factories import give
from tests.factories.cases import DEADLY, NEXT_DAY, SIGNATURES, consent


def marked(**fields):
    def spoil(case, cast):
        Dispute.objects.filter(pk=case.pk).update(**fields)

    return spoil


def party(ordinal, **fields):
    def spoil(case, cast):
        Party.objects.filter(dispute=case, ordinal=ordinal).update(**fields)

    return spoil


def told(who, command, /, **data):
    def spoil(case, cast):
        give(getattr(cast, who), command, case, NEXT_DAY, **data)

    return spoil


def row(model, **fields):
    def spoil(case, cast):
        model.objects.filter(dispute=case).update(**fields)

    return spoil


def no_meetings(case, cast):
    Meeting.objects.filter(dispute=case).delete()


def child_party(case, cast):
    Party.objects.filter(dispute=case, ordinal=2).update(
        is_minor=True, plain_name="", birth=date(2015, 9, 1)
    )


def open_red_alert(case, cast):
    Dispute.objects.filter(pk=case.pk).update(colour=Colour.RED, severity=4)
    Alert.objects.create(
        dispute=case,
        colour=Colour.RED,
        severity=4,
        area_code=case.area_code,
        raised_at=NEXT_DAY,
        acknowledge_by=NEXT_DAY,
    )


def unreceived_report(case, cast):
    Escalation.objects.create(
        dispute=case, receiver="police", content="涉嫌家庭暴力", reported_at=NEXT_DAY
    )


def open_reconsideration(case, cast):
    Reconsideration.objects.create(
        dispute=case,
        act_kind="penalty",
        act="罚款",
        organ="某局",
        competent_body="资阳区人民政府",
        known_on=date(2026, 3, 2),
        apply_by=date(2026, 5, 1),
    )


def decided_reconsideration(case, cast):
    give(cast.bao, "rc_give_up", case, NEXT_DAY, reason="unwilling", on="2026-03-03")


def refused_reconsideration(case, cast):
    """Not accepted on 2026-03-03: a suit is possible until 2026-03-18."""
    give(cast.bao, "rc_file", case, NEXT_DAY, filed_by="written", on="2026-03-03")
    give(cast.bao, "rc_refuse", case, NEXT_DAY, condition="scope", on="2026-03-03")


def granted(step, *, by="ling"):
    def spoil(case, cast):
        give(
            cast.si,
            "ask_second_person",
            case,
            NEXT_DAY,
            step=step,
            reason="经走访双方已平静十四日。",
        )
        give(getattr(cast, by), "grant_second_person", case, NEXT_DAY, step=step)

    return spoil


def both(*steps):
    def spoil(case, cast):
        for step in steps:
            step(case, cast)

    return spoil


def nothing(case, cast):
    """The case is as it should be."""


MEDIATOR = {"mediator": "li"}
ACCEPT = {"accepted_on": "2026-03-03", "no_conflict": True}
DONE_1 = {"obligation": 1, "done_on": "2026-03-03", "proof": "照片"}
DONE_2 = {"obligation": 2, "done_on": "2026-03-03", "proof": "收条"}
CLOSE = {"result": "AGREED_PERFORMED"}
REASON = "经走访双方已平静十四日。"
consented = both(
    told("li", "record_consent", **consent(1)), told("li", "record_consent", **consent(2))
)
signed = told("li", "record_signatures", **SIGNATURES)
performed = both(
    told("li", "record_performance", **DONE_1), told("li", "record_performance", **DONE_2)
)
raised = told("bao", "reassess", answers=DEADLY)
acknowledged = both(raised, told("ling", "acknowledge_alert"))
filed = told(
    "li", "file_confirmation", court="资阳区法院", filed_on="2026-03-03", both_parties=True
)
asked = told("si", "ask_second_person", step="lower_red", reason=REASON)
SETTLE = {
    "is_civil": True, "both_consent": True, "content": "当场赔礼并付清。", "settled_on": "2026-03-03",
}  # fmt: skip
RULING = {"ruling": "confirm", "ruling_number": "(2026)湘0902民特12号", "ruled_on": "2026-03-03"}
FILING = {"court": "资阳区法院", "filed_on": "2026-03-03", "both_parties": True}
MEASURE = {"action": "上门稳控，落实包案。", "action_due": "2026-03-04"}
OUTCOME = {"verdict": "prevented", "outcome": "已化解，双方平静。"}
