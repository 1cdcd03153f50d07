"""The fields of papers: what each is called, where in the case it comes from, and how it is read.

Each is entered once, in the act that makes it known; papers only copy. Office templates use these keys.
"""

import re
from datetime import date
from typing import Any

from django.utils.translation import override

from mediation.agreements.models import Obligation
from mediation.core.clock import local_day
from mediation.disputes.enums import EndReason, Remedy, Side, Source
from mediation.disputes.models import Party
from mediation.documents import completeness, words
from mediation.documents.casefile import Slip
from mediation.documents.field_table import FIELDS, field, name_of, simple
from mediation.documents.meeting_fields import pad, signed_paper
from mediation.sessions.models import Signature

__all__ = ["FIELDS"]

# The office and the case -------------------------------------------------------------------------

simple("organisation", "人民调解委员会", "Area.name", lambda s: s.file.committee)
simple("office", "街道办事处", "Area.name", lambda s: f"{s.file.office.name}办事处")
simple("number", "文书编号", "NumberSeries", lambda s: s.number or "（待编号）")
simple("case_number", "案号", "Dispute.number", lambda s: s.file.dispute.number)
simple(
    "file_number",
    "卷号",
    "Dispute.file_number",
    lambda s: s.file.dispute.file_number or "（待编号）",
)
simple("title", "纠纷名称", "Dispute.title", lambda s: s.file.dispute.title)
simple(
    "category", "纠纷类型", "Dispute.category", lambda s: words.choice(s.file.dispute, "category")
)
simple("source", "案件来源", "Dispute.source", lambda s: words.choice(s.file.dispute, "source"))
simple("facts", "纠纷简要情况", "Dispute.facts", lambda s: s.file.dispute.facts)
simple("place", "发生地点", "Dispute.place", lambda s: s.file.dispute.place)
simple("mediator", "人民调解员", "Dispute.mediator", lambda s: name_of(s.file.dispute.mediator))
simple(
    "registrar", "登记人", "Dispute.registered_by", lambda s: name_of(s.file.dispute.registered_by)
)
simple(
    "registered_on", "登记日期", "Dispute.registered_at",
    lambda s: words.day(local_day(s.file.dispute.registered_at)),
)  # fmt: skip
simple("accepted_on", "受理日期", "accept", lambda s: words.day(s.file.dispute.accepted_on))
simple("today", "制作日期", "-", lambda s: words.day(s.file.today))


@field("claims", "当事人申请事项", "Dispute.claim, Dispute.amount")
def claims(slip: Slip) -> list[str]:
    dispute = slip.file.dispute
    told = [part.strip() for part in dispute.claim.replace("；", "\n").split("\n") if part.strip()]
    if dispute.amount is not None:
        told.append(f"争议金额{words.yuan(dispute.amount)}")
    return told


@field("origin", "案件来源（申请或主动）", "Dispute.source")
def origin(slip: Slip) -> str:
    by_request = slip.file.dispute.source in {Source.APPLICATION, Source.VISIT, Source.ONLINE}
    return "☑①当事人申请　☐②主动调解" if by_request else "☐①当事人申请　☑②主动调解"


# Parties -----------------------------------------------------------------------------------------


def _reference_day(slip: Slip) -> date:
    return local_day(slip.file.dispute.registered_at)


@field("parties", "当事人", "Party")
def parties(slip: Slip) -> list[dict[str, str]]:
    on = _reference_day(slip)
    return [words.party(row, on=on) for row in slip.file.parties]


@field("applicants", "申请人", "Party.side")
def applicants(slip: Slip) -> list[dict[str, str]]:
    return [row for row in parties(slip) if row["side"] == "申请人"]


@field("respondents", "被申请人", "Party.side")
def respondents(slip: Slip) -> list[dict[str, str]]:
    return [row for row in parties(slip) if row["side"] == "被申请人"]


@field("party_names", "当事人姓名", "Party.name")
def party_names(slip: Slip) -> str:
    return words.names(row for row in slip.file.parties if row.is_necessary)


@field("party", "当事人（本文书）", "Party")
def party(slip: Slip) -> list[dict[str, str]]:
    if isinstance(slip.about, Party):
        return [words.party(slip.about, on=_reference_day(slip))]
    return []


