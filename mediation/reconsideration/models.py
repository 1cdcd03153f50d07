"""The linked track of administrative reconsideration: an external case that is followed here."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from mediation.disputes.models import Dispute
from mediation.reconsideration import law
from mediation.reconsideration.law import RECONSIDERATION_FIRST, ActKind, Decision
from mediation.reconsideration.states import (
    ENDED,
    OWN_DUTY,
    OWN_REPLY,
    PASSING,
    RUNNING,
    SUABLE,
    State,
)
from mediation.reconsideration.track import Track

__all__ = [
    "ENDED", "RUNNING", "ActKind", "Decision", "Reconsideration", "Standstill", "State",
    "StatutoryNotice",
]  # fmt: skip


class Reconsideration(Track):
    """One application against one act. The subdistrict office is never the deciding body (art. 24)."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="reconsiderations")
    status = FSMField(default=State.ADVISED, choices=State.choices, protected=True, max_length=20)
    # The phase in which a suspended, resumed or extended case stands.
    stood_at = models.CharField(max_length=20, blank=True)

    # Advice (arts. 20 to 24)
    act_kind = models.CharField(_("Kind of act"), max_length=16, choices=ActKind.choices)
    act = models.CharField(_("Act"), max_length=120)
    act_number = models.CharField(_("Document number"), max_length=60, blank=True)
    act_on = models.DateField(_("Act made on"), null=True, blank=True)
    organ = models.CharField(_("Acting organ"), max_length=80)
    organ_kind = models.CharField(
        _("Kind of organ"), max_length=12, choices=law.OrganKind.choices, blank=True
    )
    is_ours = models.BooleanField(_("The office is the respondent"), default=False)
    competent_body = models.CharField(_("Reconsideration organ"), max_length=80)
    known_on = models.DateField(_("Known since"))
    known_by = models.CharField(
        _("How it became known"), max_length=14, choices=law.KnownBy.choices, blank=True
    )
    apply_by = models.DateField(_("Apply by"))
    # The rule that sets ``apply_by`` and the day from which it counts.
    apply_rule = models.CharField(max_length=20, default="R01")
    apply_from = models.DateField(null=True, blank=True)

    # Application
    filed_on = models.DateField(_("Applied on"), null=True, blank=True)
    filed_by = models.CharField(
        _("Form of the application"), max_length=8, choices=law.FiledBy.choices, blank=True
    )
    via_acting_organ = models.BooleanField(_("Filed through the acting organ"), default=False)
    received_on = models.DateField(_("Received by the organ on"), null=True, blank=True)
    correction_asked_on = models.DateField(_("Correction asked on"), null=True, blank=True)
    correction_days = models.PositiveSmallIntegerField(default=0)
    corrected_on = models.DateField(_("Corrected on"), null=True, blank=True)

    # Acceptance and review
    accepted_on = models.DateField(_("Accepted on"), null=True, blank=True)
    deemed_accepted = models.BooleanField(_("Deemed accepted"), default=False)
    procedure = models.CharField(
        _("Procedure"), max_length=10, choices=law.Procedure.choices, blank=True
    )
    served_on = models.DateField(_("Copy received by the respondent"), null=True, blank=True)
    replied_on = models.DateField(_("Replied on"), null=True, blank=True)
    # Evidence list of the reply: rows of name, what it proves, where it comes from, pages.
    evidence = models.JSONField(_("Evidence list"), default=list, blank=True)
    hearing_on = models.DateField(_("Hearing on"), null=True, blank=True)
    heard_on = models.DateField(_("Opinions heard on"), null=True, blank=True)
    extended_days = models.PositiveSmallIntegerField(_("Days of extension"), default=0)

    # Result
    decision = models.CharField(_("Decision"), max_length=3, choices=Decision.choices, blank=True)
    decision_number = models.CharField(_("Number of the decision"), max_length=60, blank=True)
    ended_on = models.DateField(_("Decided or ended on"), null=True, blank=True)
    termination = models.CharField(
        _("Ground of termination"), max_length=2, choices=law.Termination.choices, blank=True
    )
    refusal = models.CharField(
        _("Missing condition"), max_length=12, choices=law.Refusal.choices, blank=True
    )
    given_up = models.CharField(
        _("Why it is not pursued"), max_length=10, choices=law.GivenUp.choices, blank=True
    )
    redo = models.BooleanField(_("The act must be made anew"), default=False)
    perform_by = models.DateField(_("Perform by"), null=True, blank=True)
    effective_on = models.DateField(_("Served or effective on"), null=True, blank=True)
    sue_by = models.DateField(_("Sue by"), null=True, blank=True)
    performed_on = models.DateField(_("Performed on"), null=True, blank=True)
    opinion_on = models.DateField(_("Opinion letter received on"), null=True, blank=True)
    reported_on = models.DateField(_("Reported on"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.act} · {self.get_status_display()}"

    @property
    def is_first(self) -> bool:
        """Whether the law wants reconsideration before a suit (art. 23)."""
        return self.act_kind in RECONSIDERATION_FIRST

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def is_simplified(self) -> bool:
        return self.procedure == law.Procedure.SIMPLIFIED

    @property
    def must_perform(self) -> bool:
        """The respondent still has to do what was decided or agreed."""
        ordered = self.redo or self.perform_by is not None
        return ordered and self.performed_on is None and self.effective_on is not None

    @property
    def must_report(self) -> bool:
        """The opinion letter is not answered yet (art. 76)."""
        return self.opinion_on is not None and self.reported_on is None

    @property
    def owes(self) -> bool:
        """The office itself still owes performance or a report."""
        return self.is_ours and self.has_ended and (self.must_perform or self.must_report)

    @property
    def position(self) -> str:
        """Where the child flow stands: the phase, and whether the office itself is asked."""
        if self.owes:
            return OWN_DUTY
        if self.is_ours and self.phase == State.SERVED:
            return OWN_REPLY
        return self.phase

    def may_still_be_sued(self, today: date) -> bool:
        """The fifteen days after a decision are not over, and nobody has gone to court."""
        return self.status in SUABLE and self.sue_by is not None and today <= self.sue_by

    @property
    def is_running(self) -> bool:
        return self.status in {*RUNNING, *PASSING}


class Standstill(models.Model):
    """A stretch that does not count: suspension (art. 39), or inspection and appraisal (arts. 34, 37
    of the Implementing Regulation). ``until`` is the day on which it goes on."""

    class Kind(models.TextChoices):
        SUSPENSION = "suspension", _("Suspension")
        INSPECTION = "inspection", _("Site inspection")
        APPRAISAL = "appraisal", _("Expert appraisal")

    track = models.ForeignKey(Reconsideration, on_delete=models.PROTECT, related_name="standstills")
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    ground = models.CharField(_("Ground"), max_length=3, choices=law.Suspension.choices, blank=True)
    since = models.DateField(_("From"))
    until = models.DateField(_("Goes on from"), null=True, blank=True)
    both_consent = models.BooleanField(_("Both sides consent"), default=False)
    own_power = models.BooleanField(_("The organ may review the document itself"), default=False)
    # Of a suspension for the review of a document (S9): its maker was told, or the organ with the power over
    # it received it; and either has answered.
    passed_on = models.DateField(_("Document passed on"), null=True, blank=True)
    answered_on = models.DateField(_("Answer on the document received"), null=True, blank=True)
    return_by = models.DateField(_("Answer of the mediation by"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.since}"


class StatutoryNotice(models.Model):
    """A paper of the track with its contents as fields; append-only by use."""

    track = models.ForeignKey(Reconsideration, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(_("Paper"), max_length=12, choices=law.NoticeKind.choices)
    number = models.CharField(_("Number"), max_length=60, blank=True)
    issued_on = models.DateField(_("Date"))
    content: Any = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()
