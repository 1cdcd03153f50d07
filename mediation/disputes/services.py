"""Acts around a dispute that do not change it: looking behind a mask."""

from datetime import datetime, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mediation.accounts.actor import Actor
from mediation.accounts.models import Person
from mediation.core import text
from mediation.core.db import write
from mediation.core.errors import Forbidden, Malformed, NotFound, Reason, TooMany
from mediation.disputes import policy
from mediation.disputes.masking_view import REVEALABLE, may_reveal
from mediation.disputes.models import Approval, Dispute, Party, Reveal

REASON_LENGTH = (5, 200)
REVEALS_AT_MOST = 30
REVEALS_WITHIN = timedelta(minutes=10)

APPROVAL_LASTS = timedelta(hours=24)

NEEDS_APPROVAL = Reason(
    "approval_needed",
    _(
        "The details of a child are shown only after a cleared leader or justice officer has agreed. "
        "Ask for a second person's consent first; it holds for a day."
    ),
    "未成年人网络保护条例第三十六条",
)
NOT_TO_BE_OPENED = Reason("reveal", _("The details of this person are not for your role."))


def reveal(
    dispute: Dispute, *, ordinal: int, field: str, reason: str, actor: Actor, now: datetime
) -> str:
    """Return one personal detail in plain, after the look itself has been recorded and committed.

    Raises ``NotFound``, ``Malformed`` (``field``, ``reason``), ``Forbidden`` or ``TooMany``.
    Call it outside a transaction, or the plain text leaves before its record is safe.
    """
    if not policy.may_view(actor, dispute, now=now):
        raise NotFound
    reason = _clean(field, reason)
    party = Party.objects.filter(dispute=dispute, ordinal=ordinal).first()
    if party is None:
        raise NotFound
    if actor.person_id is None or not may_reveal(party, actor, dispute):
        raise Forbidden(NOT_TO_BE_OPENED)
    if party.is_minor and not child_is_open(dispute, actor, now=now):
        raise Forbidden(NEEDS_APPROVAL)
    with write():
        _require_moderation(actor.person_id, now)
        Reveal.objects.create(
            dispute=dispute,
            party=party,
            field=field,
            person_id=actor.person_id,
            reason=reason,
            at=now,
        )
    return str(getattr(party, field))


def child_is_open(dispute: Dispute, actor: Actor, *, now: datetime) -> bool:
    """Whether a person in charge has agreed, within a day, that this actor looks at a child's details."""
    asked = Approval.objects.filter(
        dispute=dispute,
        command=approval_name(actor.person_id),
        state=Approval.State.GRANTED,
        decided_at__gt=now - APPROVAL_LASTS,
    )
    return asked.exclude(decided_by_id=actor.person_id).exists()


def approval_name(person_id: int | None) -> str:
    """What an approval of a look at a child's details is for: it names who may look."""
    return f"reveal_minor:{person_id}"


def is_over(approval: Approval, now: datetime) -> bool:
    """Whether a consent that was given does not count any more."""
    return (
        approval.command.startswith("reveal_minor:")
        and approval.decided_at is not None
        and approval.decided_at <= now - APPROVAL_LASTS
    )


def _clean(field: str, reason: str) -> str:
    """The reason as it is stored."""
    problems: dict[str, list[str]] = {}
    if field not in REVEALABLE:
        problems["field"] = [gettext("There is no such detail.")]
    shortest, longest = REASON_LENGTH
    try:
        reason = text.clean(reason)
    except text.BadText as error:
        problems["reason"] = [gettext(error.reason)]
    else:
        if not shortest <= len(reason) <= longest:
            problems["reason"] = [gettext("Give a reason of 5 to 200 characters.")]
    if problems:
        raise Malformed(problems)
    return reason


def _require_moderation(person_id: int, now: datetime) -> None:
    """Refuse to read out a whole register. The person's row is locked, so that two cannot slip by."""
    Person.objects.select_for_update().only("pk").get(pk=person_id)
    latest = Reveal.objects.filter(person_id=person_id).order_by("-pk").values_list("at", flat=True)
    earliest = latest[REVEALS_AT_MOST - 1 : REVEALS_AT_MOST].first()
    if earliest is not None and earliest > now - REVEALS_WITHIN:
        raise TooMany
