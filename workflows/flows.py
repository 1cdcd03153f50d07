"""Who acts next. Read it aloud: each node, and for each status of the case the node that follows.

Module path and node names are stored in the database: never rename one without a data migration.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow.base import Flow
from viewflow.workflow.nodes.end import End

from mediation.disputes.enums import Status as S
from mediation.reconsideration.states import ENDED, OWN_DUTY, OWN_REPLY, RUNNING
from mediation.reconsideration.states import State as RC
from mediation.warning.models import Alert
from workflows.lock import DisputeLock
from workflows.models import CaseProcess, DisputeProcess, Lane
from workflows.nodes import (
    Case,
    ChildFlow,
    HumanNode,
    StartCase,
    status_of_alert,
    status_of_reconsideration,
)

AlertState = Alert.State


def start_reconsideration(case: Case, *, parent_task: Any) -> None:
    """Open the child process that follows the external case."""
    activation = ReconsiderationFlow.start.activation_class.create(
        ReconsiderationFlow.instance.node("start"), None, None
    )
    activation.process.parent_task = parent_task
    activation.process.case = case
    activation.execute()
    CaseProcess.objects.create(
        process_id=activation.process.pk, dispute_id=case.dispute.pk, lane=Lane.RECONSIDERATION
    )


class ReconsiderationFlow(Flow):
    """The linked track of administrative reconsideration: who follows it, and who answers for the office."""

    process_class = DisputeProcess
    process_title = _("Administrative reconsideration")
    lock_impl = DisputeLock()

    start = (
        StartCase(title=_("Act reported"), reads=status_of_reconsideration)
        .When(RC.ADVISED, this.advise)
        .When([RC.FILED, RC.CORRECTION], this.follow_acceptance)
        .When(OWN_DUTY, this.perform_decision)
        .When(sorted(ENDED), this.wind_up)
    )
    advise = (
        HumanNode(title=_("Advise the applicant"), reads=status_of_reconsideration)
        .When([RC.FILED, RC.CORRECTION], this.follow_acceptance)
        .When(sorted(ENDED), this.wind_up)
    )
    follow_acceptance = (
        HumanNode(title=_("Follow the acceptance"), reads=status_of_reconsideration)
        .When([*RUNNING, RC.SUSPENDED], this.follow_review)
        .When(sorted(ENDED), this.wind_up)
    )
    follow_review = (
        HumanNode(title=_("Follow the review"), reads=status_of_reconsideration)
        .When(OWN_REPLY, this.answer_copy)
        .When(RC.DECIDED, this.follow_service)
        .When(OWN_DUTY, this.perform_decision)
        .When(sorted(ENDED), this.wind_up)
    )
    answer_copy = (
        HumanNode(title=_("Reply as respondent"), reads=status_of_reconsideration)
        .When([*RUNNING, RC.SUSPENDED], this.follow_review)
        .When(RC.DECIDED, this.follow_service)
        .When(OWN_DUTY, this.perform_decision)
        .When(sorted(ENDED), this.wind_up)
    )
    follow_service = (
        HumanNode(title=_("Follow service of the decision"), reads=status_of_reconsideration)
        .When(OWN_DUTY, this.perform_decision)
        .When(sorted(ENDED), this.wind_up)
    )
    perform_decision = HumanNode(
        title=_("Perform and report as respondent"), reads=status_of_reconsideration
    ).When(sorted(ENDED), this.wind_up)
    wind_up = (
        HumanNode(title=_("Wind up the reconsideration"), reads=status_of_reconsideration)
        .When(OWN_DUTY, this.perform_decision)
        .When(S.CLOSE_REVIEW, this.end)
    )
    end = End()


class DisputeFlow(Flow):
    """From registration to the archive."""

    process_class = DisputeProcess
    process_title = _("Dispute")
    lock_impl = DisputeLock()

    start = (
        StartCase(title=_("Registration"))
        .When(S.REGISTERED, this.assess)
        .When(S.ASSESSED, this.triage)
    )

    # Early warning
    assess = (
        HumanNode(title=_("Assess"))
        .When(S.ASSESSED, this.triage)
        .When(S.CLOSE_REVIEW, this.review_closure)
        .When(S.VOIDED, this.voided)
    )
    triage = (
        HumanNode(title=_("Triage"))
        .When(S.CONSENT_PENDING, this.seek_consent)
        .When(S.RECONSIDERING, this.reconsider)
        .When(S.REFERRED, this.handle_referral)
        .When(S.SPLIT, this.await_children)
        .When(S.CLOSE_REVIEW, this.review_closure)
        .When(S.VOIDED, this.voided)
    )

    # Mediation
    seek_consent = (
        HumanNode(title=_("Seek consent"))
        .When(S.ACCEPTED, this.mediate)
        .When(S.MEDIATION_ENDED, this.choose_channel)
        .When(S.ASSESSED, this.triage)
    )
    mediate = (
        HumanNode(title=_("Mediate"))
        .When(S.AGREED, this.sign)
        .When(S.MEDIATION_ENDED, this.choose_channel)
        .When(S.ASSESSED, this.triage)
    )
    sign = (
        HumanNode(title=_("Sign the agreement"))
        .When(S.PERFORMING, this.supervise_performance)
        .When(S.MEDIATING, this.mediate)
        .When(S.MEDIATION_ENDED, this.choose_channel)
    )
    supervise_performance = (
        HumanNode(title=_("Supervise performance"))
        .When(S.CLOSE_REVIEW, this.review_closure)
        .When(S.CONSENT_PENDING, this.seek_consent)
        .When(S.REFERRED, this.handle_referral)
    )
    choose_channel = (
        HumanNode(title=_("Choose another channel"))
        .When(S.CONSENT_PENDING, this.seek_consent)
        .When(S.REFERRED, this.handle_referral)
        .When(S.CLOSE_REVIEW, this.review_closure)
        .When(S.ASSESSED, this.triage)
    )

    # Beside mediation
    reconsider = ChildFlow(
        title=_("Administrative reconsideration"),
        flow=ReconsiderationFlow,
        on_start=start_reconsideration,
    ).When(S.CLOSE_REVIEW, this.review_closure)
    handle_referral = (
        HumanNode(title=_("Handle the referral"))
        .When(S.CLOSE_REVIEW, this.review_closure)
        .When(S.ASSESSED, this.triage)
        .When(S.CONSENT_PENDING, this.seek_consent)
    )
    await_children = HumanNode(title=_("Await the parts")).When(S.CLOSE_REVIEW, this.review_closure)

    # Closing
    review_closure = (
        HumanNode(title=_("Review the closing"))
        .When(S.CLOSED, this.follow_up)
        .When(S.REGISTERED, this.assess)
        .When(S.ASSESSED, this.triage)
        .When([S.PERFORMING, S.BREACHED], this.supervise_performance)
        .When(S.MEDIATION_ENDED, this.choose_channel)
        .When(S.REFERRED, this.handle_referral)
        .When(S.RECONSIDERING, this.reconsider)
        .When(S.SPLIT, this.await_children)
    )
    follow_up = (
        HumanNode(title=_("Follow up")).When(S.CLOSED, this.archive).When(S.ASSESSED, this.triage)
    )
    archive = (
        HumanNode(title=_("Archive")).When(S.ARCHIVED, this.archived).When(S.ASSESSED, this.triage)
    )
    archived = End().Annotation(title=_("Archived"))
    voided = End().Annotation(title=_("Voided"))


class AlertFlow(Flow):
    """What must happen to an alert: somebody sees it, sets a measure, carries it out, and judges it."""

    process_class = DisputeProcess
    process_title = _("Alert")
    lock_impl = DisputeLock()

    start = StartCase(title=_("Alert raised"), reads=status_of_alert).When(
        AlertState.RAISED, this.see_alert
    )
    see_alert = HumanNode(title=_("Acknowledge the alert"), reads=status_of_alert).When(
        AlertState.ACKNOWLEDGED, this.set_measure
    )
    set_measure = (
        HumanNode(title=_("Set owner and measure"), reads=status_of_alert)
        .When(AlertState.ACTING, this.carry_out)
        .When(AlertState.RESOLVED, this.judged)
    )
    carry_out = HumanNode(title=_("Carry out and judge"), reads=status_of_alert).When(
        AlertState.RESOLVED, this.judged
    )
    judged = End().Annotation(title=_("Alert resolved"))


FLOWS = (DisputeFlow, ReconsiderationFlow, AlertFlow)