@field("rights_told", "权利义务告知", "Party.rights_told_on")
def rights_told(slip: Slip) -> list[dict[str, str]]:
    told = Signature.What.RIGHTS
    return [
        {
            "name": row.name,
            "on": words.day(row.rights_told_on),
            "pad": pad(slip, told, slip.file.dispute.pk, Signature.Who.PARTY, row.ordinal)["pad"],
        }
        for row in slip.file.necessary
        if row.name
    ]


# Sessions: see ``meeting_fields`` ---------------------------------------------------------------


@field("outcome", "调解结果", "Meeting.outcome, Agreement, end_mediation")
def outcome(slip: Slip) -> str:
    """What the session came to: its own outcome, or what became known on the same day."""
    if getattr(slip.about, "outcome", ""):
        return words.choice(slip.about, "outcome")
    held, agreed = local_day(slip.about.held_at), slip.file.agreement
    if agreed is not None and agreed.agreed_on == held:
        return f"当事人自愿达成调解协议：{agreed.content}"
    ended = slip.file.last("end_mediation")
    if ended is not None and local_day(ended.at) == held:
        return f"调解终止：{end_reason(slip)}。已告知：{remedies(slip)}"
    return "未达成协议，另行调解"


# Agreement ---------------------------------------------------------------------------------------


def _of_agreement(name: str) -> Any:
    return lambda s: getattr(s.file.agreement, name, "") if s.file.agreement else ""


@field(
    "agreement_facts",
    "纠纷主要事实、争议事项",
    "Agreement.main_facts, Dispute.facts, Dispute.claim",
)
def agreement_facts(slip: Slip) -> str:
    agreed, dispute = slip.file.agreement, slip.file.dispute
    told = [getattr(agreed, "main_facts", "") or dispute.facts]
    issues = getattr(agreed, "issues", "") or dispute.claim
    if issues:
        told.append(f"争议事项：{issues}")
    if responsibilities := getattr(agreed, "responsibilities", ""):
        told.append(f"各方责任：{responsibilities}")
    return "\n".join(told)


# A new line, or a number that somebody typed: 一、 or 2.
_CLAUSE = re.compile(
    r"\n+|(?:^|(?<=[；;。]))\s*(?:[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、](?!\d))"
)


@field("clauses", "协议内容", "Agreement.clauses, Agreement.content, Obligation")
def clauses(slip: Slip) -> list[str]:
    agreed = slip.file.agreement
    if agreed is None:
        return []
    written = getattr(agreed, "clauses", None)
    texts = [c if isinstance(c, str) else str(c.get("text", "")) for c in written or []]
    return [text for text in texts if text] or [
        part.strip("；;。 \n") + "。" for part in _CLAUSE.split(agreed.content) if part.strip()
    ]


@field("obligations", "履行义务", "Obligation")
def obligations(slip: Slip) -> list[dict[str, str]]:
    return [
        {
            "ordinal": str(row.ordinal),
            "debtor": row.debtor.name if row.debtor else "",
            "content": row.content,
            "how": _how(row),
            "amount": words.yuan(row.amount),
            "due_on": words.day(row.due_on),
            "done_on": words.day(row.done_on),
            "proof": row.proof,
        }
        for row in slip.file.obligations
    ]


def _how(row: Obligation) -> str:
    """“向蔡测宁，银行转账，调解室”: to whom, how and where, as far as it was agreed."""
    to = f"向{row.creditor.name}" if row.creditor and row.creditor.name else ""
    return "，".join(part for part in (to, row.manner, row.place) if part)


simple(
    "mediator_signed", "调解员已签名", "Agreement.mediator_signed_on",
    lambda s: words.day(s.file.agreement.mediator_signed_on) if s.file.agreement else "",
)  # fmt: skip
simple("agreement_content", "协议内容", "Agreement.content", _of_agreement("content"))
simple("manner", "履行方式", "Agreement.manner", _of_agreement("manner"))
simple("performed_in", "履行地点", "Agreement.place", _of_agreement("place"))
simple("total", "金额合计", "Agreement.amount",
        lambda s: words.yuan(s.file.agreement.amount) if s.file.agreement else "")  # fmt: skip
simple("agreed_on", "达成日期", "Agreement.agreed_on",
        lambda s: words.day(s.file.agreement.agreed_on) if s.file.agreement else "")  # fmt: skip
simple("effective_on", "生效日期", "Agreement.effective_on",
        lambda s: words.day(s.file.agreement.effective_on) if s.file.agreement else "")  # fmt: skip


