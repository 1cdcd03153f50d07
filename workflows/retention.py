"""What is kept for how long, and what goes when its time is over. The reader of this file is a lawyer.

Personal Information Protection Law art. 19: no longer than the purpose needs; art. 47: delete then, unless a
law fixes a longer term. Files that were bound go by the classes of the State Archives (10 and 30 years,
permanent; Order 8), and nothing bound is destroyed without an appraisal by people: those are listed here and
wait for two persons (``dispose``). Records of who did and saw what stay for good.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mediation.accounts.actor import SYSTEM
from mediation.accounts.models import AccessChange, Change, Duty, Person, Role
from mediation.areas.models import ancestor_codes
from mediation.core.clock import local_day
from mediation.core.db import write
from mediation.core.errors import Reason, Unmet
from mediation.disputes.enums import DONE, Status
from mediation.disputes.models import Approval, Dispute, Party
from mediation.documents.completeness import keep_until
from mediation.documents.models import LENT_OUT, Lending
from mediation.errands.models import Errand
from mediation.oversight.models import Hold, RetentionRun, UrgentAccess
from mediation.search.models import Question
from workflows.commands.expiry import REMOVED
from workflows.engine import Command, execute

AFTER: Final = time(3, 0)
BATCH: Final = 200
SEARCHES_KEPT: Final = timedelta(days=90)
ERRANDS_KEPT: Final = timedelta(days=365)
APPRAISERS: Final = (Role.JUSTICE_STAFF, Role.LEADER)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rule:
    """``kept``: for how long, in words; ``source``: why; ``over``: what is over now; ``end`` ends it."""

    name: str
    what: Promise
    kept: Promise
    source: str
    over: Callable[[datetime], QuerySet[Any]]
    end: Callable[[QuerySet[Any], datetime], int]


def _delete(rows: QuerySet[Any], _now: datetime) -> int:
    keys: list[Any] = list(rows.values_list("pk", flat=True)[: BATCH * 10])
    with write():
        rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)


def _strip(cases: QuerySet[Dispute], now: datetime) -> int:
    """One command each: a case that does not let itself be stripped holds up no other."""
    done = 0
    for key in list(cases.values_list("pk", flat=True)[:BATCH]):
        try:
            execute(Command("deidentify", dispute=key, door="timer"), SYSTEM, now=now)
            done += 1
        except Exception:  # whatever goes wrong with one case, the others have their right too
            log.exception("Case %d could not be stripped of personal details.", key)
    return done


def _dead_sessions(now: datetime) -> QuerySet[Any]:
    return Session.objects.filter(expire_date__lt=now)


def _dead_devices(now: datetime) -> QuerySet[Any]:
    living = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gte=now)
    dead: QuerySet[Any] = UserSession.objects.filter(~Exists(living))
    return dead


def _old_searches(now: datetime) -> QuerySet[Any]:
    return Question.objects.filter(title="", asked_at__lt=now - SEARCHES_KEPT)


def _old_errands(now: datetime) -> QuerySet[Any]:
    """Lines of exports with many rows stay: they say who took what."""
    return Errand.objects.filter(ended_at__lt=now - ERRANDS_KEPT, rows=0, stored_as="")


def _voided(now: datetime) -> QuerySet[Any]:
    """Duplicates and false reports: nobody mediated them, and no file was bound."""
    before = _years_before(now, settings.VOIDED_KEPT_YEARS)
    return _unheld(Dispute.objects.filter(status=Status.VOIDED, updated_at__lt=before))


def _years_before(now: datetime, years: int) -> datetime:
    """The same moment so many years before; of 29 February the day before it, if that year has none."""
    try:
        return now.replace(year=now.year - years)
    except ValueError:
        return now.replace(year=now.year - years, day=28)


SHORTEST: Final = "个人信息保护法第十九条"
RULES: Final = (
    Rule("sessions", _("Sessions"), _("12 hours"), "OWASP ASVS 7.3.2", _dead_sessions, _delete),
    Rule(
        "devices", _("Signed-in devices"), _("as their session"), SHORTEST, _dead_devices, _delete
    ),
    Rule("searches", _("Recent searches"), _("90 days"), SHORTEST, _old_searches, _delete),
    Rule("errands", _("Lines of downloads"), _("a year"), SHORTEST, _old_errands, _delete),
    Rule("voided", _("Voided cases"), _("VOIDED_KEPT_YEARS years"), SHORTEST, _voided, _strip),
)


def _unheld(cases: QuerySet[Dispute]) -> QuerySet[Dispute]:
    """Without those that something still needs, and without those that are stripped already."""
    here = {"dispute": OuterRef("pk")}
    open_child = Dispute.objects.filter(parent=OuterRef("pk")).exclude(status__in=DONE)
    named = Party.objects.filter(**here).exclude(plain_name=REMOVED).exclude(plain_name="")
    sealed = Party.objects.filter(**here).exclude(id_sealed=b"", phone_sealed=b"", name_sealed=b"")
    return cases.filter(
        Q(Exists(named)) | Q(Exists(sealed)) | ~Q(facts=REMOVED),
        ~Exists(Hold.objects.filter(**here, lifted_at__isnull=True)),
        ~Exists(UrgentAccess.objects.filter(**here, reviewed_at__isnull=True)),
        ~Exists(Approval.objects.filter(**here, state=Approval.State.ASKED)),
        ~Exists(Lending.objects.filter(LENT_OUT, **here)),
        ~Exists(open_child),
    ).order_by("pk")


# The nightly run ----------------------------------------------------------------------------------


def nightly(now: datetime) -> int:
    """Tonight's run, if nobody has begun it. Returns how many things came to their end here."""
    day = local_day(now)
    if now < timezone.make_aware(datetime.combine(day, AFTER)) or not _claim(day, now):
        return 0
    ended = run(now)
    RetentionRun.objects.filter(day=day).update(ended=ended, due=sum(1 for _case in due(now)))
    return sum(ended.values())


