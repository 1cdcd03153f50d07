"""The linked track of administrative reconsideration: an external case that is followed here."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, FSMField, transition

from mediation.disputes.models import Dispute


class ActKind(models.TextChoices):
    """What is complained about (Administrative Reconsideration Law arts. 11, 23)."""

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
    REJECTED = "RC_REJECTED", _("Application rejected")
    DECIDED = "RC_DECIDED", _("Decided")
    MEDIATED = "RC_MEDIATED", _("Mediation agreement effective")
    TERMINATED = "RC_TERMINATED", _("Terminated")
    EFFECTIVE = "RC_EFFECTIVE", _("Decision served and effective")
    PERFORMED = "RC_PERFORMED", _("Performed")
    LITIGATION = "RC_LITIGATION", _("Gone to administrative litigation")
    NOT_PURSUED = "RC_NOT_PURSUED", _("Not pursued by the applicant")


RUNNING = [State.ACCEPTED, State.SERVED, State.REPLIED, State.HEARING]
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


class Decision(models.TextChoices):
    """Kinds of decision (Administrative Reconsideration Law arts. 63 to 72)."""

    CHANGE = "D1", _("Changed")
    REVOKE = "D2", _("Revoked")
    ILLEGAL = "D3", _("Confirmed illegal")
    ORDER = "D4", _("Performance ordered")
    INVALID = "D5", _("Confirmed invalid")
    UPHOLD = "D6", _("Upheld")
    DISMISS = "D7", _("Request dismissed")


class Reconsideration(models.Model):
    """One application against one act. The subdistrict office is never the deciding body (art. 24)."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="reconsiderations")
    status = FSMField(default=State.ADVISED, choices=State.choices, protected=True, max_length=20)
    act_kind = models.CharField(_("Kind of act"), max_length=16, choices=ActKind.choices)
    act = models.CharField(_("Act"), max_length=120)
    act_number = models.CharField(_("Document number"), max_length=60, blank=True)
    organ = models.CharField(_("Acting organ"), max_length=80)
    competent_body = models.CharField(_("Reconsideration organ"), max_length=80)
    known_on = models.DateField(_("Known since"))
    apply_by = models.DateField(_("Apply by"))
    state_before_suspension = models.CharField(max_length=20, blank=True)
    decision = models.CharField(_("Decision"), max_length=3, choices=Decision.choices, blank=True)
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

    @transition(field=status, source=State.ADVISED, target=State.FILED)
    def file(self) -> None: ...

    @transition(field=status, source=State.ADVISED, target=State.NOT_PURSUED)
    def give_up(self) -> None: ...

    @transition(field=status, source=State.FILED, target=State.CORRECTION)
    def ask_correction(self) -> None: ...

    @transition(field=status, source=State.CORRECTION, target=State.FILED)
    def correct(self) -> None: ...

    @transition(field=status, source=State.CORRECTION, target=State.ABANDONED)
    def abandon(self) -> None: ...

    @transition(field=status, source=State.FILED, target=State.ACCEPTED)
    def accept(self) -> None: ...

    @transition(field=status, source=State.FILED, target=State.NOT_ACCEPTED)
    def refuse(self) -> None: ...

    @transition(field=status, source=State.ACCEPTED, target=State.SERVED)
    def serve_copy(self) -> None: ...

    @transition(field=status, source=State.SERVED, target=State.REPLIED)
    def reply(self) -> None: ...

    @transition(field=status, source=[State.SERVED, State.REPLIED], target=State.HEARING)
    def hear(self) -> None: ...

    @transition(field=status, source=RUNNING, target=State.SUSPENDED)
    def suspend(self) -> None:
        self.state_before_suspension = self.status

    @transition(field=status, source=State.SUSPENDED, target=RETURN_VALUE(*RUNNING))
    def resume(self) -> State:
        return State(self.state_before_suspension)

    @transition(field=status, source=RUNNING, target=State.REJECTED)
    def reject(self) -> None: ...

    @transition(
        field=status, source=[State.SERVED, State.REPLIED, State.HEARING], target=State.DECIDED
    )
    def decide(self) -> None: ...

    @transition(field=status, source=RUNNING, target=State.MEDIATED)
    def settle(self) -> None: ...

    @transition(
        field=status, source=[*RUNNING, State.FILED, State.SUSPENDED], target=State.TERMINATED
    )
    def terminate(self) -> None: ...

    @transition(field=status, source=State.DECIDED, target=State.EFFECTIVE)
    def serve_decision(self) -> None: ...

    @transition(field=status, source=[State.EFFECTIVE, State.MEDIATED], target=State.PERFORMED)
    def perform(self) -> None: ...

    @transition(field=status, source=State.EFFECTIVE, target=State.LITIGATION)
    def sue(self) -> None: ...
