"""The papers of a case as data: which there are, for whom, when the law wants them, what they show.

Forms: 司发通〔2010〕239号 (D1 to D13); local additions (L1, L2); notices of administrative
reconsideration (R1 to R3). Order: the order of the volume.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from mediation.core.clock import local_day
from mediation.core.errors import NotFound, Text
from mediation.disputes.enums import Nature, Source, Status
from mediation.documents import completeness, layouts, letters
from mediation.documents.casefile import CaseFile, Slip
from mediation.documents.fields import rights_told
from mediation.documents.layouts import Layout
from mediation.documents.meeting_fields import attended, staff


class Need(StrEnum):
    """When the file must hold it: always here, when the occasion arose, never without asking."""

    MUST = "must"
    WANTED = "wanted"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class About:
    """One paper of a kind that there can be several of: a session, a visit, a party, a referral."""

    key: str
    label: str
    row: Any = None
    on: date | None = None


ONCE = (About("", ""),)
Needs = Callable[[CaseFile], Need | None]
Abouts = Callable[[CaseFile], Iterable[About]]


@dataclass(frozen=True, slots=True)
class Kind:
    """``code``: as the form is known; ``whom``: who gets a copy; ``when``: in words; ``needs``: as a test.

    ``series``: its own numbers per committee and year; ``"file"``: it bears the number of the file.
    ``signed``: whether the facts of the case show it signed; ``None``: it bears no signature.
    """

    id: str
    code: str
    title: str
    label: Text
    whom: str
    when: Text
    fields: tuple[str, ...]
    layout: Layout
    needs: Needs
    on: Callable[[Slip], date]
    abouts: Abouts = lambda file: ONCE  # noqa: ARG005
    series: str = ""
    mark: str = ""
    signed: Callable[[Slip], bool] | None = lambda slip: False  # noqa: ARG005

    def about(self, file: CaseFile, key: str) -> About | None:
        return next((one for one in self.abouts(file) if one.key == key), None)


CASE = ("organisation", "case_number", "title")
BY_REQUEST = {Source.APPLICATION, Source.VISIT, Source.ONLINE}


def _registered(slip: Slip) -> date:
    return local_day(slip.file.dispute.registered_at)


def _accepted(slip: Slip) -> date:
    return slip.file.dispute.accepted_on or _registered(slip)


def _today(slip: Slip) -> date:
    return slip.file.today


def _agreed(slip: Slip) -> date:
    agreed = slip.file.agreement
    return (agreed.agreed_on if agreed else None) or slip.file.today


def _held(slip: Slip) -> date:
    return local_day(slip.about.held_at)


def _event_day(command: str) -> Callable[[Slip], date]:
    def on(slip: Slip) -> date:
        event = slip.file.last(command)
        return local_day(event.at) if event else slip.file.today

    return on


def _told(slip: Slip) -> date:
    days = [row.rights_told_on for row in slip.file.necessary if row.rights_told_on]
    return max(days) if days else slip.file.today


def _need(
    test: Callable[[CaseFile], Any], need: Need = Need.WANTED, other: Need | None = None
) -> Needs:
    return lambda file: need if test(file) else other


def _mediated(file: CaseFile) -> bool:
    return file.dispute.accepted_on is not None


def _in_mediation(file: CaseFile) -> bool:
    return file.dispute.status in {
        Status.CONSENT_PENDING, Status.ACCEPTED, Status.MEDIATING, Status.PAUSED, Status.AGREED,
    }  # fmt: skip


def _written(file: CaseFile) -> bool:
    return file.agreement is not None and not file.agreement.is_oral


def _oral(file: CaseFile) -> bool:
    return file.agreement is not None and file.agreement.is_oral


def _bound(file: CaseFile) -> bool:
    return file.dispute.status in {Status.CLOSE_REVIEW, Status.CLOSED, Status.ARCHIVED}


def _agreement_signed(slip: Slip) -> bool:
    agreed = slip.file.agreement
    return agreed is not None and agreed.effective_on is not None


def _record_signed(slip: Slip) -> bool:
    """Everybody who was there, and the mediator, signed the record on the screen."""
    lines = [*attended(slip), *staff(slip)[:1]]
    return len(lines) > 1 and all(line["pad"] for line in lines)


def _rights_signed(slip: Slip) -> bool:
    told = rights_told(slip)
    return bool(told) and all(row["pad"] for row in told)


def _meetings(which: str) -> Abouts:
    def abouts(file: CaseFile) -> Iterable[About]:
        for row in getattr(file, which):
            on = local_day(row.held_at)
            yield About(str(row.pk), f"{on.month}月{on.day}日", row, on)

    return abouts


def _visits(file: CaseFile) -> Iterable[About]:
    for row in file.visits:
        on = local_day(row.visited_at)
        yield About(str(row.pk), f"{on.month}月{on.day}日", row, on)


def _parties(file: CaseFile) -> Iterable[About]:
    for row in file.parties:
        if row.name and not row.is_minor:
            yield About(str(row.ordinal), f"第{row.ordinal}当事人", row)


def _referrals(file: CaseFile) -> Iterable[About]:
    for row in file.referrals:
        yield About(str(row.pk), row.organ, row, row.sent_on)


def _tracks(file: CaseFile) -> Iterable[About]:
    for row in file.reconsiderations:
        yield About(str(row.pk), row.act, row, row.known_on)


def _civil(file: CaseFile) -> bool:
    return file.dispute.nature in {Nature.CIVIL, ""}


def _needs_application(file: CaseFile) -> Need | None:
    if not _civil(file):
        return None
    return Need.WANTED if file.dispute.source in BY_REQUEST else Need.FREE


def _needs_remarks(file: CaseFile) -> Need | None:
    if not _bound(file):
        return None
    return Need.WANTED if completeness.missing(file) else Need.FREE


def _needs_confirmation(file: CaseFile) -> Need | None:
    if not _written(file):
        return None
    return Need.WANTED if file.confirmation else Need.FREE


TRACK = (
    "organisation", "office", "number", "party_names", "applicants", "claims", "facts", "act", "act_kind",
    "act_number", "acting_organ", "competent_body", "known_on", "apply_by", "first_note", "today",
)  # fmt: skip
AGREED = (
    *CASE, "number", "parties", "agreement_facts", "clauses", "obligations", "manner", "performed_in",
    "time_limit",
    "total", "copies", "signatures", "mediator", "mediator_signed", "staff", "agreed_on", "effective_on",
)  # fmt: skip
BOUND = (
    "organisation",
    "file_number",
    "case_number",
    "title",
    "binder",
    "reviewer",
    "bound_on",
    "retention",
)

_ALL = (
    Kind(
        "d10", "D10", "卷宗封面", _("Cover of the file"), "归档", _("when the file is bound"),
        (*BOUND, "party_names", "mediator", "period"), layouts.cover, _need(_bound, Need.MUST), _today,
        signed=None,
    ),
    Kind(
        "d11", "D11", "卷内目录", _("Catalogue of the file"), "归档", _("when the file is bound"),
        ("organisation", "catalogue"), layouts.catalogue, _need(_bound, Need.MUST), _today, signed=None,
    ),
    Kind(
        "d1", "D1", "人民调解申请书", _("Application for mediation"), "当事人、归档",
        _("when a party applies; otherwise D2 stands for it"),
        (*CASE, "applicants", "respondents", "facts", "claims", "registered_on"),
        layouts.application, _needs_application, _registered,
    ),
    Kind(
        "d2", "D2", "人民调解受理登记表", _("Record of intake"), "归档", _("for every case that is mediated"),
        (*CASE, "number", "parties", "party_names", "category", "origin", "source", "facts", "registrar",
         "registered_on", "accepted_on"),
        layouts.intake, _need(lambda f: _civil(f) and (_mediated(f) or _in_mediation(f)), Need.MUST,
                              Need.FREE), _accepted, series="accept", mark="人调受字",
    ),
    Kind(
        "d3", "D3", "人民调解权利义务告知书", _("Notice of rights and duties"), "当事人、归档",
        _("before mediation begins, to every party"),
        ("organisation", "party_names", "rights_told"), layouts.rights,
        _need(lambda f: _mediated(f) or _in_mediation(f), Need.MUST), _told, signed=_rights_signed,
    ),
    Kind(
        "l2e", "L2", "授权委托书", _("Letter of authority"), "当事人、归档", _("when an agent acts for a party"),
        (*CASE, "party"), letters.authority, _need(_civil, Need.FREE), _today, abouts=_parties,
    ),
    Kind(
        "d4", "D4", "人民调解调查记录", _("Record of inquiry"), "归档", _("for every inquiry and site visit"),
        (*CASE, "held_at", "held_in", "meeting_kind", "invited", "asked_people", "attended", "turns", "record",
         "photos", "staff"),
        layouts.inquiry, _need(lambda f: f.inquiries), _held, abouts=_meetings("inquiries"),
        signed=_record_signed,
    ),
    Kind(
        "d5", "D5", "人民调解证据材料", _("List of evidence"), "归档", _("when evidence is in the file"),
        (*CASE, "evidence", "mediator"), layouts.evidence, _need(lambda f: f.evidence, Need.WANTED, Need.FREE),
        _today, signed=None,
    ),
    Kind(
        "d6", "D6", "人民调解记录", _("Record of mediation"), "归档", _("for every session"),
        (*CASE, "held_at", "held_until", "held_in", "method", "present", "invited", "attended", "turns", "record",
         "outcome", "read_back", "photos", "staff"),
        layouts.record, _need(lambda f: f.sessions, Need.MUST), _held, abouts=_meetings("sessions"),
        signed=_record_signed,
    ),
    Kind(
        "l2d", "L2", "延长调解期限同意书", _("Consent to extension"), "当事人、归档", _("when the period is extended"),
        (*CASE, "mediation_due", "extended_until", "signatures", "mediator"), letters.extension,
        _need(lambda f: f.last("extend"), Need.WANTED, Need.FREE), _event_day("extend"),
    ),
    Kind(
        "d7", "D7", "人民调解协议书", _("Mediation agreement"), "各方当事人各一份、委员会一份",
        _("when a written agreement is reached"), AGREED, layouts.agreement, _need(_written, Need.MUST),
        _agreed, series="file", signed=_agreement_signed,
    ),
    Kind(
        "d8", "D8", "人民调解口头协议登记表", _("Record of an oral agreement"), "归档",
        _("when an oral agreement is reached"), (*AGREED, "facts"), layouts.oral, _need(_oral, Need.MUST),
        _agreed, series="file", signed=_agreement_signed,
    ),
    Kind(
        "d9", "D9", "人民调解回访记录", _("Record of a follow-up visit"), "归档", _("for every visit"),
        (*CASE, "file_number", "party_names", "visited_at", "visitor", "visit_outcome", "visit_more",
         "visit_note", "satisfaction"),
        layouts.visit, _need(lambda f: f.visits, Need.WANTED), lambda s: local_day(s.about.visited_at),
        abouts=_visits,
    ),
    Kind(
        "d13", "D13", "司法确认申请书", _("Application for judicial confirmation"), "人民法院、当事人、归档",
        _("when both parties apply jointly, within 30 days of effect"),
        (*AGREED, "court", "filed_on"), layouts.confirmation, _needs_confirmation,
        lambda s: s.file.confirmation.filed_on if s.file.confirmation else s.file.today, series="file",
    ),
    Kind(
        "l2c", "L2", "人民调解终止通知书", _("Notice that mediation has ended"), "各方当事人、归档",
        _("when mediation ends without agreement"),
        (*CASE, "number", "party_names", "end_reason", "remedies", "ended_on", "today"), letters.ended,
        _need(lambda f: f.last("end_mediation")), _event_day("end_mediation"), series="ended",
        mark="人调终字", signed=None,
    ),
    Kind(
        "l2a", "L2", "纠纷移送（委托）函", _("Letter of referral"), "受送机关、归档", _("when a case is referred"),
        (*CASE, "number", "organ", "referral_target", "referral_ground", "referral_summary", "sent_on",
         "reply_by", "today"),
        letters.transfer, _need(lambda f: f.referrals), lambda s: s.about.sent_on, abouts=_referrals,
        series="transfer", mark="人调移字", signed=None,
    ),
    Kind(
        "l2b", "L2", "移送回执", _("Receipt of a referral"), "受送机关、归档", _("with every letter of referral"),
        (*CASE, "number", "organ", "sent_on", "answer"), letters.receipt, _need(lambda f: f.referrals),
        lambda s: s.about.sent_on, abouts=_referrals, series="transfer", mark="人调移字",
    ),
    Kind(
        "l2f", "L2", "送达回证", _("Proof of service"), "归档", _("when a paper is served on a party"),
        (*CASE, "party"), letters.service, _need(lambda f: f.parties, Need.FREE), _today, abouts=_parties,
    ),
    Kind(
        "r1", "R1", "行政复议权利告知书", _("Notice of the right to reconsideration"), "申请人、归档",
        _("when an administrative act is in dispute"), TRACK, letters.advice,
        _need(lambda f: f.reconsiderations, Need.MUST), _event_day("refer_to_reconsideration"),
        abouts=_tracks, series="advice", mark="复告字",
    ),
    Kind(
        "r2", "R2", "行政复议申请书", _("Application for reconsideration"), "行政复议机关、申请人",
        _("as a help for the applicant"), TRACK, letters.reconsideration_application,
        _need(lambda f: f.reconsiderations, Need.FREE), _today, abouts=_tracks,
    ),
    Kind(
        "r3", "R3", "行政复议答复书", _("Reply in reconsideration"), "行政复议机关、归档",
        _("when the office is the respondent: within 10 days"), TRACK, letters.reply,
        _need(lambda f: f.reconsiderations, Need.FREE), _today, abouts=_tracks, series="reply",
        mark="复答字",
    ),
    Kind(
        "l1", "L1", "结案报告表", _("Closing report"), "归档", _("when the case is closed"),
        (*CASE, "file_number", "mediator", "accepted_on", "registered_on", "closed_on", "source", "category",
         "parties", "facts", "result", "reviewer", "today"),
        layouts.closing, _need(_bound, Need.WANTED), _today,
    ),
    Kind(
        "d12", "D12", "卷宗情况说明", _("Remarks on the file"), "归档", _("when something is missing or special"),
        (*BOUND, "missing"), layouts.situation, _needs_remarks, _today,
    ),
    Kind(
        "d10b", "D10", "卷宗封底", _("Back cover of the file"), "归档", _("when the file is bound"),
        (*BOUND, "page_total"), layouts.back_cover, _need(_bound, Need.MUST), _today, signed=None,
    ),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.id: kind for kind in _ALL}


def papers_of(file: CaseFile) -> Iterable[tuple[Kind, About, Need]]:
    """Every paper that this case may have now, in the order of the volume."""
    for kind in _ALL:
        need = kind.needs(file)
        if need is not None:
            for about in kind.abouts(file):
                yield kind, about, need


def slug_of(kind: Kind, about: About) -> str:
    """The paper's place within its case, for addresses: ``d7``, ``d6-12``."""
    return f"{kind.id}-{about.key}" if about.key else kind.id


def find(file: CaseFile, slug: str) -> tuple[Kind, About]:
    """The paper behind a slug, if this case may have it. Raises ``NotFound``."""
    name, _dash, key = slug.partition("-")
    kind = KINDS.get(name)
    about = kind.about(file, key) if kind and kind.needs(file) is not None else None
    if kind is None or about is None:
        raise NotFound
    return kind, about
