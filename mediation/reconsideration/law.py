"""What the Administrative Reconsideration Law (2023) lists: kinds, grounds, results, competent bodies.

The codes S, T and D are those of the domain file; each label carries its article.
"""

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActKind(models.TextChoices):
    """What is complained about (arts. 11, 23)."""

    SPOT_PENALTY = "spot_penalty", _("Penalty imposed on the spot")
    PENALTY = "penalty", _("Administrative penalty")
    COERCION = "coercion", _("Coercive measure")
    LICENCE = "licence", _("Licensing decision")
    RESOURCES = "resources", _("Decision on natural resources")
    EXPROPRIATION = "expropriation", _("Expropriation or compensation decision")
    DUTY = "duty", _("Failure of a legal duty")
    DISCLOSURE = "disclosure", _("Refusal to disclose information")
    CONTRACT = "contract", _("Administrative agreement")
    OTHER = "other", _("Other administrative act")


# Art. 23: here reconsideration comes before a suit.
RECONSIDERATION_FIRST = frozenset(
    {ActKind.SPOT_PENALTY, ActKind.RESOURCES, ActKind.DUTY, ActKind.DISCLOSURE}
)
# Art. 32(1): these may be applied against through the organ that imposed them, the second kind when it
# rests on electronic monitoring.
THROUGH_ITS_ORGAN = frozenset({ActKind.SPOT_PENALTY, ActKind.PENALTY})
# Art. 69: what may be complained about is that nothing was done. A licence may be left unanswered, and
# relief or insurance unpaid (art. 11).
CONCERNS_DUTY = frozenset({ActKind.DUTY, ActKind.DISCLOSURE, ActKind.LICENCE, ActKind.OTHER})


class OrganKind(models.TextChoices):
    """Who acted: it decides who reviews (arts. 24, 27, 28)."""

    SUBDISTRICT = "subdistrict", _("Subdistrict office (dispatched organ)")
    DEPARTMENT = "department", _("Department of the district government")
    GOVERNMENT = "government", _("District government")
    VERTICAL = "vertical", _("Customs, finance, tax, foreign exchange, state security")
    JUSTICE = "justice", _("Justice bureau of the district")
    OTHER = "other", _("Another organ")


class KnownBy(models.TextChoices):
    """How the applicant came to know the act (Implementing Regulation art. 15)."""

    SPOT = "spot", _("Act done on the spot: that day")
    SERVICE = "service", _("Handed over: day of signing")
    POST = "post", _("By post: day of the signed receipt")
    PUBLIC_NOTICE = "public_notice", _("Public notice: end of its term")
    SUPPLEMENT = "supplement", _("Told later: day of the supplementary notice")
    PROOF = "proof", _("Provably known on that day")


class FiledBy(models.TextChoices):
    """Art. 22."""

    WRITTEN = "written", _("In writing, in person")
    POST = "post", _("By post")
    ONLINE = "online", _("Online")
    ORAL = "oral", _("Orally, recorded on the spot")


class Procedure(models.TextChoices):
    ORDINARY = "ordinary", _("Ordinary procedure")
    SIMPLIFIED = "simplified", _("Simplified procedure")


class SimplifiedGround(models.TextChoices):
    """Art. 53: facts clear, dispute small, and one of these."""

    SPOT = "spot", _("The act was made on the spot")
    WARNING = "warning", _("Warning or public criticism")
    SMALL = "small", _("Amount of up to 3,000 yuan")
    DISCLOSURE = "disclosure", _("Disclosure of information")
    ALL_AGREE = "all_agree", _("All parties agree")


class Refusal(models.TextChoices):
    """The condition of art. 30 that is missing."""

    APPLICANT = "applicant", _("No definite applicant or no proper respondent")
    INTEREST = "interest", _("No interest in the act")
    REQUEST = "request", _("No specific request or reasons")
    LATE = "late", _("Out of time")
    SCOPE = "scope", _("Outside the scope of reconsideration")
    JURISDICTION = "jurisdiction", _("Not within this organ's jurisdiction")
    ELSEWHERE = "elsewhere", _("Already accepted here, elsewhere or by a court")


class GivenUp(models.TextChoices):
    SETTLED = "settled", _("Settled before acceptance")
    UNWILLING = "unwilling", _("The applicant does not want to apply")
    COURT = "court", _("The applicant sues directly")
    LATE = "late", _("The time for applying has run out")
    WITHDRAWN = "withdrawn", _("Withdrawn before acceptance")


class Suspension(models.TextChoices):
    """Art. 39(1)."""

    S1 = "S1", _("Applicant died; relatives have not decided")
    S2 = "S2", _("Applicant lost capacity; no agent at law yet")
    S3 = "S3", _("Applicant is missing")
    S4 = "S4", _("Organisation ended; no successor yet")
    S5 = "S5", _("Force majeure or another proper reason")
    S6 = "S6", _("Mediation or settlement, both sides consent")
    S7 = "S7", _("A question of law needs an authority's answer")
    S8 = "S8", _("Depends on another unfinished case")
    S9 = "S9", _("Review of a normative document (arts. 56, 57)")
    S10 = "S10", _("Another ground for suspension")


# Art. 41(5): unresolved for sixty days, these end the case.
LAPSING = frozenset({Suspension.S1, Suspension.S2, Suspension.S4})