@field("time_limit", "履行时限", "Obligation.due_on")
def time_limit(slip: Slip) -> str:
    rows = slip.file.obligations
    days = [row.due_on for row in rows if row.due_on is not None]
    return f"{words.day(max(days))}前" if days else "即时履行"


@field("copies", "份数", "Party (one each) + 1")
def copies(slip: Slip) -> str:
    given = getattr(slip.file.agreement, "copies", None)
    return str(given or len(slip.file.necessary) + 1)


@field("signatures", "签名", "Agreement.signatures")
def signatures(slip: Slip) -> list[dict[str, str]]:
    agreed = slip.file.agreement
    signed = agreed.signatures if agreed else {}
    found = []
    for row in slip.file.necessary:
        on = signed.get(str(row.ordinal))
        on_text = words.day(date.fromisoformat(on)) if isinstance(on, str) and on else ""
        drawn = pad(slip, *signed_paper(slip), Signature.Who.PARTY, row.ordinal)
        found.append(
            {
                "name": row.name,
                "side": words.SIDE[Side(row.side)],
                "on": on_text,
                "pad": drawn["pad"],
            }
        )
    return found


@field("court", "人民法院", "JudicialConfirmation.court, Area")
def court(slip: Slip) -> str:
    filed = slip.file.confirmation
    district = slip.file.office.parent
    return filed.court if filed else f"{district.name if district else ''}人民法院"


@field("filed_on", "申请日期", "JudicialConfirmation.filed_on")
def filed_on(slip: Slip) -> str:
    filed = slip.file.confirmation
    return words.day(filed.filed_on) if filed else words.BLANK_DATE


# Ending, extending, referring --------------------------------------------------------------------


def _payload(slip: Slip, command: str) -> dict[str, Any]:
    event = slip.file.last(command)
    return event.payload if event else {}


@field("end_reason", "终止原因", "end_mediation")
def end_reason(slip: Slip) -> str:
    code = _payload(slip, "end_mediation").get("reason", "")
    return words.label(EndReason(code)) if code in EndReason.values else ""


@field("remedies", "救济途径", "end_mediation")
def remedies(slip: Slip) -> str:
    told = _payload(slip, "end_mediation").get("remedies", [])
    return "、".join(words.label(Remedy(code)) for code in told if code in Remedy.values)


@field("ended_on", "终止日期", "end_mediation")
def ended_on(slip: Slip) -> str:
    event = slip.file.last("end_mediation")
    return words.day(local_day(event.at)) if event else ""


@field("mediation_due", "调解期限届满日", "Dispute.mediation_due, extend")
def mediation_due(slip: Slip) -> str:
    """The day on which the period ended before it was extended, if it was."""
    former = _payload(slip, "extend").get("former", "")
    return words.day(date.fromisoformat(former) if former else slip.file.dispute.mediation_due)


@field("extended_until", "延长至", "extend")
def extended_until(slip: Slip) -> str:
    told = _payload(slip, "extend").get("until", "")
    return words.day(date.fromisoformat(told)) if told else words.BLANK_DATE


def _of_referral(name: str) -> Any:
    return lambda s: str(getattr(s.about, name, "") or "")


simple("organ", "受送机关", "Referral.organ", _of_referral("organ"))
simple("referral_summary", "移送内容", "Referral.summary", _of_referral("summary"))
simple("referral_ground", "移送依据", "Referral.ground", lambda s: words.choice(s.about, "ground"))
simple("referral_target", "渠道", "Referral.target", lambda s: words.choice(s.about, "target"))
simple("sent_on", "移送日期", "Referral.sent_on", lambda s: words.day(s.about.sent_on))
simple("reply_by", "回复期限", "Referral.reply_by", lambda s: words.day(s.about.reply_by))
simple("answer", "回复内容", "Referral.answer", _of_referral("answer"))

# Reconsideration ---------------------------------------------------------------------------------


def _of_track(name: str) -> Any:
    return lambda s: str(getattr(s.about, name, "") or "")


