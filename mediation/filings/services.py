"""Handing in, reviewing, returning, opening again. Who may, and when; a refusal writes nothing."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError
from django.db.models import Max
from django.utils.translation import pgettext_lazy

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.core.clock import local_day
from mediation.core.db import write
from mediation.core.errors import Forbidden, NotFound, Reason, Unmet
from mediation.filings import frozen, reading
from mediation.filings.measures import Form
from mediation.filings.models import STANDING, Filing, FilingStep
from mediation.filings.terms import Term
from mediation.reports import figures

MAKERS = (Role.CENTRE_STAFF, Role.JUSTICE_STAFF)
REVIEWERS = (Role.CENTRE_STAFF, Role.JUSTICE_STAFF, Role.LEADER)
OPENERS = (Role.JUSTICE_STAFF, Role.LEADER)
State = Filing.State

NOT_COMPLETE = Reason(
    "not_cleared",
    pgettext_lazy(
        "filing",
        "Your numbers leave out sensitive cases; only somebody cleared for the whole area files them.",
    ),
)
NOT_OVER = Reason("not_over", pgettext_lazy("filing", "The term is not over yet."))
STANDS = Reason(
    "stands",
    pgettext_lazy("filing", "This report has been handed in; open it again or return it first."),
)
SAME_PERSON = Reason(
    "same_person", pgettext_lazy("filing", "Whoever made the report cannot review it.")
)
NOT_WAITING = Reason(
    "not_waiting", pgettext_lazy("filing", "This report does not wait for a reviewer.")
)
NOT_LOCKED = Reason("not_locked", pgettext_lazy("filing", "This report is not locked."))
NO_REASON = Reason("no_reason", pgettext_lazy("filing", "Say why, in five characters or more."))
NOT_YOURS = Reason("not_yours", pgettext_lazy("filing", "This step is for other people."))
LEAST_REASON = 5


def may(actor: Actor, roles: Iterable[Role], area: str) -> bool:
    """Whether the actor serves in one of the roles for the whole area, sensitive cases included."""
    wanted = set(roles)
    return any(
        grant.role in wanted and grant.cleared and area.startswith(grant.area_code)
        for grant in actor.grants
    )


def find(actor: Actor, key: int) -> Filing:
    """A filed report of an area that the actor answers for. Raises ``NotFound``."""
    filing = Filing.objects.filter(pk=key).first()
    if filing is None or not any(filing.area_code.startswith(r) for r in figures.roots(actor)):
        raise NotFound
    return filing


def standing(form: str, area: str, term: Term) -> Filing | None:
    """The one that counts now: waiting or locked."""
    rows = Filing.objects.filter(form=form, area_code=area, term=term.word, state__in=STANDING)
    return rows.first()


def submit(actor: Actor, form: Form, area: str, term: Term, *, note: str, now: datetime) -> Filing:
    """Count once more and freeze it. Raises ``Forbidden`` or ``Unmet``."""
    _require_role(actor, MAKERS, area)
    if term.span.last >= local_day(now):
        raise Unmet(NOT_OVER)
    earlier = Filing.objects.filter(form=form.name, area_code=area, term=term.word)
    if earlier.filter(state__in=STANDING).exists():
        raise Unmet(STANDS)
    table = reading.take(form, reading.ask_of(actor, area, term, now=now))
    try:
        with write():
            filing = Filing.objects.create(
                form=form.name,
                area_code=area,
                term=term.word,
                number=(earlier.aggregate(n=Max("number"))["n"] or 0) + 1,
                table=frozen.freeze(table),
                note=note,
                maker_id=_person(actor),
                maker_name=actor.name,
                made_at=now,
            )
            _note(filing, FilingStep.What.SUBMITTED, actor, now, note[:500])
    except IntegrityError:  # somebody else was faster
        raise Unmet(STANDS) from None
    return filing


def lock(actor: Actor, filing: Filing, *, now: datetime) -> None:
    """A second person has looked at it; from now on it is the filed report."""
    _require_role(actor, REVIEWERS, filing.area_code)
    if actor.person_id == filing.maker_id:
        raise Forbidden(SAME_PERSON)
    reviewer = {"reviewer_id": actor.person_id, "reviewer_name": actor.name, "reviewed_at": now}
    with write():
        _move(filing, State.SUBMITTED, NOT_WAITING, state=State.LOCKED, **reviewer)
        _note(filing, FilingStep.What.LOCKED, actor, now)


def send_back(actor: Actor, filing: Filing, *, reason: str, now: datetime) -> None:
    """The reviewer, or the maker himself, takes it back before it is locked."""
    _require_role(actor, REVIEWERS, filing.area_code)
    _require_reason(reason)
    with write():
        _move(filing, State.SUBMITTED, NOT_WAITING, state=State.RETURNED)
        _note(filing, FilingStep.What.RETURNED, actor, now, reason)


def reopen(actor: Actor, filing: Filing, *, reason: str, now: datetime) -> None:
    """Take the lock away so that the report can be handed in anew. What was filed stays on record."""
    _require_role(actor, OPENERS, filing.area_code)
    _require_reason(reason)
    with write():
        _move(filing, State.LOCKED, NOT_LOCKED, state=State.REOPENED)
        _note(filing, FilingStep.What.REOPENED, actor, now, reason)


def _require_role(actor: Actor, roles: Iterable[Role], area: str) -> None:
    if may(actor, roles, area):
        return
    serves = any(actor.holds(role, area) for role in roles)
    raise Forbidden(NOT_COMPLETE if serves else NOT_YOURS)


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < LEAST_REASON:
        raise Unmet(NO_REASON)


def _move(filing: Filing, old: str, unmet: Reason, **facts: object) -> None:
    """The condition is checked again by the UPDATE: of two people one is told that he came late."""
    if not Filing.objects.filter(pk=filing.pk, state=old).update(**facts):
        raise Unmet(unmet)


def _note(filing: Filing, what: str, actor: Actor, now: datetime, reason: str = "") -> None:
    FilingStep.objects.create(
        filing=filing, what=what, by_id=_person(actor), by_name=actor.name, at=now, reason=reason
    )


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise Forbidden(NOT_YOURS)
    return actor.person_id
