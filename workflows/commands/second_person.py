"""What one person may not decide alone: lowering a red case, opening a closed one, a child's details."""

from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Role
from mediation.disputes import guards, policy
from mediation.disputes import services as reveals
from mediation.disputes.enums import DONE, Status
from mediation.disputes.models import Approval, Dispute
from workflows.commands import people
from workflows.commands.fields import CommandForm, Text
from workflows.commands.spec import EVERYWHERE, command
from workflows.facts import CaseFacts

SECOND_PERSON = [
    ("lower_red", _("Lower a red case")),
    ("reopen", _("Reopen a closed case")),
    ("reveal_minor", _("Show the details of a child")),
]


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


decision = partial(
    command,
    form=DecideForm,
    tells=("centre", "justice"),
    statuses=EVERYWHERE - {Status.VOIDED},
    guards=(guards.second_person_is_asked, guards.second_person_is_another),
)


@decision(
    "grant_second_person",
    label=_("Consent as second person"),
    done=_("The second person consents"),
)
def grant_second_person(dispute: Dispute, facts: CaseFacts) -> None:
    _decide(facts, Approval.State.GRANTED)


@decision(
    "decline_second_person",
    label=_("Decline as second person"),
    done=_("The second person declines"),
)
def decline_second_person(dispute: Dispute, facts: CaseFacts) -> None:
    _decide(facts, Approval.State.DECLINED)
