"""What people do about a warning: see it, set a measure, resolve it, take charge, compute it anew."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Duty, Role
from mediation.areas.models import ancestor_codes
from mediation.disputes import guards, warning_guards
from mediation.disputes.enums import OPEN
from mediation.disputes.models import Dispute
from mediation.warning.models import Alert, Charge, ChargeNote
from workflows import alerting
from workflows.commands import people
from workflows.commands.fields import CommandForm, Day, Text
from workflows.commands.spec import EVERYWHERE, command
from workflows.facts import CaseFacts


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
    "recompute_risk",
    label=_("Compute the level anew"),
    done=_("Level computed anew"),
    tells=("centre", "leader"),
    statuses=OPEN,
    hidden=True,
)
def recompute_risk(dispute: Dispute, facts: CaseFacts) -> None:
    """Time has changed a fact; ``engine`` asks the rules again after this step."""


# A leader in charge (包案) ----------------------------------------------------------------------


class ChargeForm(CommandForm):
    private = frozenset({"plan"})
    plan = Text(label=_("Plan"), min_length=10, max_length=1000, multiline=True)


class NoteForm(CommandForm):
    private = frozenset({"note"})
    note = Text(label=_("Note"), min_length=5, max_length=500, multiline=True)


class EndChargeForm(CommandForm):
    outcome = Text(label=_("Outcome"), min_length=5, max_length=500, multiline=True)


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
