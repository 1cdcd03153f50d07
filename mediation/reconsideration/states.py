"""The states of the linked track (domain vocabulary RC_*) and the groups that steps name."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    ADVISED = "RC_ADVISED", _("Advised")
    FILED = "RC_FILED", _("Applied for")
    CORRECTION = "RC_CORRECTION", _("Being corrected")
    ABANDONED = "RC_ABANDONED", _("Deemed abandoned")
    ACCEPTED = "RC_ACCEPTED", _("Accepted")
    NOT_ACCEPTED = "RC_NOT_ACCEPTED", _("Not accepted")
    SERVED = "RC_SERVED", _("Copy served on the respondent")
    REPLIED = "RC_REPLIED", _("Replied")
    HEARING = "RC_HEARING", _("Opinions heard")
    SUSPENDED = "RC_SUSPENDED", _("Suspended")
    RESUMED = "RC_RESUMED", _("Resumed")
    EXTENDED = "RC_EXTENDED", _("Term extended")
    REJECTED = "RC_REJECTED", _("Application rejected")
    DECIDED = "RC_DECIDED", _("Decided")
    MEDIATED = "RC_MEDIATED", _("Mediation agreement effective")
    TERMINATED = "RC_TERMINATED", _("Terminated")
    EFFECTIVE = "RC_EFFECTIVE", _("Decision served and effective")
    PERFORMED = "RC_PERFORMED", _("Performed")
    LITIGATION = "RC_LITIGATION", _("Gone to administrative litigation")
    NOT_PURSUED = "RC_NOT_PURSUED", _("Not pursued by the applicant")


# Phases of the review; a resumed or extended case stands in one of them all the same.
RUNNING = (State.ACCEPTED, State.SERVED, State.REPLIED, State.HEARING)
PASSING = (State.RESUMED, State.EXTENDED)
BEFORE_ACCEPTANCE = (State.ADVISED, State.FILED, State.CORRECTION)
ENDED = frozenset(
    {
        State.ABANDONED,
        State.NOT_ACCEPTED,
        State.REJECTED,
        State.MEDIATED,
        State.TERMINATED,
        State.EFFECTIVE,
        State.PERFORMED,
        State.LITIGATION,
        State.NOT_PURSUED,
    }
)
# After these a suit within fifteen days stays open (art. 34; Administrative Litigation Law art. 45).
SUABLE = frozenset({State.NOT_ACCEPTED, State.REJECTED, State.EFFECTIVE, State.PERFORMED})
# Where the child flow asks the office itself because it is the respondent.
OWN_REPLY, OWN_DUTY = "RC_SERVED/own", "RC_EFFECTIVE/own"
