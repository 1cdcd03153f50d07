"""Sentences that several pages share: what is asked of whom, and where a case stands in plain words."""

from functools import lru_cache

from django.db.models import TextChoices
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from mediation.disputes.enums import Category, Stage, Status

CATEGORY_ICONS: dict[str, str] = {
    Category.FAMILY: "heart",
    Category.NEIGHBOUR: "users",
    Category.HOUSING: "home",
    Category.CONTRACT: "document",
    Category.BUSINESS: "briefcase",
    Category.DAMAGES: "bandage",
    Category.LAND: "tree",
    Category.EXPROPRIATION: "building",
    Category.ENVIRONMENT: "leaf",
    Category.LABOUR: "wallet",
    Category.TOURISM: "suitcase",
    Category.CONSUMER: "cart",
    Category.MEDICAL: "cross",
    Category.TRAFFIC: "car",
    Category.PROPERTY: "key",
    Category.INTELLECTUAL: "bulb",
    Category.INTERNET: "globe",
    Category.OTHER: "more",
}

# On a button: the open node as something to do.
NODE_WORDS = {
    "assess": _("Assess the risk"),
    "triage": _("Choose the channel"),
    "seek_consent": _("Ask for consent"),
    "mediate": _("Mediate"),
    "sign": _("Sign the agreement"),
    "supervise_performance": _("Follow the performance"),
    "choose_channel": _("Choose another channel"),
    "reconsider": _("Follow the reconsideration"),
    "handle_referral": _("Follow the referral"),
    "await_children": _("Wait for the parts"),
    "review_closure": _("Review and close"),
    "follow_up": _("Visit again"),
    "archive": _("Archive"),
    "advise": _("Advise the applicant"),
    "follow_acceptance": _("Follow the acceptance"),
    "follow_review": _("Follow the review"),
    "answer_copy": _("Reply as respondent"),
    "follow_service": _("Follow service of the decision"),
    "perform_decision": _("Perform and report as respondent"),
    "wind_up": _("Wind up the reconsideration"),
}

# For a resident: where the case is, and what comes next.
PLAIN_STAGE = {
    Stage.INTAKE: _("Received"),
    Stage.EARLY_WARNING: _("Looked into"),
    Stage.MEDIATION: _("Mediation"),
    Stage.CLOSURE: _("Finished"),
}
PLAIN_STATUS = {
    Status.REGISTERED: _("We have your matter."),
    Status.ASSESSED: _("We have looked into your matter."),
    Status.CONSENT_PENDING: _("We are asking everybody whether they agree to mediation."),
    Status.ACCEPTED: _("Everybody agrees; a mediator has taken the matter on."),
    Status.MEDIATING: _("Mediation is under way."),
    Status.PAUSED: _("Mediation rests for the moment."),
    Status.AGREED: _("The sides have reached an agreement."),
    Status.PERFORMING: _("The agreement is in force and is being performed."),
    Status.BREACHED: _("Part of the agreement has not been performed in time."),
    Status.MEDIATION_ENDED: _("Mediation has ended without a settlement."),
    Status.RECONSIDERING: _("The matter is in administrative reconsideration."),
    Status.REFERRED: _("The matter is with another office that can settle it."),
    Status.SPLIT: _("The matter has been divided into two parts."),
    Status.CLOSE_REVIEW: _("The matter is being checked before it is closed."),
    Status.CLOSED: _("The matter is closed."),
    Status.ARCHIVED: _("The matter is closed and filed."),
    Status.VOIDED: _("The matter is not pursued; it was a repetition or a mistake."),
}
PLAIN_NEXT = {
    Status.REGISTERED: _("The centre looks into it and calls you."),
    Status.ASSESSED: _("The centre chooses the right way with you."),
    Status.CONSENT_PENDING: _("You will be asked whether you agree to mediation. It is free."),
    Status.ACCEPTED: _("The mediator arranges the first talk with you."),
    Status.MEDIATING: _(
        "The mediator tells you when the next talk is. Bring papers that you have."
    ),
    Status.PAUSED: _("The mediator calls you when it goes on."),
    Status.AGREED: _("The sides sign the agreement."),
    Status.PERFORMING: _("Everybody does what was promised. Tell the mediator when it is done."),
    Status.BREACHED: _(
        "The mediator speaks with the other side and tells you what else you can do."
    ),
    Status.MEDIATION_ENDED: _("The centre tells you which other lawful ways stay open to you."),
    Status.RECONSIDERING: _("The organ of reconsideration decides; you will be told."),
    Status.REFERRED: _("That office contacts you. You may ask us at any time."),
    Status.SPLIT: _("Both parts go on; each has its own number."),
    Status.CLOSE_REVIEW: _("You need not do anything."),
    Status.CLOSED: _("The grid worker will visit you and ask whether all is well."),
}


def lasting(minutes: int) -> str:
    """A length of time in the unit that says it best: minutes, hours, or days with one decimal."""
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = round(minutes / 60, 1)
        return ngettext("%(n)s hour", "%(n)s hours", 2) % {"n": f"{hours:g}"}
    return ngettext("%(n)s day", "%(n)s days", 2) % {"n": f"{round(minutes / 1440, 1):,g}"}


def label_of(kind: type[TextChoices], value: str) -> str:
    """The word for a stored value. Of the rows of a list many have the same."""
    return _label(kind, value, get_language() or "")


@lru_cache(maxsize=512)
def _label(kind: type[TextChoices], value: str, _language: str) -> str:
    return str(kind(value).label)


def node_word(node: str) -> str:
    """What is to be done at an open node, ready to be shown; nothing where none is open."""
    return _node_word(node, get_language() or "")


@lru_cache(maxsize=64)
def _node_word(node: str, _language: str) -> str:
    return str(NODE_WORDS.get(node, ""))