simple("act", "行政行为", "Reconsideration.act", _of_track("act"))
simple(
    "act_kind", "行为种类", "Reconsideration.act_kind", lambda s: words.choice(s.about, "act_kind")
)
simple("act_number", "文号", "Reconsideration.act_number", _of_track("act_number"))
simple("acting_organ", "作出机关", "Reconsideration.organ", _of_track("organ"))
simple(
    "competent_body", "行政复议机关", "Reconsideration.competent_body", _of_track("competent_body")
)
simple("known_on", "知道之日", "Reconsideration.known_on", lambda s: words.day(s.about.known_on))
simple("apply_by", "申请截止日", "Reconsideration.apply_by", lambda s: words.day(s.about.apply_by))
simple(
    "first_note", "复议前置", "Reconsideration.act_kind",
    lambda s: "依照《中华人民共和国行政复议法》第二十三条，本行为应当先申请行政复议，对复议决定不服的，"
    "再依法提起行政诉讼。" if s.about.is_first else "对该行政行为，可以申请行政复议，也可以依法直接提起行政诉讼；"
    "已申请行政复议且被受理的，在法定复议期限内不得提起行政诉讼。",
)  # fmt: skip

# Visits and closing ------------------------------------------------------------------------------

simple("visited_at", "回访时间", "Visit.visited_at", lambda s: words.moment(s.about.visited_at))
simple("visitor", "回访人", "Visit.visited_by", lambda s: name_of(s.about.visited_by))
simple("visit_outcome", "履行与现状", "Visit.outcome", lambda s: words.choice(s.about, "outcome"))
simple("visit_note", "回访情况", "Visit.note", lambda s: s.about.note)
simple("satisfaction", "满意度", "Visit.satisfaction",
        lambda s: f"{s.about.satisfaction}分（满分5分）" if s.about.satisfaction else "")  # fmt: skip


@field("visit_more", "协议履行、诉讼与措施", "Visit.performed, Visit.later_suit, Visit.measures")
def visit_more(slip: Slip) -> str:
    told = []
    for name, word in (("performed", "协议履行"), ("later_suit", "后续诉讼")):
        if getattr(slip.about, name, ""):
            told.append(f"{word}：{words.choice(slip.about, name)}")
    if measures := getattr(slip.about, "measures", ""):
        told.append(f"采取措施：{measures}")
    return "；".join(told)


simple("result", "处理结果", "Dispute.result",
        lambda s: words.choice(s.file.dispute, "result") if s.file.dispute.result else "")  # fmt: skip
simple("closed_on", "结案日期", "close",
        lambda s: words.day(local_day(s.file.dispute.closed_at)) if s.file.dispute.closed_at else "")  # fmt: skip
simple("retention", "保管期限", "archive",
        lambda s: words.choice(s.file.dispute, "retention") if s.file.dispute.retention else "")  # fmt: skip
simple("bound_on", "立卷日期", "archive", lambda s: words.day(
    local_day(s.file.dispute.archived_at)) if s.file.dispute.archived_at else words.day(s.file.today))  # fmt: skip


@field("binder", "立卷人", "archive (who)")
def binder(slip: Slip) -> str:
    event = slip.file.last("archive")
    return event.actor_name if event else ""


@field("reviewer", "检查人", "close (who)")
def reviewer(slip: Slip) -> str:
    event = slip.file.last("close")
    return event.actor_name if event else ""


@field("period", "调解日期（起止）", "accept, close")
def period(slip: Slip) -> str:
    dispute = slip.file.dispute
    begin = dispute.accepted_on or local_day(dispute.registered_at)
    end = local_day(dispute.closed_at) if dispute.closed_at else None
    return f"{words.day(begin)}至{words.day_or_blank(end)}"


# What people brought, and the file as a whole ----------------------------------------------------


@field("evidence", "证据材料", "Upload")
def evidence(slip: Slip) -> list[dict[str, str]]:
    return [
        {
            "name": row.note or row.name,
            "copies": "1",
            "source": words.choice(row, "slot"),
            "by": row.source or name_of(row.uploaded_by),
            "on": words.day(local_day(row.uploaded_at)),
        }
        for row in slip.file.evidence
    ]


simple("catalogue", "卷内目录", "Document, Upload", lambda s: list(s.extra.get("catalogue", [])))


@field("missing", "缺少的材料", "completeness")
def missing(slip: Slip) -> list[str]:
    with override("zh-hans"):
        return [str(line.label) for line in completeness.missing(slip.file)]


@field("page_total", "本卷页数", "dossier, archive")
def page_total(slip: Slip) -> str:
    """As counted when the volume is bound here; else as the archive wrote it down."""
    return str(slip.extra.get("page_total") or slip.file.dispute.page_count or "")
