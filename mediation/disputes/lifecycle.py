"""The legal life of a dispute: one table of transitions, owned by django-fsm.

Only ``workflows.engine.execute`` calls these methods. Each names its sources, its target and the guards
that must hold; effects on other fields are services of the rooms concerned. The same table is compared
with a hand-written one in the tests, printed in ``docs/reference/states.md`` and turned into a database
trigger that refuses every other change of ``status``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django_fsm import GET_STATE, FSMFieldMixin, transition

from mediation.core.errors import Reason
from mediation.disputes import channel_guards as c
from mediation.disputes import guards as g
from mediation.disputes import pressing
from mediation.disputes.enums import Status as S
from mediation.disputes.guard import Guard

if TYPE_CHECKING:
    from mediation.disputes.facts import Facts


def move(source: S | list[S], target: Any, conditions: Sequence[Any] = ()) -> Any:
    """A transition of ``status``. Thin, so that the table below reads as one."""
    return transition(field="status", source=source, target=target, conditions=list(conditions))


CAN_RETURN_TO = [
    S.REGISTERED, S.ASSESSED, S.PERFORMING, S.BREACHED, S.MEDIATION_ENDED, S.REFERRED,
    S.RECONSIDERING, S.SPLIT,
]  # fmt: skip


class Lifecycle(models.Model):
    """The transitions. Mixed into ``Dispute``; holds no fields of its own."""

    known: "Facts"
    status_before_review: Any

    class Meta:
        abstract = True

    # Intake and assessment
    @move([S.REGISTERED, S.ASSESSED], S.CLOSE_REVIEW,
          [g.nature_is_civil_or_open, g.is_not_red, g.is_not_elsewhere,
           g.minors_have_guardians, g.both_sides_agree_on_spot])  # fmt: skip
    def settle_on_spot(self) -> None: ...

    @move(S.REGISTERED, S.ASSESSED, [g.lowering_has_reason, g.red_is_lowered_by_two])
    def assess(self) -> None: ...

    @move([S.REGISTERED, S.ASSESSED], S.VOIDED, [g.suspicion_is_reported])
    def void(self) -> None: ...

    # Triage: every exit from assessment is one of these
    @move([S.ASSESSED, S.MEDIATION_ENDED, S.BREACHED, S.REFERRED], S.CONSENT_PENDING,
          [g.nature_is_civil, g.is_not_elsewhere])  # fmt: skip
    def start_mediation_intake(self) -> None: ...

    @move(S.ASSESSED, S.RECONSIDERING, [g.nature_is_administrative])
    def refer_to_reconsideration(self) -> None: ...

    @move([S.ASSESSED, S.MEDIATION_ENDED, S.BREACHED], S.REFERRED,
          [c.referral_is_lawful, c.package_has_no_offers, c.reply_by_is_ahead])  # fmt: skip
    def refer(self) -> None: ...

    @move(S.ASSESSED, S.SPLIT, [g.nature_is_mixed])
    def split(self) -> None: ...

    # Mediation
    @move(S.CONSENT_PENDING, S.ACCEPTED,
          [g.nature_is_civil, g.parties_are_known, g.nobody_refuses, g.every_party_consents,
           g.rights_are_told, g.mediator_is_named, g.minors_have_guardians,
           g.mediator_has_no_conflict])  # fmt: skip
    def accept(self) -> None: ...

    @move(S.ACCEPTED, S.MEDIATING, [g.nobody_refuses])
    def begin_session(self) -> None: ...

    @move(S.MEDIATING, S.PAUSED)
    def pause(self) -> None: ...

    @move(S.PAUSED, S.MEDIATING)
    def resume(self) -> None: ...

    @move(S.MEDIATING, S.AGREED,
          [g.nobody_refuses, g.minors_have_guardians, g.is_not_about_status, g.amounts_add_up])  # fmt: skip
    def reach_agreement(self) -> None: ...

    @move(S.AGREED, S.PERFORMING, [g.parties_have_signed, g.mediator_has_signed, g.seal_is_put])
    def make_effective(self) -> None: ...

    @move(S.AGREED, S.MEDIATING, [g.no_oral_agreement_binds])
    def fall_through(self) -> None: ...

    @move([S.CONSENT_PENDING, S.ACCEPTED, S.MEDIATING, S.PAUSED, S.AGREED], S.MEDIATION_ENDED,
          [g.no_oral_agreement_binds, g.remedies_are_told])  # fmt: skip
    def end_mediation(self) -> None: ...

    # What is found to be about an administrative act leaves mediation (Reconsideration Law art. 12(4)).
    @move([S.CONSENT_PENDING, S.ACCEPTED, S.MEDIATING, S.PAUSED, S.MEDIATION_ENDED], S.ASSESSED,
          [g.nature_is_civil])  # fmt: skip
    def reclassify(self) -> None: ...

    @move([S.PERFORMING, S.BREACHED], S.CLOSE_REVIEW, [g.obligations_are_done])
    def fulfil(self) -> None: ...

    @move(S.PERFORMING, S.BREACHED, [g.is_overdue_or_refused, g.remedies_are_told])
    def declare_breach(self) -> None: ...

    @move(S.MEDIATION_ENDED, S.CLOSE_REVIEW, [c.no_other_channel_is_wished])
    def send_to_review(self) -> None: ...

    # Other channels come back
    @move(S.REFERRED, S.CLOSE_REVIEW, [c.referral_is_not_declined])
    def conclude_referral(self) -> None: ...

    @move(S.REFERRED, S.ASSESSED, [c.referral_was_declined_or_open])
    def take_back(self) -> None: ...

    @move(S.RECONSIDERING, S.CLOSE_REVIEW,
          [c.reconsideration_has_ended, c.suit_window_is_over, c.respondent_owes_nothing])  # fmt: skip
    def conclude_reconsideration(self) -> None: ...

    @move(S.SPLIT, S.CLOSE_REVIEW, [c.children_are_closed])
    def conclude_children(self) -> None: ...

    # Closing
    @move(S.CLOSE_REVIEW, GET_STATE(lambda self: self.status_before_review, states=CAN_RETURN_TO))
    def return_for_correction(self) -> None: ...

    @move(S.CLOSE_REVIEW, S.CLOSED,
          [g.reviewer_is_not_mediator, g.file_is_complete, g.no_red_alert_is_open,
           g.escalations_are_received, g.no_clock_is_unattended, c.orders_are_answered,
           pressing.no_card_is_open, pressing.instructions_are_answered,
           g.result_fits_the_facts])  # fmt: skip
    def close(self) -> None: ...

    @move(S.CLOSED, S.ARCHIVED, [g.visits_are_done])
    def archive(self) -> None: ...

    @move([S.CLOSED, S.ARCHIVED], S.ASSESSED, [g.leader_agrees_to_reopen])
    def reopen(self) -> None: ...

    def refresh_from_db(
        self, using: str | None = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        """Reload although ``status`` is protected.

        The descriptor refuses only to overwrite a value that is present, so the value is set aside for
        the reload. django-fsm's own mixin lifts the protection for the whole process instead.
        """
        kept = {}
        for field in self._meta.concrete_fields:
            wanted = fields is None or field.attname in fields
            if isinstance(field, FSMFieldMixin) and wanted and field.attname in self.__dict__:
                kept[field.attname] = self.__dict__.pop(field.attname)
        try:
            super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        except BaseException:
            self.__dict__.update(kept)
            raise


@dataclass(frozen=True, slots=True)
class Arrow:
    """One row of the table: ``command`` leads from ``source`` to ``target`` under ``guards``."""

    command: str
    source: S
    target: S
    guards: tuple[Guard, ...]


def arrows() -> Iterator[Arrow]:
    """The whole table, read from django-fsm, return paths spelled out."""
    for step in _transitions():
        targets = (
            step.target.allowed_states if isinstance(step.target, GET_STATE) else [step.target]
        )
        for target in targets:
            guards: Any = step.conditions
            yield Arrow(step.name, S(str(step.source)), S(str(target)), tuple(guards))


def _transitions() -> Iterator[Any]:
    """In the order in which they are written above."""
    for method in vars(Lifecycle).values():
        if (meta := getattr(method, "_django_fsm", None)) is not None:
            yield from meta.transitions.values()


_SOURCES: dict[str, dict[str, tuple[Guard, ...]]] = {}


def sources(command: str) -> dict[str, tuple[Guard, ...]]:
    """Statuses from which ``command`` may start, with its guards. Empty for fact commands."""
    if not _SOURCES:
        for arrow in arrows():
            _SOURCES.setdefault(arrow.command, {})[arrow.source] = arrow.guards
    return _SOURCES.get(command, {})


def unmet(dispute: Any, command: str) -> list[Reason]:
    """Every reason why ``command`` cannot run now, in the order of the table. Needs ``dispute.known``."""
    conditions = sources(command).get(dispute.status, ())
    return [condition.reason_for(dispute) for condition in conditions if not condition(dispute)]
