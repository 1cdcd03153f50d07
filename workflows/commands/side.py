"""Commands beside the main line: second person, alerts, statutory reports, remarks, clocks."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Duty, Role
from mediation.areas.models import ancestor_codes
from mediation.deadlines import clocks
from mediation.deadlines.models import Deadline
from mediation.disputes import guards, policy, warning_guards
from mediation.disputes import services as reveals
from mediation.disputes.enums import DONE, OPEN, Status
from mediation.disputes.models import Approval, Dispute, Remark
from mediation.warning.models import Alert, Charge, ChargeNote, Escalation
from workflows import alerting
from workflows.commands import people
from workflows.commands.fields import CommandForm, Day, Moment, Text
from workflows.commands.spec import command
from workflows.facts import CaseFacts
from workflows.ladder import MEDIATION, climb

SECOND_PERSON = [
    ("lower_red", _("Lower a red case")),
    ("reopen", _("Reopen a closed case")),
    ("reveal_minor", _("Show the details of a child")),
]
EVERYWHERE = frozenset(Status)


class AskForm(CommandForm):
    step = forms.ChoiceField(label=_("Step"), choices=SECOND_PERSON)
    reason = Text(label=_("Reason"), min_length=10, max_length=500, multiline=True)

    def clean_step(self) -> str:
        step: str = self.cleaned_data["step"]
        if self.known is not None:
            self._require_new(step)
        if self.dispute is not None and step == "reopen" and self.dispute.status not in DONE:
            raise ValidationError(_("Only a closed case can be reopened."))
        return step

    def _require_new(self, step: str) -> None:
        actor, now = self.known.actor, self.known.now
        wanted = reveals.approval_name(actor.person_id) if step == "reveal_minor" else step
        if any(a.command == wanted and not reveals.is_over(a, now) for a in self.known.approvals):
            raise ValidationError(_("This has been asked for already."))
        # A mediator asks for what he needs himself; the colour and the reopening are the office's.
        if step != "reveal_minor" and not policy.may(actor, "reassess", self.dispute):
            raise ValidationError(str(policy.NOT_YOURS.sentence))


class DecideForm(CommandForm):
    step = forms.ChoiceField(label=_("Step"), choices=SECOND_PERSON)
    answer = Text(label=_("Answer"), max_length=500, required=False, multiline=True)

    def clean(self) -> dict[str, object]:
        data = super().clean() or self.cleaned_data
        if self.known is None or "step" not in data:
            return data
        asked = _asked(self.known, data["step"])
        if asked is None:
            raise ValidationError(_("Nobody has asked for this."))
        if asked.asked_by_id == self.known.actor.person_id:
            raise ValidationError(_("The second person must be somebody else."))
        area = self.dispute.area_code
        if data["step"] == "reopen" and not self.known.actor.holds(Role.LEADER, area):
            raise ValidationError(_("Reopening is decided by a leader."))
        if data["step"] == "reveal_minor" and not policy.answers_for_minors(
            self.known.actor, self.dispute
        ):
            raise ValidationError(
                _("This is decided by a cleared leader or justice officer (未成年人网络保护条例).")
            )
        return data


class ActForm(CommandForm):
    owner = forms.TypedChoiceField(label=_("Owner"), coerce=int)
    action = Text(label=_("Measure"), min_length=5, max_length=500, multiline=True)
    action_due = Day(label=_("Measure due on"))

    def prepare(self) -> None:
        if self.dispute is None:
            return
        duties = (
            Duty.objects.filter(area__code__in=ancestor_codes(self.dispute.area_code))
            .filter(since__lte=self.known.today, person__is_active=True)
            .exclude(until__lt=self.known.today)
            .exclude(role__in=[Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
            .select_related("person")
            .order_by("-area__level", "person__name")
        )
        names = {d.person_id: f"{d.person.name} · {d.get_role_display()}" for d in duties}
        self.offer("owner", list(names.items()))


class ResolveForm(CommandForm):
    verdict = forms.ChoiceField(label=_("Verdict"), choices=Alert.Verdict.choices)
    outcome = Text(label=_("Outcome"), min_length=5, max_length=500, multiline=True)


class ChargeForm(CommandForm):
    private = frozenset({"plan"})
    plan = Text(label=_("Plan"), min_length=10, max_length=1000, multiline=True)


class NoteForm(CommandForm):
    private = frozenset({"note"})
    note = Text(label=_("Note"), min_length=5, max_length=500, multiline=True)


class EndChargeForm(CommandForm):
    outcome = Text(label=_("Outcome"), min_length=5, max_length=500, multiline=True)


class EscalationForm(CommandForm):
    private = frozenset({"content"})

    receiver = forms.ChoiceField(label=_("Receiver"), choices=Escalation.Receiver.choices)
    content = Text(label=_("Content"), min_length=5, max_length=500, multiline=True)
    reported_at = Moment(label=_("Reported at"))
    receipt = Text(label=_("Receipt number"), max_length=60, required=False)


class ReceiptForm(CommandForm):
    escalation = forms.TypedChoiceField(label=_("Report"), coerce=int)
    receipt = Text(label=_("Receipt number"), max_length=60)

    def prepare(self) -> None:
        if self.dispute is not None:
            waiting = Escalation.objects.filter(
                dispute=self.dispute, reported_at__isnull=False, received_at__isnull=True
            )
            self.offer("escalation", [(e.pk, str(e)) for e in waiting])


class CommentForm(CommandForm):
    private = frozenset({"remark"})
    remark = Text(label=_("Remark"), min_length=2, max_length=500, multiline=True)


class DeadlineForm(CommandForm):
    rule = Text(label=_("Deadline"), max_length=20)
    subject = Text(max_length=20, required=False)
    due_on = Day(label=_("Last day"))


def _concerns(approval: Approval, step: str) -> bool:
    """Whether the approval is for this step; that for a child's details also names who asked."""
    return approval.command.partition(":")[0] == step