def _claim(day: date, now: datetime) -> bool:
    if RetentionRun.objects.filter(day=day).exists():
        return False
    try:
        with transaction.atomic():
            RetentionRun.objects.create(day=day, at=now)
    except IntegrityError:
        return False
    return True


def run(now: datetime) -> dict[str, int]:
    """End what is over, a batch of each rule. Returns how many by rule."""
    return {rule.name: rule.end(rule.over(now), now) for rule in RULES}


def count(now: datetime) -> dict[str, int]:
    """The same without touching anything."""
    return {rule.name: rule.over(now).count() for rule in RULES}


def due(now: datetime) -> Iterator[Dispute]:
    """Bound files whose term is over: to be appraised by people, never destroyed by itself."""
    today = local_day(now)
    ten_years_ago = now - timedelta(days=3_650)
    archived = Dispute.objects.filter(status=Status.ARCHIVED, archived_at__lt=ten_years_ago)
    for case in _unheld(archived).iterator(chunk_size=500):
        last = keep_until(case)
        if last is not None and last < today:
            yield case


# Acts of people -----------------------------------------------------------------------------------

NOT_DUE = Reason(
    "not_due", _("The retention period of this file is not over, or something still needs it.")
)
TWO_PEOPLE = Reason(
    "two_people",
    _("Two different people must agree: both of the justice office or leaders of this area."),
    "机关档案管理规定（国家档案局令第13号）",
)


def dispose(case: Dispute, *, by: Person, second: Person, reason: str, now: datetime) -> None:
    """Strip one file whose term is over, after its appraisal. Raises ``Unmet``."""
    if all(one.pk != case.pk for one in due(now)):
        raise Unmet(NOT_DUE)
    if by.pk == second.pk or not (_appraises(by, case, now) and _appraises(second, case, now)):
        raise Unmet(TWO_PEOPLE)
    with write():
        after = {"case": case.number, "second": second.username}
        _record(Change.FILE_DISPOSED, case, by=by, now=now, reason=reason, after=after)
        execute(Command("deidentify", dispute=case.pk, door="shell"), SYSTEM, now=now)


def hold(case: Dispute, *, by: Person, reason: str, now: datetime) -> None:
    """Freeze a file: for a lawsuit, a complaint or an incident. Twice changes nothing."""
    with write():
        if not Hold.objects.filter(dispute=case, lifted_at__isnull=True).exists():
            Hold.objects.create(dispute=case, reason=reason[:200], by=by, at=now)
            _record(Change.FILE_HELD, case, by=by, now=now, reason=reason)


def release(case: Dispute, *, by: Person, reason: str, now: datetime) -> None:
    with write():
        if Hold.objects.filter(dispute=case, lifted_at__isnull=True).update(lifted_at=now):
            _record(Change.FILE_RELEASED, case, by=by, now=now, reason=reason)


def _appraises(person: Person, case: Dispute, now: datetime) -> bool:
    day = local_day(now)
    duties = Duty.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day),
        person=person,
        person__is_active=True,
        since__lte=day,
        role__in=APPRAISERS,
        area__code__in=ancestor_codes(case.area_code),
    )
    return duties.exists()


def _record(
    what: Change,
    case: Dispute,
    *,
    by: Person,
    now: datetime,
    reason: str,
    after: Mapping[str, Any] | None = None,
) -> None:
    AccessChange.objects.create(
        at=now, by=by, by_name=by.name, what=what, after=after or {"case": case.number},
        reason=reason[:200],
    )  # fmt: skip
