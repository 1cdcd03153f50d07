"""The words of the lifecycle. Values are stored forever."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    REGISTERED = "registered", _("Registered")
    ASSESSED = "assessed", _("Assessed")
    CONSENT_PENDING = "consent_pending", _("Seeking consent")
    ACCEPTED = "accepted", _("Accepted")
    MEDIATING = "mediating", _("In mediation")
    PAUSED = "paused", _("Mediation paused")
    AGREED = "agreed", _("Agreement reached")
    PERFORMING = "performing", _("Being performed")
    BREACHED = "breached", _("Not performed")
    MEDIATION_ENDED = "mediation_ended", _("Mediation ended")
    RECONSIDERING = "reconsidering", _("In administrative reconsideration")
    REFERRED = "referred", _("In another channel")
    SPLIT = "split", _("Split")
    CLOSE_REVIEW = "close_review", _("Closing review")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")
    VOIDED = "voided", _("Voided")


class Stage(models.TextChoices):
    INTAKE = "INTAKE", _("Intake and registration")
    EARLY_WARNING = "EARLY_WARNING", _("Early warning and assessment")
    MEDIATION = "MEDIATION", _("Mediation")
    RECONSIDERATION = "RECONSIDERATION", _("Administrative reconsideration")
    REFERRAL = "REFERRAL", _("Other channels")
    CLOSURE = "CLOSURE", _("Closing")


STAGE_OF: dict[str, Stage] = {
    Status.REGISTERED: Stage.INTAKE,
    Status.ASSESSED: Stage.EARLY_WARNING,
    Status.CONSENT_PENDING: Stage.MEDIATION,
    Status.ACCEPTED: Stage.MEDIATION,
    Status.MEDIATING: Stage.MEDIATION,
    Status.PAUSED: Stage.MEDIATION,
    Status.AGREED: Stage.MEDIATION,
    Status.PERFORMING: Stage.MEDIATION,
    Status.BREACHED: Stage.MEDIATION,
    Status.MEDIATION_ENDED: Stage.MEDIATION,
    Status.RECONSIDERING: Stage.RECONSIDERATION,
    Status.REFERRED: Stage.REFERRAL,
    Status.SPLIT: Stage.REFERRAL,
    Status.CLOSE_REVIEW: Stage.CLOSURE,
    Status.CLOSED: Stage.CLOSURE,
    Status.ARCHIVED: Stage.CLOSURE,
    Status.VOIDED: Stage.CLOSURE,
}

DONE = frozenset({Status.CLOSED, Status.ARCHIVED, Status.VOIDED})
OPEN = frozenset(set(Status) - DONE)


class Colour(models.TextChoices):
    RED = "RED", _("Red")
    ORANGE = "ORANGE", _("Orange")
    YELLOW = "YELLOW", _("Yellow")
    BLUE = "BLUE", _("Blue")


SEVERITY = {Colour.BLUE: 1, Colour.YELLOW: 2, Colour.ORANGE: 3, Colour.RED: 4, "": 0}


class Nature(models.TextChoices):
    CIVIL = "CIVIL", _("Civil")
    ADMINISTRATIVE = "ADMINISTRATIVE", _("Administrative")
    MIXED = "MIXED", _("Mixed")
    CRIMINAL = "CRIMINAL", _("Criminal suspicion")


class Sensitivity(models.TextChoices):
    NORMAL = "normal", _("Normal")
    VIOLENCE = "violence", _("Violence")
    MINOR = "minor", _("Minor")
    SEALED = "sealed", _("Sealed")


class Source(models.TextChoices):
    """How the committee came by the case (statistics of the Ministry of Justice)."""

    GRID = "grid", _("Found by the grid worker")
    APPLICATION = "application", _("Application of a party")
    VISIT = "visit", _("Visit to the centre")
    HOTLINE = "hotline", _("12345 hotline")
    POLICE = "police", _("Transferred by the police")
    COURT = "court", _("Entrusted by the court")
    PROCURATOR = "procurator", _("Transferred by the procuratorate")
    PETITION = "petition", _("Transferred by the petition office")
    DEPARTMENT = "department", _("Transferred by another department")
    ONLINE = "online", _("Online application")


class Category(models.TextChoices):
    """Statistical categories of the Ministry of Justice."""

    FAMILY = "01", _("Marriage and family")
    NEIGHBOUR = "02", _("Neighbours")
    HOUSING = "03", _("Housing and homestead")
    CONTRACT = "04", _("Contract")
    BUSINESS = "05", _("Production and business")
    DAMAGES = "06", _("Damages")
    LAND = "07", _("Forest and land")
    EXPROPRIATION = "08", _("Expropriation and demolition")
    ENVIRONMENT = "09", _("Environment")
    LABOUR = "10", _("Labour and wages")
    TOURISM = "11", _("Tourism")
    CONSUMER = "12", _("Consumer")
    MEDICAL = "13", _("Medical")
    TRAFFIC = "14", _("Traffic accident")
    PROPERTY = "15", _("Property management")
    INTELLECTUAL = "16", _("Intellectual property")
    INTERNET = "17", _("Internet")
    OTHER = "99", _("Other dispute")


class ResultCode(models.TextChoices):
    AGREED_PERFORMED = "AGREED_PERFORMED", _("Agreed and performed")
    AGREED_CONFIRMED = "AGREED_CONFIRMED", _("Agreed and confirmed by the court")
    ORAL_PERFORMED = "ORAL_PERFORMED", _("Oral agreement performed")
    SELF_SETTLED = "SELF_SETTLED", _("Settled by the parties themselves")
    REFERRED_COURT = "REFERRED_COURT", _("Gone to court")
    REFERRED_ARB = "REFERRED_ARB", _("Gone to arbitration")
    REFERRED_RC = "REFERRED_RC", _("Gone to reconsideration")
    REFERRED_PETITION = "REFERRED_PETITION", _("Gone to petition")
    REFERRED_POLICE = "REFERRED_POLICE", _("Gone to the police")
    REFERRED_DEPT = "REFERRED_DEPT", _("Gone to a department")
    FAILED = "FAILED", _("Not resolved")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    DUPLICATE = "DUPLICATE", _("Duplicate")
    FALSE_ALARM = "FALSE_ALARM", _("False report")


SUCCESS = frozenset(
    {
        ResultCode.AGREED_PERFORMED,
        ResultCode.AGREED_CONFIRMED,
        ResultCode.ORAL_PERFORMED,
        ResultCode.SELF_SETTLED,
    }
)


class Side(models.TextChoices):
    APPLICANT = "applicant", _("Applicant")
    RESPONDENT = "respondent", _("Respondent")
    AFFECTED = "affected", _("Affected person")


class PartyKind(models.TextChoices):
    NATURAL = "natural", _("Natural person")
    LEGAL = "legal", _("Legal person or organisation")
    UNKNOWN = "unknown", _("Not known yet")


class Consent(models.TextChoices):
    UNASKED = "unasked", _("Not asked yet")
    YES = "yes", _("Agrees")
    NO = "no", _("Refuses")
    WITHDRAWN = "withdrawn", _("Withdrew consent")


class ContactChannel(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("By phone")
    WRITING = "writing", _("In writing")
    ONLINE = "online", _("Online")


class EndReason(models.TextChoices):
    """Why mediation ended (People's Mediation Law art. 26; SF/T 0083-2020)."""

    REFUSED = "REFUSED", _("A party refuses mediation")
    WITHDRAWN = "WITHDRAWN", _("A party withdrew consent")
    EXPIRED = "EXPIRED", _("Time ran out without agreement")
    NO_CONTACT = "NO_CONTACT", _("A party cannot be reached")
    DEADLOCK = "DEADLOCK", _("Deadlock")
    ILLEGAL_PURPOSE = "ILLEGAL_PURPOSE", _("Illegal purpose or false mediation")
    ACCEPTED_ELSEWHERE = "ACCEPTED_ELSEWHERE", _("Accepted by a court or another organ")
    CRIME = "CRIME", _("Suspected crime")


class Remedy(models.TextChoices):
    """Lawful ways that stay open and must be told (People's Mediation Law art. 3, 26)."""

    COURT = "COURT", _("Suit in court")
    ARBITRATION = "ARBITRATION", _("Arbitration")
    LABOUR_ARBITRATION = "LABOUR_ARBITRATION", _("Labour arbitration")
    ADMINISTRATIVE = "ADMINISTRATIVE", _("Handling by the competent department")
    POLICE = "POLICE", _("Police")
    LEGAL_AID = "LEGAL_AID", _("Legal aid 12348")
    PROTECTION_ORDER = "PROTECTION_ORDER", _("Personal protection order")
    WOMEN = "WOMEN", _("Women's federation")
    PETITION = "PETITION", _("Petition office")
    PAYMENT_ORDER = "PAYMENT_ORDER", _("Payment order")


class Retention(models.TextChoices):
    TEN = "10", _("10 years")
    THIRTY = "30", _("30 years")
    PERMANENT = "P", _("Permanent")