def _asked(facts: CaseFacts, step: str) -> Approval | None:
    return next(
        (a for a in facts.approvals if _concerns(a, step) and a.state == Approval.State.ASKED),
        None,
    )


@command(
    "ask_second_person",
    label=_("Ask for a second person's consent"),
    done=_("A second person was asked"),
    form=AskForm,
    tells=("leader", "centre", "justice"),
    statuses=EVERYWHERE - {Status.VOIDED},
)
def ask_second_person(dispute: Dispute, facts: CaseFacts) -> None:
    step = facts.data["step"]
    if step == "reveal_minor":
        step = reveals.approval_name(facts.actor.person_id)
        pending = Approval.objects.filter(dispute=dispute, command=step)
        pending.filter(state=Approval.State.GRANTED).update(state=Approval.State.SPENT)
    Approval.objects.create(
        dispute=dispute,
        command=step,
        reason=facts.data["reason"],
        asked_by=people.person(facts.actor),
        asked_at=facts.now,
    )


def _decide(facts: CaseFacts, state: Approval.State) -> None:
    asked = _asked(facts, facts.data["step"])
    if asked is not None:
        asked.state, asked.decided_by_id = state, facts.actor.person_id
        asked.decided_at, asked.answer = facts.now, facts.data["answer"]
        asked.save(update_fields=["state", "decided_by", "decided_at", "answer"])


@command(
    "grant_second_person",
    label=_("Consent as second person"),
    done=_("The second person consents"),
    form=DecideForm,
    tells=("centre", "justice"),
    statuses=EVERYWHERE - {Status.VOIDED},
    guards=(
        guards.second_person_is_asked,
        guards.second_person_is_another,
    ),
)
def grant_second_person(dispute: Dispute, facts: CaseFacts) -> None:
    _decide(facts, Approval.State.GRANTED)


@command(
    "decline_second_person",
    label=_("Decline as second person"),
    done=_("The second person declines"),
    form=DecideForm,
    tells=("centre", "justice"),
    statuses=EVERYWHERE - {Status.VOIDED},
    guards=(
        guards.second_person_is_asked,
        guards.second_person_is_another,
    ),
)
def decline_second_person(dispute: Dispute, facts: CaseFacts) -> None:
    _decide(facts, Approval.State.DECLINED)


@command(
    "acknowledge_alert",
    label=_("Acknowledge the alert"),
    done=_("Alert acknowledged"),
    tells=("centre", "leader"),
    statuses=EVERYWHERE,
    guards=(
        guards.alert_is_open,
        guards.alert_is_unacknowledged,
    ),
)
def acknowledge_alert(dispute: Dispute, facts: CaseFacts) -> None:
    if facts.alert is not None:
        alerting.acknowledge(facts.alert, actor_id=facts.actor.person_id, now=facts.now)


@command(
    "act_on_alert",
    label=_("Set owner and measure"),
    done=_("Measure set"),
    form=ActForm,
    tells=("centre", "mediator", "leader"),
    statuses=EVERYWHERE,
    guards=(
        guards.alert_is_open,
        guards.alert_is_acknowledged,
    ),
)
def act_on_alert(dispute: Dispute, facts: CaseFacts) -> None:
    if facts.alert is not None:
        alerting.act(
            facts.alert,
            owner_id=facts.data["owner"],
            action=facts.data["action"],
            due=facts.data["action_due"],
            actor=facts.actor,
            now=facts.now,
        )


@command(
    "resolve_alert",
    label=_("Resolve the alert"),
    done=_("Alert resolved"),
    form=ResolveForm,
    tells=("centre", "leader"),
    statuses=EVERYWHERE,
    guards=(
        guards.alert_is_open,
        guards.alert_is_acknowledged,
    ),
)
def resolve_alert(dispute: Dispute, facts: CaseFacts) -> None:
    if facts.alert is not None:
        alerting.resolve(
            facts.alert,
            verdict=facts.data["verdict"],
            outcome=facts.data["outcome"],
            actor_id=facts.actor.person_id,
            now=facts.now,
        )


