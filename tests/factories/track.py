"""The steps of a reconsideration with lawful input, and the ways into each of its states."""

from typing import Any

from mediation.disputes.models import Dispute
from mediation.reconsideration.models import Reconsideration
from tests.factories.cases import NEXT_DAY, give

EVIDENCE = [{"name": "现场照片", "proves": "占道经营的事实", "source": "执法记录仪", "pages": 2}]
# Step → everything it needs besides its day.
INPUT: dict[str, dict[str, Any]] = {
    "rc_file": {"filed_by": "written"},
    "rc_forward": {},
    "rc_give_up": {"reason": "unwilling"},
    "rc_ask_correction": {"items": "补充处罚决定书复印件"},
    "rc_extend_correction": {"days": 5, "reason": "申请人住院"},
    "rc_correct": {},
    "rc_abandon": {"no_proper_reason": True},
    "rc_accept": {"procedure": "ordinary", "conditions_met": True},
    "rc_refuse": {"condition": "late"},
    "rc_serve_copy": {},
    "rc_reply": {"content": "事实清楚，程序合法。", "evidence": EVIDENCE, "handled_by": "司测所"},
    "rc_plan_hearing": {
        "hearing_on": "2026-03-25", "place": "复议听证室", "host": "胡测听", "members": 2,
        "recorder": "陆测记",
    },
    "rc_hear": {"manner": "phone", "opinions": "申请人坚持原请求。"},
    "rc_convert": {"approved_by": "胡测长", "reason": "案情复杂"},
    "rc_suspend": {"ground": "S7", "told": True},
    "rc_to_mediation": {
        "civil_facts": "摊主与邻店之间的赔偿问题。", "both_consent": True, "told": True,
        "return_by": "2026-04-15",
    },
    "rc_pass_document": {"organ": "资阳区住房和城乡建设局"},
    "rc_answer_document": {"organ": "资阳区住房和城乡建设局", "content": "该文件已经废止。"},
    "rc_resume": {"cause_gone": True, "told": True},
    "rc_extend": {"days": 30, "approved_by": "胡测长", "told": True, "reason": "案情复杂"},
    "rc_exclude_time": {"until": "2026-03-03", "kind": "appraisal"},
    "rc_reject": {"condition": "scope"},
    "rc_decide": {"decision": "D2"},
    "rc_serve_decision": {},
    "rc_mediate": {
        "signed_on": "2026-03-03", "sealed_on": "2026-03-03", "content": "街道退还罚款一百元。",
    },
    "rc_settle": {"content": "双方自行和解。", "approved": True},
    "rc_terminate": {"ground": "T1"},
    "rc_perform": {"note": "已退还罚款一百元"},
    "rc_opinion": {"content": "规范当场处罚程序"},
    "rc_report": {"content": "已组织执法培训"},
    "rc_sue": {"court": "资阳区人民法院"},
}  # fmt: skip
WAYS: dict[str, tuple[str, ...]] = {
    "RC_ADVISED": (),
    "RC_FILED": ("rc_file",),
    "RC_CORRECTION": ("rc_file", "rc_ask_correction"),
    "RC_ACCEPTED": ("rc_file", "rc_accept"),
    "RC_SERVED": ("rc_file", "rc_accept", "rc_serve_copy"),
    "RC_REPLIED": ("rc_file", "rc_accept", "rc_serve_copy", "rc_reply"),
    "RC_HEARING": ("rc_file", "rc_accept", "rc_serve_copy", "rc_reply", "rc_hear"),
    "RC_SUSPENDED": ("rc_file", "rc_accept", "rc_suspend"),
    "RC_RESUMED": ("rc_file", "rc_accept", "rc_serve_copy", "rc_suspend", "rc_resume"),
    "RC_EXTENDED": ("rc_file", "rc_accept", "rc_serve_copy", "rc_reply", "rc_extend"),
    "RC_DECIDED": ("rc_file", "rc_accept", "rc_serve_copy", "rc_reply", "rc_hear", "rc_decide"),
    "RC_EFFECTIVE": (
        "rc_file", "rc_accept", "rc_serve_copy", "rc_reply", "rc_hear", "rc_decide",
        "rc_serve_decision",
    ),
    "RC_PERFORMED": (
        "rc_file", "rc_accept", "rc_serve_copy", "rc_reply", "rc_hear", "rc_decide",
        "rc_serve_decision", "rc_perform",
    ),
    "RC_LITIGATION": ("rc_file", "rc_refuse", "rc_sue"),
    "RC_NOT_ACCEPTED": ("rc_file", "rc_refuse"),
    "RC_REJECTED": ("rc_file", "rc_accept", "rc_reject"),
    "RC_MEDIATED": ("rc_file", "rc_accept", "rc_mediate"),
    "RC_TERMINATED": ("rc_file", "rc_accept", "rc_terminate"),
    "RC_NOT_PURSUED": ("rc_give_up",),
}  # fmt: skip


def data_of(step: str, on: str, /, **more: Any) -> dict[str, Any]:
    day = {} if step == "rc_mediate" else {"on": on}
    return INPUT[step] | day | more


def take(
    who: Any, case: Dispute, step: str, when: Any = NEXT_DAY, /, *, on: str = "", **more: Any
) -> Any:
    """One step with lawful input, on the day on which it is recorded unless said otherwise."""
    return give(who, step, case, when, **data_of(step, on or when.date().isoformat(), **more))


def bring(who: Any, case: Dispute, state: str) -> Reconsideration:
    """A case just guided to reconsideration into ``state``, everything on one day."""
    for step in WAYS[state]:
        take(who, case, step)
    track = Reconsideration.objects.get(dispute=case)
    assert track.status == state
    return track