class Termination(models.TextChoices):
    """Art. 41."""

    T1 = "T1", _("Withdrawal approved")
    T2 = "T2", _("Applicant died; no relatives, or they give it up")
    T3 = "T3", _("Organisation ended; no successor, or it gives it up")
    T4 = "T4", _("Restraint of liberty became a criminal measure")
    T5 = "T5", _("Suspended for sixty days by death, lost capacity or an ended organisation")


class Decision(models.TextChoices):
    """Every result of a reconsideration (arts. 30, 33, 63 to 74)."""

    CHANGE = "D1", _("Changed (art. 63)")
    REVOKE = "D2", _("Revoked, wholly or in part (art. 64)")
    ILLEGAL = "D3", _("Confirmed illegal (art. 65)")
    ORDER = "D4", _("Performance ordered (art. 66)")
    INVALID = "D5", _("Confirmed invalid (art. 67)")
    UPHOLD = "D6", _("Upheld (art. 68)")
    DISMISS = "D7", _("Request dismissed (art. 69)")
    NO_REPLY = "D8", _("No reply: revoked, illegal, invalid or ordered (art. 70)")
    CONTRACT = "D9", _("Agreement: perform, remedy, compensate (art. 71)")
    COMPENSATION = "D10", _("With state compensation (art. 72)")
    MEDIATED = "D11", _("Mediation agreement (art. 73)")
    SETTLED = "D12", _("Settled and withdrawn (art. 74)")
    REJECTED = "D13", _("Application rejected (art. 33)")
    NOT_ACCEPTED = "D14", _("Not accepted (art. 30)")


# The kinds that a decision paper can have; the others come about by steps of their own.
DECIDABLE = tuple(list(Decision)[:10])


class NoticeKind(models.TextChoices):
    """The papers that the law wants at each step; their contents are kept as fields."""

    ADVICE = "advice", _("Notice of the right to apply")
    ORAL_RECORD = "oral_record", _("Record of the oral application")
    FORWARD = "forward", _("Forwarding letter")
    CORRECTION = "correction", _("Notice to correct")
    ACCEPTANCE = "acceptance", _("Notice of acceptance")
    REFUSAL = "refusal", _("Decision not to accept")
    REPLY = "reply_notice", _("Notice to reply")
    ANSWER = "answer", _("Written reply of the respondent")
    HEARING = "hearing", _("Notice of hearing")
    OPINIONS = "opinions", _("Record of opinions heard")
    CONVERSION = "conversion", _("Notice of change of procedure")
    SUSPENSION = "suspension", _("Notice of suspension")
    RESUMPTION = "resumption", _("Notice of resumption")
    EXTENSION = "extension", _("Notice of extension")
    REJECTION = "rejection", _("Decision rejecting the application")
    DECISION = "decision", _("Reconsideration decision")
    MEDIATION = "mediation", _("Mediation agreement of the reconsideration")
    TERMINATION = "termination", _("Decision to terminate")
    OPINION = "opinion", _("Opinion letter")
    REPORT = "report", _("Report on the opinion letter")
    TRANSFER = "transfer", _("Letter passing the civil part to mediation")
    DOCUMENT = "document", _("Letter about the document under review")
    OPINION_DOC = "document_re", _("Answer on the document under review")


def organ_kind(organ: str) -> OrganKind:
    """What kind of organ bears this name, as far as the name tells."""
    if organ.endswith(("街道办事处", "街道办", "街道")):
        return OrganKind.SUBDISTRICT
    if any(word in organ for word in ("税务", "海关", "外汇", "国家安全", "金融监督")):
        return OrganKind.VERTICAL
    if organ.endswith("司法局"):
        return OrganKind.JUSTICE
    if organ.endswith(("区人民政府", "区政府")):
        return OrganKind.GOVERNMENT
    if organ.endswith(("市人民政府", "市政府", "省人民政府", "省政府")) or "省" in organ[:4]:
        return OrganKind.OTHER
    return OrganKind.DEPARTMENT


def competent_bodies(kind: str, *, district: str, city: str, organ: str = "") -> Sequence[str]:
    """Who may review acts of such an organ, the usual body first; empty where the law must be read.

    ``district`` and ``city``: names such as 资阳区 and 益阳市. Arts. 24(1), 27, 28: the office and the
    departments of a district are reviewed by its government, that by the city's; vertical organs by the
    department above, a justice bureau by its government or by the justice department above. By its name
    ``organ`` may belong to the city: then its government reviews it, and beside it that of the district
    where a branch is of the district (art. 24(4)).
    """
    if not (district and city):
        return ()
    own, above = f"{district}人民政府", f"{city}人民政府"
    if kind == OrganKind.GOVERNMENT:
        return (above,)
    if kind in {OrganKind.DEPARTMENT, OrganKind.JUSTICE} and organ.startswith(city):
        rest = organ.removeprefix(city)
        if not rest.startswith(district):
            return () if kind == OrganKind.JUSTICE else _of_city(rest, district, own, above)
    if kind == OrganKind.JUSTICE:
        return (own, f"{city}司法局")
    if kind in {OrganKind.SUBDISTRICT, OrganKind.DEPARTMENT}:
        return (own,)
    return ()


def _of_city(rest: str, district: str, own: str, above: str) -> Sequence[str]:
    """A department of the city, or its branch that bears the name of the district."""
    return (above, own) if district[:-1] in rest else (above,)