@command(
    "take_charge",
    label=_("Take charge in person"),
    done=_("A leader took charge"),
    form=ChargeForm,
    tells=("mediator", "centre", "justice"),
    statuses=OPEN,
    guards=(warning_guards.nobody_is_in_charge,),
)
def take_charge(dispute: Dispute, facts: CaseFacts) -> None:
    """包案: the leader answers for the case until it is calm."""
    Charge.objects.create(
        dispute=dispute,
        leader=people.person(facts.actor),
        plan=facts.data["plan"],
        began_at=facts.now,
        next_at=facts.now + alerting.A_DAY,
    )


@command(
    "note_charge",
    label=_("Write the note of the day"),
    done=_("Note of the day written"),
    form=NoteForm,
    tells=("mediator", "centre"),
    statuses=EVERYWHERE,
    guards=(warning_guards.somebody_is_in_charge,),
)
def note_charge(dispute: Dispute, facts: CaseFacts) -> None:
    charge = facts.charge
    if charge is not None:
        ChargeNote.objects.create(
            charge=charge, text=facts.data["note"], author_id=facts.actor.person_id, at=facts.now
        )
        charge.next_at = facts.now + alerting.A_DAY
        charge.save(update_fields=["next_at"])


@command(
    "end_charge",
    label=_("End the charge"),
    done=_("Charge ended"),
    form=EndChargeForm,
    tells=("mediator", "centre", "justice"),
    statuses=EVERYWHERE,
    guards=(warning_guards.somebody_is_in_charge,),
)
def end_charge(dispute: Dispute, facts: CaseFacts) -> None:
    charge = facts.charge
    if charge is not None:
        charge.ended_at, charge.next_at = facts.now, None
        charge.outcome = facts.data["outcome"]
        charge.save(update_fields=["ended_at", "next_at", "outcome"])


@command(
    "recompute_risk",
    label=_("Compute the level anew"),
    done=_("Level computed anew"),
    tells=("centre", "leader"),
    statuses=OPEN,
    hidden=True,
)
def recompute_risk(dispute: Dispute, facts: CaseFacts) -> None:
    """Time has changed a fact; ``engine`` asks the rules again after this step."""


@command(
    "report_escalation",
    label=_("Report to police or another organ"),
    done=_("Reported to another organ"),
    form=EscalationForm,
    tells=("mediator", "centre", "leader"),
    statuses=OPEN,
)
def report_escalation(dispute: Dispute, facts: CaseFacts) -> None:
    """Make the report that is demanded of this receiver, or one of one's own accord."""
    receipt = facts.data["receipt"]
    owed = Escalation.objects.filter(
        dispute=dispute,
        receiver=facts.data["receiver"],
        reported_at__isnull=True,
        lapsed_at__isnull=True,
    ).first()
    report = owed or Escalation(dispute=dispute, receiver=facts.data["receiver"])
    report.content, report.reported_at = facts.data["content"], facts.data["reported_at"]
    report.reported_by_id, report.receipt = facts.actor.person_id, receipt
    report.received_at = facts.now if receipt else None
    report.save()


@command(
    "record_receipt",
    label=_("Record the receipt of a report"),
    done=_("Receipt of the report recorded"),
    form=ReceiptForm,
    statuses=OPEN,
    guards=(guards.report_awaits_receipt,),
)
def record_receipt(dispute: Dispute, facts: CaseFacts) -> None:
    Escalation.objects.filter(dispute=dispute, pk=facts.data["escalation"]).update(
        receipt=facts.data["receipt"], received_at=facts.now
    )


@command(
    "comment",
    label=_("Remark"),
    done=_("Remark"),
    form=CommentForm,
    tells=("mediator", "centre", "leader"),
    statuses=EVERYWHERE - {Status.ARCHIVED, Status.VOIDED},
)
def comment(dispute: Dispute, facts: CaseFacts) -> None:
    Remark.objects.create(
        dispute=dispute,
        text=facts.data["remark"],
        author_id=facts.actor.person_id,
        at=facts.now,
    )


@command(
    "fire_deadline",
    label=_("A deadline has run out"),
    done=_("A deadline has run out"),
    form=DeadlineForm,
    tells=("mediator", "centre", "leader"),
    statuses=EVERYWHERE,
    hidden=True,
)
def fire_deadline(dispute: Dispute, facts: CaseFacts) -> None:
    """The ticker that fired it has marked the clock; here begins the ladder if it was one of ours."""
    climb(dispute, facts)


class MoveForm(DeadlineForm):
    was = Day(label=_("Before"))


@command(
    "move_deadline",
    label=_("A deadline has moved with the calendar"),
    done=_("A deadline has moved with the calendar"),
    form=MoveForm,
    tells=("mediator", "centre"),
    statuses=EVERYWHERE,
    hidden=True,
)
def move_deadline(dispute: Dispute, facts: CaseFacts) -> None:
    """The days off of a year were announced; a computed last day is another one."""
    clock = Deadline.objects.select_for_update().get(
        dispute=dispute, rule=facts.data["rule"], subject=facts.data["subject"],
        state__in=clocks.RUNNING,
    )  # fmt: skip
    found = clocks.recomputed(clock)
    if found is None:
        return
    if dispute.mediation_due == clock.due_on and clock.rule in MEDIATION:
        dispute.mediation_due = found.due
    clocks.replan(clock, found)
